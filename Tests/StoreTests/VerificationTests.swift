import EventLog
import LMDB
import Testing

@Suite struct VerificationTests {
    /// A ledger that is changed behind the log's back, and what its verification then finds.
    private func findings(
        _ table: String,
        _ kind: Table.Kind,
        _ change: (inout WriteTransaction, Table) throws(LMDBError) -> Void
    ) async throws -> [VerificationFinding] {
        let harness = try LogHarness()
        for number in 0..<10 { try await harness.append("c\(number)", [[1], [2]]) }
        try harness.check()
        await harness.log.close()
        try harness.log.vandalise(table, kind, change)
        return try harness.log.verify()
    }

    @Test func `a changed payload is found`() async throws {
        let found = try await findings("payloads", .positions) {
            (transaction, table) throws(LMDBError) in
            let value = [UInt8](repeating: 0, count: 17)
            try transaction.put(value.span, forKey: 7, in: table)
        }
        #expect(
            found == [
                VerificationFinding(
                    position: Position(rawValue: 7),
                    table: "payloads",
                    rule: "payload",
                    what: "has another hash than its header says"
                )
            ]
        )
    }

    @Test func `a redacted payload is no finding, a missing one is`() async throws {
        let redacted = try await findings("payloads", .positions) {
            (transaction, table) throws(LMDBError) in
            // The position of the event that says so.
            let value: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 9]
            try transaction.put(value.span, forKey: 7, in: table)
        }
        #expect(redacted.isEmpty)
        let missing = try await findings("payloads", .positions) {
            (transaction, table) throws(LMDBError) in try transaction.delete(7, in: table)
        }
        #expect(missing.map(\.what) == ["is missing", "has 19 rows, and should have 20"])
        #expect(missing.map(\.position) == [Position(rawValue: 7), nil])
    }

    @Test func `a removed header is found`() async throws {
        let found = try await findings("headers", .positions) {
            (transaction, table) throws(LMDBError) in try transaction.delete(7, in: table)
        }
        #expect(
            found.first?.description == "event #7, table headers: is missing"
        )
    }

    @Test func `a changed header is found by the hash that the tree has of it`() async throws {
        let found = try await findings("headers", .positions) {
            (transaction, table) throws(LMDBError) in
            var bytes: [UInt8] = []
            if let value = try transaction.value(forKey: 7, in: table) {
                bytes = (0..<value.count).map { value[$0] }
            }
            // A letter of the project.
            if let place = bytes.firstIndex(of: UInt8(ascii: "h")) { bytes[place] = 0x48 }
            try transaction.put(bytes.span, forKey: 7, in: table)
        }
        #expect(
            found.map(\.description) == [
                "event #7, table headers: was changed: the tree has another hash for it, 10"
            ]
        )
    }

    @Test func `a changed hash, command or end is found`() async throws {
        let zero = [UInt8](repeating: 0, count: 32)
        let hash = try await findings("hashes", .positions) {
            (transaction, table) throws(LMDBError) in
            try transaction.put(zero.span, forKey: 5, in: table)
        }
        #expect(hash.map(\.table) == ["hashes"])
        let command = try await findings("commands", .bytes) {
            (transaction, table) throws(LMDBError) in
            let key = Array("c3".utf8)
            try transaction.delete(key.span, in: table)
        }
        #expect(
            command.map(\.description) == ["event #7, table commands: lacks command c3"]
        )
    }
}
