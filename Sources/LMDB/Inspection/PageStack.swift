/// Memory for the pages from a tree's root down to where a reader is, one page for each level.
@safe
final class PageStack {
    /// LMDB follows no tree that is deeper (`CURSOR_STACK` in mdb.c).
    static let levelCountMax = 32

    private let file: PageFile
    private let memory: UnsafeMutableRawPointer

    init(_ file: PageFile) {
        self.file = file
        unsafe memory = .allocate(
            byteCount: file.pageByteCount * Self.levelCountMax,
            alignment: 16
        )
    }

    deinit { unsafe memory.deallocate() }

    /// Reads a page into a level's memory; nil if it is not in the file.
    ///
    /// It is valid until another page is read into the level.
    func read(_ page: UInt64, level: Int) -> PageView? {
        precondition((0..<Self.levelCountMax).contains(level), "a tree has 32 levels at most")
        let room = unsafe UnsafeMutableRawBufferPointer(
            start: memory + level * file.pageByteCount,
            count: file.pageByteCount
        )
        guard unsafe file.read(page, into: room) else { return nil }
        return self[level]
    }

    /// The page that was read last into a level's memory.
    subscript(level: Int) -> PageView {
        unsafe PageView(
            memory + level * file.pageByteCount,
            byteCount: file.pageByteCount
        )
    }
}

/// Memory for a value that has pages of its own; it grows to the longest one.
@safe
final class LongValue {
    private let file: PageFile
    private var memory: UnsafeMutableRawBufferPointer

    init(_ file: PageFile) {
        self.file = file
        unsafe memory = .allocate(byteCount: file.pageByteCount, alignment: 16)
    }

    deinit { unsafe memory.deallocate() }

    /// How many pages a value takes (`OVPAGES` in mdb.c).
    static func pageCount(_ valueByteCount: Int, pageByteCount: Int) -> Int {
        (PageView.headerByteCount - 1 + valueByteCount) / pageByteCount + 1
    }

    /// Reads the pages of a value; nil if they are not in the file.
    ///
    /// The header is that of the first page; it is valid until the next value is read.
    func read(_ page: UInt64, valueByteCount: Int) -> PageView? {
        let pages = Self.pageCount(valueByteCount, pageByteCount: file.pageByteCount)
        guard UInt64(pages) <= file.pageCount, page <= file.pageCount - UInt64(pages) else {
            return nil
        }
        let byteCount = pages * file.pageByteCount
        if unsafe memory.count < byteCount {
            unsafe memory.deallocate()
            unsafe memory = .allocate(byteCount: byteCount, alignment: 16)
        }
        let room = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[..<byteCount])
        guard unsafe file.read(page, into: room), let start = room.baseAddress else {
            return nil
        }
        return unsafe PageView(start, byteCount: byteCount)
    }
}
