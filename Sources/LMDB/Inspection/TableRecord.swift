/// What the file says of a table's tree (`MDB_db` in mdb.c).
package struct TableRecord: Hashable, Sendable {
    /// Its size in the file.
    static let byteCount = 48

    let pad: UInt32
    let flags: UInt16
    /// Levels, from the root to the leaves; 0 of an empty table.
    let depth: Int
    let branchPageCount: UInt64
    let leafPageCount: UInt64
    let overflowPageCount: UInt64
    /// How many rows the table has.
    package let rowCount: UInt64
    let root: UInt64

    init(_ page: PageView, at offset: Int) {
        pad = page.number32(at: offset)
        flags = UInt16(page.half(at: offset + 4))
        depth = page.half(at: offset + 6)
        branchPageCount = page.word(at: offset + 8)
        leafPageCount = page.word(at: offset + 16)
        overflowPageCount = page.word(at: offset + 24)
        rowCount = page.word(at: offset + 32)
        root = page.word(at: offset + 40)
    }

    /// What the table's keys are; nil for flags that no table of a ledger has.
    package var kind: Table.Kind? {
        switch flags {
        case 0: .bytes
        // MDB_INTEGERKEY
        case 8: .positions
        default: nil
        }
    }

    var isEmpty: Bool { root == MetaPage.noPage }
}
