/// The fields of an LMDB 0.9 meta page (`MDB_page`, then `MDB_meta` in mdb.c; 64-bit).
struct MetaPage: Hashable, Sendable {
    /// Header and meta.
    static let byteCount = 152
    /// The page number that means none.
    static let noPage = UInt64.max

    /// The number that the page gives itself.
    let number: UInt64
    let pageByteCount: Int
    /// The address space that the file may grow to.
    let mapByteCount: UInt64
    let freeList: TableRecord
    let tables: TableRecord
    let lastPage: UInt64
    let transaction: UInt64
    private let flags: UInt64
    private let magic: UInt64
    private let version: UInt64
    private let address: UInt64

    var freeRoot: UInt64 { freeList.root }
    var mainRoot: UInt64 { tables.root }

    init(_ bytes: [UInt8]) {
        precondition(bytes.count == Self.byteCount, "a meta page is read as a whole")
        let view = unsafe bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else {
                preconditionFailure("an array of 152 bytes has an address")
            }
            return unsafe Fields(PageView(start, byteCount: bytes.count))
        }
        number = view.number
        flags = view.flags
        magic = view.magic
        version = view.version
        address = view.address
        mapByteCount = view.mapByteCount
        freeList = view.freeList
        tables = view.tables
        lastPage = view.lastPage
        transaction = view.transaction
        // The page size has the place that a table's record has for the size of fixed values.
        pageByteCount = Int(view.freeList.pad)
    }

    /// Where each field is.
    private struct Fields {
        let number, flags, magic, version, address, mapByteCount, lastPage, transaction: UInt64
        let freeList, tables: TableRecord

        init(_ page: PageView) {
            number = page.word(at: 0)
            flags = UInt64(page.half(at: 10))
            magic = UInt64(page.number32(at: 16))
            version = UInt64(page.number32(at: 20))
            address = page.word(at: 24)
            mapByteCount = page.word(at: 32)
            freeList = TableRecord(page, at: 40)
            tables = TableRecord(page, at: 88)
            lastPage = page.word(at: 136)
            transaction = page.word(at: 144)
        }
    }

    /// The rule that the page breaks; nil if LMDB may use it.
    var violatedRule: String? {
        if flags & 0x08 == 0 { return "a meta page is not marked as one" }
        if magic != 0xBEEF_C0DE { return "a meta page lacks LMDB's magic number" }
        if version != 1 { return "a meta page has data version \(version)" }
        if pageByteCount < 512 || pageByteCount > 65536 || pageByteCount.nonzeroBitCount != 1 {
            return "a meta page has the page size \(pageByteCount)"
        }
        // 2^47 pages are more than an address space holds; it also keeps sums below 2^64.
        if lastPage < 1 || lastPage >= 1 << 47 { return "a meta page has a wild last page" }
        for root in [freeRoot, mainRoot] where root != Self.noPage && root > lastPage {
            return "a meta page names a root beyond its last page"
        }
        return nil
    }

    /// The rules that the page breaks though LMDB may use it; `place` is 0 or 1.
    func strangeness(at place: UInt64) -> [String] {
        var found: [String] = []
        if number != place { found.append("calls itself page \(number)") }
        if flags != 0x08 { found.append("has flags \(flags) where 8 is right") }
        if address != 0 { found.append("asks for a fixed address") }
        if freeList.flags != 8 {
            found.append("has flags \(freeList.flags) for the free list where 8 is right")
        }
        if tables.flags != 0 || tables.pad != 0 {
            found.append("has flags for the table of tables where none is right")
        }
        if transaction > 1, transaction & 1 != place {
            found.append("has transaction \(transaction), which belongs on the other meta page")
        }
        if lastPage >= mapByteCount / UInt64(pageByteCount) {
            found.append(
                "has page \(lastPage) as the last, beyond its map of \(mapByteCount) bytes"
            )
        }
        return found
    }
}
