private import CLinux
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

    func openDirectory(_ name: FileName) -> Descriptor? {
        Descriptor(
            unsafe openat(number, name.bytes, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        )
    }

    /// Opens a directory at a path of several names, which the kernel keeps beneath this one.
    func openDirectory(beneath path: String) -> Descriptor? {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
        return Descriptor(unsafe clinux_open_beneath(number, path, flags, 0))
    }

    /// Whether the kernel has openat2 and lets this process use it.
    static let kernelResolves: Bool = {
        guard let root = Descriptor(opening: "/") else { return false }
        defer { root.close() }
        guard let same = root.openDirectory(beneath: ".") else { return false }
        same.close()
        return true
    }()

    /// What is there, be it a link that leads nowhere; nil if nothing is.
    func kind(of name: FileName) -> FileKind? {
        var status = stat()
        guard unsafe fstatat(number, name.bytes, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            return nil
        }
        return FileKind(status.st_mode)
    }

    /// Does not wait for whoever is at the other end of a pipe.
    func openFile(_ name: FileName, flags: CInt) -> Descriptor? {
        Descriptor(unsafe openat(number, name.bytes, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK))
    }

    /// Makes a file, or empties the one that is there.
    func makeFile(_ name: FileName, mode: UInt32) -> Descriptor? {
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
        return Descriptor(unsafe openat(number, name.bytes, flags, mode))
    }

    /// Opens a directory, which is made if nothing is there.
    func makeDirectory(_ name: FileName) -> Descriptor? {
        if let directory = openDirectory(name) { return directory }
        guard unsafe mkdirat(number, name.bytes, 0o755) == 0 || errno == EEXIST else { return nil }
        return openDirectory(name)
    }

    /// Of a regular file; nil for anything else.
    var byteCount: Int? {
        var status = stat()
        guard unsafe fstat(number, &status) == 0, FileKind(status.st_mode) == .file else {
            return nil
        }
        return Int(status.st_size)
    }

    /// The permissions, without special bits.
    var permissions: UInt32 {
        get {
            var status = stat()
            return unsafe fstat(number, &status) == 0 ? status.st_mode & 0o777 : 0
        }
        nonmutating set { _ = fchmod(number, newValue) }
    }

    /// All bytes; nil if there are more than `limit`, or if reading fails.
    func readAll(limit: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while let count = read(&buffer) {
            if count == 0 { return bytes }
            bytes.append(contentsOf: buffer[..<count])
            if bytes.count > limit { return nil }
        }
        return nil
    }

    /// Fills `buffer`; 0 at the end, nil if reading fails.
    func read(_ buffer: inout [UInt8]) -> Int? {
        while true {
            let count = unsafe Glibc.read(number, &buffer, buffer.count)
            if count >= 0 { return count }
            guard errno == EINTR else { return nil }
        }
    }

    /// Writes all of it; false if that fails.
    func write(_ bytes: some Collection<UInt8>) -> Bool {
        var rest = Array(bytes)[...]
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
    func removeContents(depth: Int, except kept: FileName? = nil) {
        guard depth < 256 else { return }
        for name in names where name != kept {
            if let directory = openDirectory(name) {
                directory.removeContents(depth: depth + 1)
                directory.close()
                _ = removeDirectory(name)
            } else {
                _ = removeFile(name)
            }
        }
    }

    func removeDirectory(_ name: FileName) -> Bool {
        unsafe unlinkat(number, name.bytes, AT_REMOVEDIR) == 0
    }

    /// Removes a file or a link, never what the link leads to.
    func removeFile(_ name: FileName) -> Bool { unsafe unlinkat(number, name.bytes, 0) == 0 }

    /// The names in this directory, without `.` and `..`, in the order of their bytes.
    var names: [FileName] {
        // fdopendir takes the descriptor over, so it gets one of its own.
        let own = unsafe openat(number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard own >= 0, let stream = unsafe fdopendir(own) else { return [] }
        defer { _ = unsafe closedir(stream) }
        var names: [FileName] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe FileName(bytes)
            }
            if name != FileName(".") && name != FileName("..") { names.append(name) }
        }
        return names.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }
}

/// What a name in a directory stands for.
enum FileKind {
    case file
    case directory
    case link
    /// A pipe, a socket, a device.
    case other

    fileprivate init(_ mode: UInt32) {
        switch mode & S_IFMT {
        case S_IFREG: self = .file
        case S_IFDIR: self = .directory
        case S_IFLNK: self = .link
        default: self = .other
        }
    }
}
