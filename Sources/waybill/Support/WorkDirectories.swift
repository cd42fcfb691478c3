import Expressions
import Glibc
import LMDB
import Requests

/// Folders beside the ledger's data, made when they are needed.
enum WorkDirectories {
    /// The absolute path of the folder `name` in `directory`, made if it is not there; only its
    /// owner may enter.
    static func make(_ name: String, in directory: String) throws -> String {
        let path = "\(directory)/\(name)"
        if unsafe mkdir(path, 0o700) != 0, errno != EEXIST {
            throw CommandFailure(.failure, "failure", "the folder \(path) cannot be made")
        }
        return try resolved(path)
    }

    /// The absolute path of a folder, without links: programs are started elsewhere, where a
    /// relative path would mean another folder.
    static func resolved(_ path: String) throws -> String {
        guard let resolved = unsafe realpath(path, nil) else {
            throw CommandFailure(.failure, "failure", "the folder \(path) cannot be found")
        }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// A fresh folder where temporary files go (TMPDIR), to be removed with `remove`.
    static func makeTemporary(_ prefix: String) throws -> String {
        let directory = Environment.variable("TMPDIR") ?? "/tmp"
        var template = Array("\(directory)/\(prefix)XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            throw CommandFailure(.failure, "failure", "no folder can be made in \(directory)")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes a folder that holds files only.
    static func remove(_ path: String) {
        if let folder = unsafe opendir(path) {
            while let entry = unsafe readdir(folder) {
                let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name != ".", name != ".." { _ = unsafe unlink("\(path)/\(name)") }
            }
            unsafe closedir(folder)
        }
        _ = unsafe rmdir(path)
    }
}

extension FileLock {
    /// Who has the lock, in words.
    var holderText: String {
        let holder = holder
        guard let id = holder.processID else { return "another process" }
        return "process \(id)"
    }

    /// Who has the lock, for programs.
    var holderDetails: [(String, Value)] {
        holder.processID.map { [("process", .int(Int64($0)))] } ?? []
    }
}
