import EventLog
import LMDB
import Testing

/// Rows of the log that are not what they were, in a file whose pages are as they should be.
@Suite struct RottenRowTests {
    /// What is found in one part, and in parts of eight events.
    private func descriptions(_ log: RottenLog) throws -> [String] {
        let found = try log.findings().map(\.description)
        #expect(try log.findings(partLevel: 3).map(\.description) == found)
        return found
    }

    @Test func `a sound log has no findings, in parts of any size`() async throws {
        let log = try await RottenLog()
        for level in 0...11 { #expect(try log.findings(partLevel: level).isEmpty) }
        for count: UInt64 in [1, 7, 100, 599, 600, 1000] {
            #expect(try log.findings(.end(eventCount: count)).isEmpty)
        }
    }

    @Test(arguments: [UInt64(1), 2, 8, 9, 255, 256, 512, 513, 599, 600])
    func `a changed header is found, and nothing else`(_ position: UInt64) async throws {
        let log = try await RottenLog()
        // In the payload hash, which ends the header.
        try log.flip(of: position, in: "headers")
        let index = MerkleTree.storedIndex(level: 0, offset: position - 1)
        #expect(
            try descriptions(log) == [
                "event #\(position), table headers: was changed: the tree has another hash for "
                    + "it, \(index)",
                "event #\(position), table payloads: has another hash than its header says",
            ]
        )
    }

    @Test(arguments: [UInt64(1), 2, 8, 9, 255, 256, 512, 513, 599, 600])
    func `a changed leaf hash is found, and nothing else`(_ position: UInt64) async throws {
        let log = try await RottenLog()
        let index = MerkleTree.storedIndex(level: 0, offset: position - 1)
        try log.flip(of: index, in: "hashes")
        #expect(
            try descriptions(log) == [
                "event #\(position), table hashes: hash \(index) is not what the headers make it"
            ]
        )
    }

    @Test(arguments: [(1, UInt64(0)), (2, 3), (3, 0), (5, 2), (9, 0), (3, 74)])
    func `a changed inner hash is found, and nothing else`(
        _ level: Int,
        _ offset: UInt64
    ) async throws {
        let log = try await RottenLog()
        let index = MerkleTree.storedIndex(level: level, offset: offset)
        try log.flip(of: index, in: "hashes")
        let position = (offset + 1) << UInt64(level)
        #expect(
            try descriptions(log) == [
                "event #\(position), table hashes: hash \(index) is not what the headers make it"
            ]
        )
    }

    @Test func `a missing header, payload or hash is found, and what it leaves can be checked`()
        async throws
    {
        let log = try await RottenLog()
        try log.change("headers", .positions) { (transaction, table) throws(LMDBError) in
            for position: UInt64 in [100, 101, 102] { try transaction.delete(position, in: table) }
        }
        try log.change("payloads", .positions) { (transaction, table) throws(LMDBError) in
            try transaction.delete(200, in: table)
        }
        try log.change("hashes", .positions) { (transaction, table) throws(LMDBError) in
            try transaction.delete(17, in: table)
        }
        try log.flip(of: 300, in: "payloads")
        let found = Set(try log.findings().map(\.description))
        #expect(
            found == [
                "event #100, table headers: is missing, with the 2 after it",
                "event #200, table payloads: is missing",
                "event #10, table hashes: hash 17 is missing",
                "event #300, table payloads: has another hash than its header says",
                "table headers: has 597 rows, and should have 600",
                "table payloads: has 599 rows, and should have 600",
                "table hashes: has 1195 rows, and should have 1196",
                "table commands, row command-50: names event #101, which does not begin that "
                    + "command",
            ]
        )
    }

    @Test func `an event without its last ones is not the end that meta names`() async throws {
        let log = try await RottenLog()
        try log.change("headers", .positions) { (transaction, table) throws(LMDBError) in
            try transaction.delete(600, in: table)
        }
        let found = try log.findings().map(\.description)
        #expect(
            found.contains(
                "table meta: says that the log ends at #600, but the last event is #599"
            )
        )
    }

    @Test func `rows of commands are those that the headers name`() async throws {
        let log = try await RottenLog()
        try log.change("commands", .bytes) { (transaction, table) throws(LMDBError) in
            let missing = Array("command-9".utf8)
            try transaction.delete(missing.span, in: table)
            let other = Array("command-10".utf8)
            var row: [UInt8] = []
            if let value = try transaction.value(forKey: other.span, in: table) {
                row = value.indices.map { value[$0] }
            }
            let stranger = Array("stranger".utf8)
            try transaction.put(row.span, forKey: stranger.span, in: table)
            row[20] ^= 1
            let changed = row
            try transaction.put(changed.span, forKey: other.span, in: table)
            let none = Array("none".utf8)
            try transaction.put(none.span, forKey: none.span, in: table)
        }
        let found = Set(try log.findings().map(\.description))
        #expect(
            found == [
                "event #19, table commands: lacks command command-9",
                "event #21, table commands: says something else of command command-10 than its "
                    + "events",
                "table commands, row stranger: names event #21, which does not begin that command",
                "table commands, row none: cannot be read",
            ]
        )
    }

    @Test func `a changed end of the log is found`() async throws {
        for (offset, what) in [
            (7, "says that the log ends at #601, but the last event is #600"),
            (15, "has another time than the last event"), (20, "has another tree than the headers"),
        ] {
            let log = try await RottenLog()
            try log.change("meta", .bytes) { (transaction, table) throws(LMDBError) in
                let key = Array("head".utf8)
                var row: [UInt8] = []
                if let value = try transaction.value(forKey: key.span, in: table) {
                    row = value.indices.map { value[$0] }
                }
                // 600 and 601 have different numbers of subtrees.
                if offset == 7 { row += [UInt8](repeating: 0, count: 32) }
                row[offset] ^= 1
                let changed = row
                try transaction.put(changed.span, forKey: key.span, in: table)
            }
            #expect(try log.findings().map(\.description).contains("table meta: \(what)"))
        }
    }

    @Test(arguments: [
        "format", "minimum-reader", "minimum-writer", "map-size", "ledger-id", "head",
        "projection-generation", "projection-version",
    ])
    func `a row of meta that makes no sense is found`(_ name: String) async throws {
        let log = try await RottenLog()
        try log.change("meta", .bytes) { (transaction, table) throws(LMDBError) in
            let key = Array(name.utf8)
            let value = Array("nonsense".utf8)
            try transaction.put(value.span, forKey: key.span, in: table)
        }
        #expect(
            try log.findings().map(\.description).contains("table meta: has no sound row '\(name)'")
        )
    }

    @Test func `a missing table is found`() async throws {
        for name in ["headers", "payloads", "hashes", "commands", "meta", "rows"] {
            let log = try await RottenLog()
            try log.dropTable(name)
            #expect(
                try log.findings().contains { $0.table == name && $0.rule == "tableMissing" }
            )
        }
    }

    @Test func `a look at the end finds what is wrong there`() async throws {
        let log = try await RottenLog()
        try log.flip(of: 100, in: "payloads")
        #expect(try log.findings(.end(eventCount: 50)).isEmpty)
        try log.flip(of: 590, in: "payloads")
        try log.change("commands", .bytes) { (transaction, table) throws(LMDBError) in
            let key = Array("command-299".utf8)
            try transaction.delete(key.span, in: table)
        }
        #expect(
            try log.findings(.end(eventCount: 50)).map(\.description) == [
                "event #590, table payloads: has another hash than its header says",
                "event #599, table commands: lacks command command-299",
            ]
        )
    }

    @Test func `findings of a kind are counted when they are too many`() async throws {
        let log = try await RottenLog()
        for position: UInt64 in 1...50 { try log.flip(of: position, in: "payloads") }
        let findings = try LogInspection.read(at: log.path) {
            (inspection) throws(EventLogError) in inspection.verify().findings
        }
        #expect(findings.count == 50 && findings.findings.count == 20)
        #expect(findings.findings.last?.position == Position(rawValue: 20))
        #expect(findings.omitted.map(\.count) == [30])
        #expect(findings.omitted.first?.kind.table == "payloads")
    }
}
