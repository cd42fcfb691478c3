import CLMDB
import Glibc

/// What making something beside its place needs of the file system.
enum FilePlace {
    /// Refuses a place where there is something; nothing, or an empty directory if that is allowed.
    static func checkFree(
        _ path: String,
        allowsEmptyDirectory: Bool
    ) throws(StagingError) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            if errno == ENOENT { return }
            throw StagingError(errno: errno == ENOTDIR ? EEXIST : errno, path: path)
        }
        let isDirectory = status.st_mode & S_IFMT == S_IFDIR
        guard allowsEmptyDirectory, isDirectory, names(path).isEmpty else {
            throw StagingError(.exists, path: path)
        }
    }

    /// A path without slashes at its end; they would lead `NAME.partial` into the directory.
    static func withoutSlashes(_ path: String) -> String {
        var path = Substring(path)
        while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
        return String(path)
    }

    /// The directory that a path lies in.
    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The names in a directory; none if it cannot be read.
    static func names(_ path: String) -> [String] {
        (try? StoreDirectory(path).names()) ?? []
    }

    /// Whether an open file is what the path leads to now.
    static func isSame(_ file: CInt, _ path: String) -> Bool {
        var (mine, there) = (stat(), stat())
        guard unsafe fstat(file, &mine) == 0, unsafe lstat(path, &there) == 0 else { return false }
        return mine.st_ino == there.st_ino && mine.st_dev == there.st_dev
    }

    /// Brings a file, or the entries of a directory, to disk.
    static func flush(_ path: String) throws(StagingError) {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw StagingError(errno: errno, path: path) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw StagingError(errno: errno, path: path) }
    }

    /// Writes all bytes; an error number, or 0.
    static func write(_ bytes: UnsafeRawBufferPointer, to file: CInt) -> CInt {
        var offset = 0
        while offset < bytes.count {
            let rest = unsafe bytes.baseAddress?.advanced(by: offset)
            let count = unsafe Glibc.write(file, rest, bytes.count - offset)
            if count < 0, errno != EINTR { return errno }
            offset += max(count, 0)
        }
        return 0
    }

    /// Removes a file, or a directory with all that is in it; links are not followed.
    static func remove(_ path: String) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            _ = unsafe unlink(path)
            return
        }
        // Whoever is asked to stop removes what another thread may still be adding to.
        for _ in 0..<100 {
            removeContents(path)
            if unsafe rmdir(path) == 0 || errno != ENOTEMPTY { return }
            usleep(1000)
        }
    }

    /// Removes all that is in a directory.
    static func removeContents(_ path: String) {
        for name in names(path) { remove(path + "/" + name) }
    }
}
