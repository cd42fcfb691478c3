import Glibc

/// Keeps two programs from writing to one folder; the kernel drops it with its process.
final class FolderLock: Sendable {
    private let file: CInt

    /// - Throws: `.publishing` if another one has it, `.file`
    init(_ path: String) throws(TransparencyError) {
        file = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw .file(path: path, operation: "open", code: errno) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(file)
            if code == EWOULDBLOCK { throw .publishing(path: path) }
            throw .file(path: path, operation: "lock", code: code)
        }
    }

    deinit { close(file) }

    /// The names of what is in a folder, in the order of their bytes.
    static func names(in path: String) throws(TransparencyError) -> [String] {
        guard let folder = unsafe opendir(path) else {
            throw .file(path: path, operation: "list", code: errno)
        }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes a folder that has files only, as far as that is possible.
    static func remove(_ path: String) {
        for name in (try? names(in: path)) ?? [] { _ = unsafe unlink("\(path)/\(name)") }
        _ = unsafe rmdir(path)
    }
}
