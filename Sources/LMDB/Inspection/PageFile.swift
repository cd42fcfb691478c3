import Glibc

/// The data file, read page by page and never mapped: what lies beyond its end is an answer, and
/// no signal.
final class PageFile: Sendable {
    private let file: CInt
    /// The size of a page.
    let pageByteCount: Int
    /// Whole pages in the file when it was opened.
    let pageCount: UInt64

    /// Takes over an open file.
    init(_ file: CInt, pageByteCount: Int, byteCount: UInt64) {
        self.file = file
        self.pageByteCount = pageByteCount
        pageCount = byteCount / UInt64(pageByteCount)
    }

    deinit { close(file) }

    /// Reads whole pages from `page` on into `room`, as many as fit; false if they are not there.
    func read(_ page: UInt64, into room: UnsafeMutableRawBufferPointer) -> Bool {
        let (start, overflows) = page.multipliedReportingOverflow(by: UInt64(pageByteCount))
        guard !overflows, start <= UInt64(Int64.max) - UInt64(room.count) else { return false }
        var done = 0
        while done < room.count {
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: room[done...])
            let count = unsafe pread(file, rest.baseAddress, rest.count, off_t(start) + done)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }
}
