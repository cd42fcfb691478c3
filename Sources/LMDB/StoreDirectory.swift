import Glibc

/// The directory of an environment, and the small files that lie beside it.
package struct StoreDirectory: Sendable {
    /// What is at a path.
    package enum Kind: Sendable {
        /// Nothing.
        case missing
        /// A directory.
        case directory
        /// A file or something else.
        case other
    }

    /// The directory.
    package let path: String

    /// The directory `path`, whether it exists or not.
    package init(_ path: String) {
        self.path = path
    }

    /// What is at the path now; links are followed.
    package func kind() throws(LMDBError) -> Kind {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            if errno == ENOENT { return .missing }
            if errno == ENOTDIR { return .other }
            throw LMDBError(errno, "look at (stat)", path: path)
        }
        return status.st_mode & S_IFMT == S_IFDIR ? .directory : .other
    }

    /// The operation that `make` names in its errors.
    package static let making = "make the directory (mkdir) of"

    /// Makes the directory, and brings its entry in the parent directory to disk.
    package func make() throws(LMDBError) {
        guard unsafe mkdir(path, 0o755) == 0 else {
            throw LMDBError(errno, Self.making, path: path)
        }
        try Self.flush(path + "/..", of: path)
    }

    /// Brings the entries of the directory to disk.
    package func flush() throws(LMDBError) {
        try Self.flush(path, of: path)
    }

    /// The names of what is in the directory, in the order of their bytes.
    package func names() throws(LMDBError) -> [String] {
        guard let directory = unsafe opendir(path) else {
            throw LMDBError(errno, "list the directory (opendir) of", path: path)
        }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
                unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { text in
                    unsafe String(cString: text)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The text of a small file; nil if it is not there.
    package func text(of name: String) throws(LMDBError) -> String? {
        let file = unsafe open(path + "/" + name, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw LMDBError(errno, "read a file (open) of", path: path)
        }
        defer { close(file) }
        guard let bytes = Pages.read(file, 4096, at: 0) else {
            throw LMDBError(errno, "read a file (pread) of", path: path)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes a small file as a whole and durably: a new one, flushed, takes the name.
    package func setText(_ text: String, of name: String) throws(LMDBError) {
        let temporary = path + "/" + name + ".new"
        let file = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw LMDBError(errno, "write a file (open) of", path: path) }
        var code = Self.write(text, file)
        if code == 0, fsync(file) != 0 { code = errno }
        close(file)
        try check(code, "write a file (write) of", path: path)
        guard unsafe rename(temporary, path + "/" + name) == 0 else {
            throw LMDBError(errno, "write a file (rename) of", path: path)
        }
        try flush()
    }

    /// Writes the text from the start of the file; an error number, or 0.
    static func write(_ text: String, _ file: CInt) -> CInt {
        let bytes = Array(text.utf8)
        let count = unsafe bytes.withUnsafeBytes {
            unsafe pwrite(file, $0.baseAddress, $0.count, 0)
        }
        if count < 0 { return errno }
        return count == bytes.count ? 0 : ENOSPC
    }

    private static func flush(_ directory: String, of path: String) throws(LMDBError) {
        let file = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw LMDBError(errno, "flush (open)", path: path) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw LMDBError(errno, "flush (fsync)", path: path) }
    }
}
