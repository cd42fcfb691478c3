import Glibc

/// A file that has no name, for what is kept for a moment: it is gone with whoever has it open.
///
/// It is used by one thread at a time.
package final class UnnamedFile: @unchecked Sendable {
    // @unchecked: nothing changes after `init` but `byteCount`, which the one user owns.
    private let file: CInt
    private let directory: String
    /// Bytes that were appended.
    ///
    /// Owned by whoever uses it.
    package private(set) var byteCount: UInt64 = 0

    /// Makes an empty file on the file system of a directory.
    ///
    /// - Throws: `StagingError`: `.missing`, `.permission`, `.readOnly`, `.diskFull`, `.other`.
    package init(in directory: String) throws(StagingError) {
        self.directory = directory
        // Not by O_TMPFILE, which is not there on every file system.
        let name = RandomBytes.draw(16).map { String($0, radix: 16) }.joined()
        let path = directory + "/.waybill-" + name
        file = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw StagingError(errno: errno, path: directory) }
        _ = unsafe unlink(path)
    }

    deinit { close(file) }

    /// Writes bytes behind those that are there.
    package func append(_ bytes: Span<UInt8>) throws(StagingError) {
        let code = unsafe bytes.withUnsafeBytes { unsafe FilePlace.write($0, to: file) }
        if code != 0 { throw StagingError(errno: code, path: directory) }
        byteCount += UInt64(bytes.count)
    }

    /// Writes bytes over some that are there already.
    package func overwrite(at offset: UInt64, with bytes: [UInt8]) throws(StagingError) {
        precondition(offset + UInt64(bytes.count) <= byteCount, "they are there already")
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe pwrite(
                    file,
                    buffer.baseAddress?.advanced(by: done),
                    buffer.count - done,
                    off_t(offset) + off_t(done)
                )
            }
            if count < 0, errno != EINTR { throw StagingError(errno: errno, path: directory) }
            done += max(count, 0)
        }
    }

    /// Bytes from an offset on, at most so many; fewer only where it ends.
    package func read(at offset: UInt64, count: Int) throws(StagingError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let more = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe pread(
                    file,
                    buffer.baseAddress?.advanced(by: done),
                    count - done,
                    off_t(offset) + off_t(done)
                )
            }
            if more == 0 { break }
            if more < 0, errno != EINTR { throw StagingError(errno: errno, path: directory) }
            done += max(more, 0)
        }
        bytes.removeLast(count - done)
        return bytes
    }
}
