import CLMDB
import Glibc

/// A directory that is made beside its place, as `NAME.partial`, and gets its name when it is
/// complete.
///
/// Until then nothing has the name. Whatever ends the process leaves at most `NAME.partial`, which
/// the next one that makes the same removes. It is used by one thread at a time.
package final class StagedDirectory: @unchecked Sendable {
    // @unchecked: nothing changes after `init` but `isOver`, which the one user owns.
    /// The place.
    package let target: String
    /// Where it is made.
    package let path: String
    /// The directory, locked (`flock`) as long as this process makes it.
    private let file: CInt
    /// Whether it is in its place, or given up.
    ///
    /// Owned by whoever uses it.
    private var isOver = false

    /// Makes the directory beside its place.
    ///
    /// - Throws: `.exists` if there is anything at the place, an empty directory apart if that is
    ///   allowed; `.noParent`, `.busy`, `.diskFull`, `.permission`, `.readOnly`.
    package init(
        for target: String,
        allowsEmptyDirectory: Bool = true
    ) throws(StagingError) {
        let target = FilePlace.withoutSlashes(target)
        try FilePlace.checkFree(target, allowsEmptyDirectory: allowsEmptyDirectory)
        self.target = target
        path = target + ".partial"
        file = try Self.make(path, target)
        FilePlace.removeContents(path)
    }

    deinit {
        discard()
        close(file)
    }

    /// Refuses a place where there is something, before work is done for it.
    ///
    /// - Throws: `.exists`, and `.noParent` if there is no directory for it.
    package static func checkFree(_ target: String) throws(StagingError) {
        try FilePlace.checkFree(FilePlace.withoutSlashes(target), allowsEmptyDirectory: false)
        guard unsafe access(parent(of: target), F_OK) == 0 else {
            throw StagingError(.noParent, path: target)
        }
    }

    /// The directory that a place is in.
    package static func parent(of target: String) -> String {
        FilePlace.parent(of: FilePlace.withoutSlashes(target))
    }

    /// Makes and locks it; one that a dead process left is taken over.
    private static func make(_ path: String, _ target: String) throws(StagingError) -> CInt {
        while true {
            if unsafe mkdir(path, 0o755) != 0, errno != EEXIST {
                if errno == ENOENT { throw StagingError(.noParent, path: target) }
                throw StagingError(errno: errno, path: target)
            }
            let file = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            // Somebody has just put theirs in its place.
            if file < 0, errno == ENOENT { continue }
            guard file >= 0 else { throw StagingError(errno: errno, path: path) }
            guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
                close(file)
                throw StagingError(.busy, path: target)
            }
            if FilePlace.isSame(file, path) { return file }
            close(file)
        }
    }

    /// Gives a file in it another name; returns its size in bytes.
    package func rename(_ file: String, to name: String) throws(StagingError) -> UInt64 {
        var status = stat()
        guard unsafe stat(file, &status) == 0, unsafe Glibc.rename(file, path + "/" + name) == 0
        else { throw StagingError(errno: errno, path: target) }
        return UInt64(status.st_size)
    }

    /// Makes a directory in it; returns its path.
    package func makeFolder(_ name: String) throws(StagingError) -> String {
        let folder = path + "/" + name
        guard unsafe mkdir(folder, 0o755) == 0 else {
            throw StagingError(errno: errno, path: target)
        }
        return folder
    }

    /// Copies a file of elsewhere into it.
    package func copyFile(
        _ source: String,
        to name: String,
        progress: (_ done: UInt64, _ size: UInt64) -> Void
    ) throws(StagingError) {
        let input = unsafe open(source, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw StagingError(errno: errno, path: source) }
        defer { close(input) }
        var status = stat()
        _ = unsafe fstat(input, &status)
        let size = UInt64(max(0, status.st_size))
        let output = unsafe open(path + "/" + name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard output >= 0 else { throw StagingError(errno: errno, path: target) }
        defer { close(output) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var done: UInt64 = 0
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe read(input, $0.baseAddress, $0.count)
            }
            if count == 0 { return }
            if count < 0 {
                if errno == EINTR { continue }
                throw StagingError(errno: errno, path: source)
            }
            let code = unsafe buffer.withUnsafeBytes { bytes in
                unsafe FilePlace.write(
                    UnsafeRawBufferPointer(rebasing: bytes[..<count]),
                    to: output
                )
            }
            if code != 0 { throw StagingError(errno: code, path: target) }
            done += UInt64(count)
            progress(done, size)
        }
    }

    /// Removes a file in it, if it is there.
    package func removeFile(_ name: String) {
        _ = unsafe unlink(path + "/" + name)
    }

    /// Writes a small file in it.
    package func write(_ text: String, to name: String) throws(StagingError) {
        do throws(LMDBError) {
            try StoreDirectory(path).setText(text, of: name)
        } catch {
            switch error.code {
            case .other(let code): throw StagingError(.other(code), path: target)
            case .diskFull: throw StagingError(.diskFull, path: target)
            case .permission: throw StagingError(.permission, path: target)
            default: throw StagingError(.other(EIO), path: target)
            }
        }
    }

    /// Brings files in it to disk and gives each its place beside the directory, in this order; the
    /// directory is removed.
    ///
    /// - Throws: `.exists` if something took one of the places meanwhile; then none has one.
    package func publish(_ files: [(name: String, place: String)]) throws(StagingError) {
        for file in files { try FilePlace.flush(path + "/" + file.name) }
        var published: [String] = []
        for file in files {
            guard unsafe clmdb_rename_new(path + "/" + file.name, file.place) == 0 else {
                let error = StagingError(errno: errno, path: file.place)
                for place in published { _ = unsafe unlink(place) }
                throw error
            }
            published.append(file.place)
        }
        try FilePlace.flush(FilePlace.parent(of: target))
        discard()
    }

    /// Brings everything in a directory in it to disk and gives that one the name; the rest is
    /// removed.
    package func publish(folder name: String) throws(StagingError) {
        let folder = path + "/" + name
        for name in FilePlace.names(folder) { try FilePlace.flush(folder + "/" + name) }
        try FilePlace.flush(folder)
        guard unsafe Glibc.rename(folder, target) == 0 else {
            throw StagingError(errno: errno, path: target)
        }
        try FilePlace.flush(FilePlace.parent(of: target))
        discard()
    }

    /// Brings everything in it to disk and gives it its name, all at once.
    ///
    /// Files of the names in `without` are removed before.
    ///
    /// - Throws: `.exists` if something took the place meanwhile.
    package func publish(without names: [String] = []) throws(StagingError) {
        for name in names { removeFile(name) }
        for name in FilePlace.names(path) { try FilePlace.flush(path + "/" + name) }
        try FilePlace.flush(path)
        // Onto a directory that is not empty `rename` fails.
        guard unsafe Glibc.rename(path, target) == 0 else {
            throw StagingError(errno: errno, path: target)
        }
        isOver = true
        try FilePlace.flush(FilePlace.parent(of: target))
    }

    /// Removes it; nothing if it is in its place.
    package func discard() {
        if isOver { return }
        isOver = true
        FilePlace.remove(path)
    }
}
