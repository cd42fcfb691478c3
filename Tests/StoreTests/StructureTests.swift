import EventLog
import LMDB
import Testing

/// Pages that are not as LMDB makes them, in every way that there is.
@Suite struct StructureTests {
    /// Damage to one page, and what is then said of which table.
    struct Damage: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let table: String
        let rule: String
        let hasPage: Bool
        let change: @Sendable (inout DataFileEditor) throws -> Void

        init(
            _ description: String,
            _ table: String,
            _ rule: String,
            page: Bool = true,
            _ change: @escaping @Sendable (inout DataFileEditor) throws -> Void
        ) {
            testDescription = description
            self.table = table
            self.rule = rule
            hasPage = page
            self.change = change
        }
    }

    /// Damage to a leaf of `headers`.
    private static func leaf(
        _ description: String,
        _ rule: String,
        _ change: @escaping @Sendable (inout DataFileEditor, Int) -> Void
    ) -> Damage {
        Damage("leaf: \(description)", "headers", rule) { editor in
            change(&editor, DataFileEditor.start(try editor.pages(of: "headers").leaves[3]))
        }
    }

    private static let leaves: [Damage] = [
        leaf("another number", "page") { $0.set($1, 8, 3) },
        leaf("another kind", "page") { $0.set($1 + 10, 2, 4) },
        leaf("the kind of a branch", "page") { $0.set($1 + 10, 2, 1) },
        leaf("a lower bound above the upper", "page") { $0.set($1 + 12, 2, 4090) },
        leaf("an odd lower bound", "page") { $0.set($1 + 12, 2, $0.number($1 + 12, 2) + 1) },
        leaf("a row less", "page") { $0.set($1 + 12, 2, $0.number($1 + 12, 2) - 2) },
        leaf("an upper bound beyond the page", "page") { $0.set($1 + 14, 2, 5000) },
        leaf("an upper bound that is too small", "page") {
            $0.set($1 + 14, 2, $0.number($1 + 14, 2) - 2)
        },
        leaf("a node outside", "page") { $0.set($1 + 16, 2, 4094) },
        leaf("two nodes in one place", "page") { $0.set($1 + 16, 2, $0.number($1 + 18, 2)) },
        leaf("two nodes exchanged", "order") {
            let first = $0.number($1 + 16, 2)
            $0.set($1 + 16, 2, $0.number($1 + 18, 2))
            $0.set($1 + 18, 2, first)
        },
        leaf("a longer key", "page") {
            let node = $1 + Int($0.number($1 + 16, 2))
            $0.set(node + 6, 2, 10)
        },
        leaf("a longer value", "page") {
            let node = $1 + Int($0.number($1 + 16, 2))
            $0.set(node, 4, $0.number(node, 4) + 2)
        },
        leaf("a value that is no value", "page") {
            let node = $1 + Int($0.number($1 + 16, 2))
            $0.set(node + 4, 2, 4)
        },
        leaf("a key of another page", "order") {
            let node = $1 + Int($0.number($1 + 16, 2))
            $0.set(node + 8, 8, 1)
        },
    ]

    private static let branches: [Damage] = [
        Damage("branch: another number", "hashes", "page") { editor in
            editor.set(DataFileEditor.start(try editor.pages(of: "hashes").branches[0]), 8, 9)
        },
        Damage("branch: a page that another has", "hashes", "reachedTwice") { editor in
            let nodes = editor.nodes(try editor.pages(of: "hashes").branches[0])
            editor.set(nodes[2], 6, editor.number(nodes[1], 6))
        },
        Damage("branch: a page of another table", "payloads", "reachedTwice") { editor in
            let nodes = editor.nodes(try editor.pages(of: "payloads").branches[0])
            editor.set(nodes[1], 6, try editor.pages(of: "headers").leaves[0])
        },
        Damage("branch: a page beyond the last", "hashes", "page") { editor in
            let nodes = editor.nodes(try editor.pages(of: "hashes").branches[0])
            editor.set(nodes[1], 6, 1 << 40)
        },
        Damage("branch: a meta page", "hashes", "page") { editor in
            let nodes = editor.nodes(try editor.pages(of: "hashes").branches[0])
            editor.set(nodes[1], 6, 1)
        },
        Damage("branch: itself", "hashes", "reachedTwice") { editor in
            let branch = try editor.pages(of: "hashes").branches[0]
            editor.set(editor.nodes(branch)[1], 6, branch)
        },
        Damage("branch: a key that is too great", "hashes", "order") { editor in
            let nodes = editor.nodes(try editor.pages(of: "hashes").branches[0])
            editor.set(nodes[2] + 8, 8, editor.number(nodes[2] + 8, 8) + 1)
        },
        Damage("branch: a key that is too small", "hashes", "order") { editor in
            let nodes = editor.nodes(try editor.pages(of: "hashes").branches[0])
            editor.set(nodes[2] + 8, 8, editor.number(nodes[2] + 8, 8) - 1)
        },
        Damage("branch: one node", "hashes", "page") { editor in
            let branch = DataFileEditor.start(try editor.pages(of: "hashes").branches[0])
            editor.set(branch + 12, 2, 18)
        },
    ]

    private static let overflows: [Damage] = [
        Damage("overflow: another number", "payloads", "page") { editor in
            editor.set(DataFileEditor.start(try editor.pages(of: "payloads").overflows[0]), 8, 5)
        },
        Damage("overflow: another kind", "payloads", "page") { editor in
            let page = try editor.pages(of: "payloads").overflows[0]
            editor.set(DataFileEditor.start(page) + 10, 2, 2)
        },
        Damage("overflow: fewer pages", "payloads", "page") { editor in
            let page = try editor.pages(of: "payloads").overflows[0]
            editor.set(DataFileEditor.start(page) + 12, 4, 1)
        },
        Damage("overflow: more pages", "payloads", "reachedTwice") { editor in
            let page = try editor.pages(of: "payloads").overflows[0]
            editor.set(DataFileEditor.start(page) + 12, 4, 40)
        },
        Damage("overflow: the value of another row", "payloads", "reachedTwice") { editor in
            let pages = try editor.pages(of: "payloads")
            let nodes = pages.leaves.flatMap { editor.nodes($0) }
                .filter { editor.number($0 + 4, 2) == 1 }
            editor.set(editor.data(nodes[1]), 8, editor.number(editor.data(nodes[0]), 8))
        },
    ]

    private static let records: [Damage] =
        [
            ("a row more", 32, 8), ("a leaf page more", 16, 8), ("a branch page more", 8, 8),
            ("an overflow page more", 24, 8), ("another kind of keys", 4, 2), ("padding", 0, 4),
        ].map { what, offset, count in
            Damage("record: \(what)", "hashes", "record", page: false) { editor in
                let record = try editor.record("hashes") + offset
                editor.set(record, count, editor.number(record, count) + 1)
            }
        } + [
            Damage("record: a level more", "hashes", "page") { editor in
                let record = try editor.record("hashes") + 6
                editor.set(record, 2, editor.number(record, 2) + 1)
            },
            Damage("record: a hundred levels", "hashes", "record", page: false) { editor in
                editor.set(try editor.record("hashes") + 6, 2, 100)
            },
            Damage("record: another root", "commands", "page") { editor in
                let leaf = try editor.pages(of: "headers").leaves[0]
                editor.set(try editor.record("commands") + 40, 8, leaf)
            },
            Damage("record: no root", "commands", "record", page: false) { editor in
                editor.set(try editor.record("commands") + 40, 8, .max)
            },
            Damage("a table without its name", "commands", "tableMissing", page: false) { editor in
                editor.bytes[try editor.record("commands") - 1] ^= 0x10
            },
            Damage("a row that is no table", "tables", "page") { editor in
                editor.set(try editor.record("rows") - 8, 2, 0)
            },
        ]

    private static func freeRow(_ editor: DataFileEditor) throws -> Int {
        let leaves = try editor.pages(of: "free list").leaves
        let node = leaves.flatMap { editor.nodes($0) }.first {
            editor.number($0 + 4, 2) == 0 && editor.number(editor.data($0), 8) > 1
        }
        guard let node else { throw TestFailure("no row of the free list with two pages") }
        return editor.data(node)
    }

    private static let freeLists: [Damage] = [
        Damage("free list: a page that is in use", "free list", "freeList") { editor in
            editor.set(try freeRow(editor) + 8, 8, try editor.pages(of: "hashes").leaves[0])
        },
        Damage("free list: a page twice", "free list", "freeList", page: false) { editor in
            let row = try freeRow(editor)
            editor.set(row + 8, 8, editor.number(row + 16, 8))
        },
        Damage("free list: a page beyond the last", "free list", "freeList", page: false) {
            editor in
            editor.set(try freeRow(editor) + 8, 8, editor.lastPage + 1)
        },
        Damage("free list: a page less", "data.mdb", "unaccounted") { editor in
            let row = try freeRow(editor)
            editor.set(row, 8, editor.number(row, 8) - 1)
        },
        Damage("free list: more pages than it has room for", "free list", "freeList", page: false) {
            editor in
            editor.set(try freeRow(editor), 8, 1 << 40)
        },
        Damage("free list: a transaction to come", "free list", "freeList", page: false) {
            editor in
            let leaf = try editor.pages(of: "free list").leaves.last ?? 0
            let node = editor.nodes(leaf).last ?? 0
            editor.set(node + 8, 8, editor.transaction + 5)
        },
    ]

    private static let metas: [Damage] =
        [
            ("magic", 16, 4), ("version", 20, 4), ("flags", 10, 2), ("address", 24, 8),
            ("number", 0, 8), ("flags of the free list", 44, 2), ("flags of tables", 92, 2),
        ].map { what, offset, count in
            Damage("meta page: \(what)", "data.mdb", "metaPage") { editor in
                let place = DataFileEditor.start(1 - editor.meta) + offset
                editor.set(place, count, editor.number(place, count) + 2)
            }
        } + [
            Damage("meta page: a map that is too small", "data.mdb", "metaPage") { editor in
                editor.set(DataFileEditor.start(editor.meta) + 32, 8, 8192)
            },
            Damage("meta page: an old transaction", "data.mdb", "metaPage") { editor in
                let place = DataFileEditor.start(1 - editor.meta) + 144
                editor.set(place, 8, editor.number(place, 8) - 2)
            },
            Damage("a page more than are given out", "data.mdb", "unaccounted") { editor in
                editor.set(DataFileEditor.start(editor.meta) + 136, 8, editor.lastPage + 1)
            },
        ]

    private static let wholePages: [Damage] = ["headers", "payloads", "hashes", "commands"]
        .flatMap { table in
            [
                Damage("a leaf of zeros", table, "page") { editor in
                    editor.zero(try editor.pages(of: table).leaves[1])
                },
                Damage("two leaves exchanged", table, "page") { editor in
                    let leaves = try editor.pages(of: table).leaves
                    editor.swap(leaves[1], leaves[2])
                },
                Damage("two leaves exchanged, with their numbers", table, "order") { editor in
                    let leaves = try editor.pages(of: table).leaves
                    editor.swap(leaves[1], leaves[2])
                    for leaf in [leaves[1], leaves[2]] {
                        editor.set(DataFileEditor.start(leaf), 8, leaf)
                    }
                },
                Damage("a branch of zeros", table, "page") { editor in
                    editor.zero(try editor.pages(of: table).branches[0])
                },
            ]
        }

    private static let all =
        leaves + branches + overflows + records + freeLists + metas + wholePages

    @Test(arguments: all)
    func `damage to a page is found, with the table`(_ damage: Damage) async throws {
        let log = try await RottenLog()
        try log.damage(damage.change)
        let found = try log.findings()
        let mine = found.filter { $0.table == damage.table && $0.rule == damage.rule }
        #expect(!mine.isEmpty, "\(found)")
        #expect(mine.contains { ($0.page != nil) == damage.hasPage }, "\(found)")
        #expect(found.count < 200)
    }

    @Test func `damage to a page of events says from which event on`() async throws {
        let log = try await RottenLog()
        var first: UInt64 = 0
        try log.damage { editor in
            let leaf = try editor.pages(of: "payloads").leaves[4]
            first = editor.number(editor.nodes(leaf)[0] + 8, 8)
            editor.zero(leaf)
        }
        let found = try log.findings()
        let page = try #require(found.first { $0.rule == "page" })
        #expect(page.position == Position(rawValue: first))
        #expect(page.description.hasPrefix("from event #\(first), table payloads, page "))
        // And so do its rows.
        let rows = found.filter { $0.table == "payloads" && $0.rule == "missing" }
        #expect(rows.first?.position == Position(rawValue: first))
    }

    @Test func `a file that was cut off is found at every length`() async throws {
        let whole = try await RottenLog.small.value
        let rows = try RottenLog(whole).rows()
        for count in stride(from: 0, to: whole.count, by: 2500) {
            let log = try RottenLog(Array(whole[..<count]))
            do throws(EventLogError) {
                guard try log.findings().isEmpty else { continue }
                // Pages at the end may be free: nobody misses them.
                #expect((try? log.rows()) == rows, "\(count) bytes")
            } catch {
                guard case .truncated = error else { throw error }
                #expect(count < 4096)
            }
        }
    }
}
