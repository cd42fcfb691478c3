private import Glibc

/// An open file or directory: the calls of the C library that take names relative to one.
///
/// None of them follows a symbolic link in the last component. Close it.
struct Descriptor {
    private let number: CInt

    /// Opens a directory by its absolute path; nil if there is none.
    init?(opening path: String) {
        self.init(unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
    }

    private init?(_ number: CInt) {
        guard number >= 0 else { return nil }
        self.number = number
    }

    func close() { _ = Glibc.close(number) }

    func openDirectory(_ name: String) -> Descriptor? {
        Descriptor(unsafe openat(number, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC))
    }

    /// Whether anything is there, be it a link that leads nowhere.
    func has(_ name: String) -> Bool {
        var status = stat()
        return unsafe fstatat(number, name, &status, AT_SYMLINK_NOFOLLOW) == 0
    }

    /// Does not wait for whoever is at the other end of a pipe.
    func openFile(_ name: String, flags: CInt) -> Descriptor? {
        Descriptor(unsafe openat(number, name, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK))
    }

    func isLink(_ name: String) -> Bool {
        var status = stat()
        let result = unsafe fstatat(number, name, &status, AT_SYMLINK_NOFOLLOW)
        return result == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    var isRegular: Bool {
        var status = stat()
        let result = unsafe fstat(number, &status)
        return result == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// All bytes; nil if there are more than `limit`, or if reading fails.
    func readAll(limit: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe Glibc.read(number, &buffer, buffer.count)
            if count < 0 {
                guard errno == EINTR else { return nil }
                continue
            }
            if count == 0 { return bytes }
            bytes.append(contentsOf: buffer[..<count])
            if bytes.count > limit { return nil }
        }
    }

    /// Writes all of it; false if that fails.
    func write(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.write(number, buffer.baseAddress, buffer.count)
            }
            if count < 0 {
                guard errno == EINTR else { return false }
                continue
            }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Removes everything in this directory, to a depth that no real tree has.
    func removeContents(depth: Int) {
        guard depth < 256 else { return }
        for name in names {
            if let directory = openDirectory(name) {
                directory.removeContents(depth: depth + 1)
                directory.close()
                removeDirectory(name)
            } else {
                _ = unsafe unlinkat(number, name, 0)
            }
        }
    }

    func removeDirectory(_ name: String) { _ = unsafe unlinkat(number, name, AT_REMOVEDIR) }

    /// The names in this directory, without `.` and `..`.
    private var names: [String] {
        // fdopendir takes the descriptor over, so it gets one of its own.
        let own = unsafe openat(number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard own >= 0, let stream = unsafe fdopendir(own) else { return [] }
        defer { _ = unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }
}
