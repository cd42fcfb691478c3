import Glibc

/// A file of the cache that is read and written whole.
struct SmallFile {
    let path: String

    private static let byteCountMax = 1 << 22

    /// Its bytes; nil if there is none, or if it is too large to be one of ours.
    func read() -> [UInt8]? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe Glibc.read(file, &buffer, buffer.count)
            if count < 0 {
                guard errno == EINTR else { return nil }
            } else if count == 0 {
                return bytes
            } else {
                bytes.append(contentsOf: buffer[..<count])
                if bytes.count > Self.byteCountMax { return nil }
            }
        }
    }

    /// Writes it beside its place and puts it there; what cannot be written is not there then.
    func write(_ bytes: [UInt8]) {
        let temporary = path + ".new"
        let file = unsafe open(
            temporary,
            O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
            0o600
        )
        guard file >= 0 else { return }
        let count = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.write(file, $0.baseAddress, $0.count)
        }
        close(file)
        // Not flushed: a cache that is lost in a power cut is made again.
        if count == bytes.count {
            _ = unsafe rename(temporary, path)
        } else {
            _ = unsafe unlink(temporary)
        }
    }
}

extension GitRepository {
    /// The same repository with a mirror that is not there, beside the present one.
    func emptyTwin() -> GitRepository {
        let path = mirror + ".new"
        DirectoryTree.remove(path)
        return GitRepository(
            url: url,
            mirror: path,
            skipsVerification: skipsVerification,
            programs: programs
        )
    }

    /// Takes the place of the mirror of `other`, which is removed.
    func replace(_ other: GitRepository) {
        DirectoryTree.remove(other.mirror)
        _ = unsafe rename(mirror, other.mirror)
    }
}

/// A directory with what is in it.
enum DirectoryTree {
    /// Removes it; links are removed, not followed.
    ///
    /// What cannot be removed stays.
    static func remove(_ path: String) { remove(path, depth: 0) }

    private static func remove(_ path: String, depth: Int) {
        var status = stat()
        guard depth < 64, unsafe lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            _ = unsafe unlink(path)
            return
        }
        for name in names(in: path) { remove("\(path)/\(name)", depth: depth + 1) }
        _ = unsafe rmdir(path)
    }

    private static func names(in path: String) -> [String] {
        guard let directory = unsafe opendir(path) else { return [] }
        defer { _ = unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }
}
