import LMDB

/// The pages of a data file as a vandal sees them: by the format of LMDB 0.9, and by nothing that
/// the program has for it.
struct DataFileEditor {
    static let pageSize = 4096
    let path: String
    var bytes: [UInt8]

    init(_ directory: String) throws {
        path = directory + "/data.mdb"
        bytes = try Files.bytes(path)
    }

    func save() throws { try Files.write(bytes, to: path) }

    // MARK: - Numbers

    func number(_ offset: Int, _ count: Int) -> UInt64 {
        (0..<count).reversed().reduce(0) { $0 << 8 | UInt64(bytes[offset + $1]) }
    }

    mutating func set(_ offset: Int, _ count: Int, _ value: UInt64) {
        for index in 0..<count {
            bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
        }
    }

    static func start(_ page: UInt64) -> Int { Int(page) * pageSize }

    // MARK: - Meta pages and tables

    /// Which of the two meta pages counts.
    var meta: UInt64 { number(144, 8) > number(Self.pageSize + 144, 8) ? 0 : 1 }
    /// Where that meta page's record of the free list is, and that of the table of tables.
    var freeRecord: Int { Self.start(meta) + 40 }
    var mainRecord: Int { Self.start(meta) + 88 }
    var lastPage: UInt64 { number(Self.start(meta) + 136, 8) }
    var transaction: UInt64 { number(Self.start(meta) + 144, 8) }

    /// Where a table's record is; "free list" and "tables" are in the meta page.
    func record(_ table: String) throws -> Int {
        switch table {
        case "free list": return freeRecord
        case "tables": return mainRecord
        default: break
        }
        for leaf in pages(mainRecord).leaves {
            for node in nodes(leaf) where key(node) == Array(table.utf8) { return data(node) }
        }
        throw TestFailure("no table \(table)")
    }

    /// The pages of a table, by kind.
    struct Pages {
        var branches: [UInt64] = []
        var leaves: [UInt64] = []
        var overflows: [UInt64] = []
    }

    func pages(of table: String) throws -> Pages { pages(try record(table)) }

    private func pages(_ record: Int) -> Pages {
        var found = Pages()
        let root = number(record + 40, 8)
        if root != .max { collect(root, &found) }
        return found
    }

    private func collect(_ page: UInt64, _ found: inout Pages) {
        guard number(Self.start(page) + 10, 2) == 1 else {
            found.leaves.append(page)
            for node in nodes(page) where number(node + 4, 2) & 1 == 1 {
                found.overflows.append(number(data(node), 8))
            }
            return
        }
        found.branches.append(page)
        for node in nodes(page) { collect(number(node, 6), &found) }
    }

    // MARK: - Nodes

    /// Where the nodes of a page are.
    func nodes(_ page: UInt64) -> [Int] {
        let start = Self.start(page)
        let count = (Int(number(start + 12, 2)) - 16) / 2
        return (0..<count).map { start + Int(number(start + 16 + 2 * $0, 2)) }
    }

    func key(_ node: Int) -> [UInt8] { Array(bytes[node + 8..<data(node)]) }

    /// Where a node's data is.
    func data(_ node: Int) -> Int { node + 8 + Int(number(node + 6, 2)) }

    // MARK: - Damage

    mutating func zero(_ page: UInt64) {
        for offset in Self.start(page)..<Self.start(page + 1) { bytes[offset] = 0 }
    }

    mutating func swap(_ first: UInt64, _ second: UInt64) {
        for offset in 0..<Self.pageSize {
            bytes.swapAt(Self.start(first) + offset, Self.start(second) + offset)
        }
    }
}
