package import Glibc

/// Whole files that are there completely or not at all, whatever happens meanwhile.
package enum DurableFile {
    /// What a file is called while it is written.
    ///
    /// One that a crash left behind is overwritten by the next attempt.
    static func draft(of path: String) -> String { path + ".new" }

    /// Writes a file and brings it to disk under its temporary name: `adopt` gives it its own.
    static func writeDraft(
        _ bytes: [UInt8],
        of path: String,
        mode: mode_t = 0o644
    ) throws(TransparencyError) {
        let draft = draft(of: path)
        // Made anew, so that it has this mode, and nobody has it open.
        if unsafe unlink(draft) != 0, errno != ENOENT { throw failure("replace", draft) }
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
        let file = unsafe open(draft, flags, mode)
        guard file >= 0 else { throw failure("make", draft) }
        defer { close(file) }
        guard fchmod(file, mode) == 0 else { throw failure("protect", draft) }
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes[start...].withUnsafeBytes {
                unsafe Glibc.write(file, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write", draft) }
            start += count
        }
        guard fsync(file) == 0 else { throw failure("flush", draft) }
    }

    /// Gives a file that was written under its temporary name its own, in the place of another.
    ///
    /// Only `flush` of its folder makes that durable.
    static func adopt(_ path: String) throws(TransparencyError) {
        guard unsafe rename(draft(of: path), path) == 0 else { throw failure("replace", path) }
    }

    /// Writes a file durably, in the place of another.
    package static func write(
        _ bytes: [UInt8],
        to path: String,
        mode: mode_t = 0o644
    ) throws(TransparencyError) {
        try writeDraft(bytes, of: path, mode: mode)
        try adopt(path)
        try flush(folder(of: path))
    }

    /// Writes a file durably where there is none; false if there is one.
    static func create(
        _ bytes: [UInt8],
        at path: String,
        mode: mode_t
    ) throws(TransparencyError) -> Bool {
        try writeDraft(bytes, of: path, mode: mode)
        let draft = draft(of: path)
        // Unlike a renaming, a link does not take the place of what is there.
        let code = unsafe link(draft, path) == 0 ? 0 : errno
        _ = unsafe unlink(draft)
        if code == EEXIST { return false }
        guard code == 0 else { throw .file(path: path, operation: "make", code: code) }
        try flush(folder(of: path))
        return true
    }

    /// All bytes of a file; nil if it is not there.
    ///
    /// - Throws: `.file`, also if it is no file or has more bytes than that
    package static func read(
        _ path: String,
        byteCountMax: Int
    ) throws(TransparencyError) -> [UInt8]? {
        try read(path, byteCountMax: byteCountMax) { _ in }
    }

    /// All bytes of a file that `inspect` has nothing against; nil if it is not there.
    package static func read(
        _ path: String,
        byteCountMax: Int,
        inspect: (stat) throws(TransparencyError) -> Void
    ) throws(TransparencyError) -> [UInt8]? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("read", path)
        }
        defer { close(file) }
        var status = stat()
        guard unsafe fstat(file, &status) == 0 else { throw failure("read", path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .file(path: path, operation: "read", code: EISDIR)
        }
        try inspect(status)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= byteCountMax {
            let count = unsafe Glibc.read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
        throw .file(path: path, operation: "read", code: EFBIG)
    }

    /// Makes a folder and those above it, as far as they are not there, durably.
    static func makeFolder(_ path: String) throws(TransparencyError) {
        if unsafe mkdir(path, 0o755) == 0 { return try flush(folder(of: path)) }
        switch errno {
        case EEXIST: return
        case ENOENT where folder(of: path) != path:
            try makeFolder(folder(of: path))
            try makeFolder(path)
        default: throw failure("make", path)
        }
    }

    /// Brings the names in a folder to disk.
    static func flush(_ path: String) throws(TransparencyError) {
        let file = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw failure("flush", path) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw failure("flush", path) }
    }

    /// The folder that a path is in.
    static func folder(of path: String) -> String {
        let trimmed = path.utf8.last == UInt8(ascii: "/") ? path.dropLast() : path[...]
        guard let slash = trimmed.lastIndex(of: "/") else { return "." }
        return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
    }

    private static func failure(_ operation: String, _ path: String) -> TransparencyError {
        .file(path: path, operation: operation, code: errno)
    }
}
