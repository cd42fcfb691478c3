import Glibc

/// Files that are read as a whole.
enum SmallFile {
    /// The bytes of a file; nil if it cannot be read, or has more than `countMax`.
    static func bytes(_ path: String, countMax: Int) -> [UInt8]? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: countMax + 1)
        var count = 0
        while count < bytes.count {
            let got = unsafe bytes[count...].withUnsafeMutableBytes {
                unsafe read(file, $0.baseAddress, $0.count)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { return nil }
            if got == 0 { break }
            count += got
        }
        return count > countMax ? nil : Array(bytes[..<count])
    }
}
