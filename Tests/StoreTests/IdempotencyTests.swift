import EventLog
import Testing

@Suite struct IdempotencyTests {
    @Test func `a repeated command gets the receipt that it got first`() async throws {
        let harness = try LogHarness()
        let first = try await harness.append("a", [[1], [2]]).receipt
        _ = try await harness.append("b")
        let again = try await harness.append("a", [[1], [2]]).receipt
        #expect(again.isDuplicate)
        #expect(again.first == first.first)
        #expect(again.last == first.last)
        #expect(again.root == first.root)
        #expect(try harness.size == 3)
        #expect(try harness.receipt("a") == again)
        try harness.check()
    }

    @Test func `the same id with other content is a conflict and names the events`() async throws {
        let harness = try LogHarness()
        _ = try await harness.append("a", [[1], [2]])
        let outcome = try await harness.append("a", [[1], [2]], content: "other")
        guard case .conflict(let first, let last) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(first == Position(rawValue: 1))
        #expect(last == Position(rawValue: 2))
        #expect(try harness.size == 2)
    }

    @Test func `of equal commands at once one is recorded, and all get its receipt`() async throws {
        let harness = try LogHarness()
        let receipts = try await withThrowingTaskGroup { group in
            for _ in 0..<50 {
                group.addTask { try await harness.append("same", [[1]]).receipt }
            }
            return try await group.reduce(into: [Receipt]()) { $0.append($1) }
        }
        #expect(receipts.count { !$0.isDuplicate } == 1)
        #expect(Set(receipts.map(\.root)).count == 1)
        #expect(try harness.size == 1)
        try harness.check()
    }

    @Test func `a command that was refused may be tried again under its id`() async throws {
        let harness = try LogHarness()
        let refused = try await harness.log.submit(
            Submission(commandID: CommandID(unchecked: "a"), contentHash: LogHarness.hash("same")) {
                (_) throws(EventLogError) in .refuse("not yet")
            }
        )
        guard case .refused("not yet") = refused else {
            Issue.record("\(refused)")
            return
        }
        #expect(try await harness.append("a").receipt.isDuplicate == false)
    }

    @Test func `a repeated command gets its receipt after the ledger is opened again`() async throws
    {
        var harness: LogHarness? = try LogHarness()
        let directory = try #require(harness?.directory)
        let first = try await harness?.append("a").receipt
        await harness?.log.close()
        harness = nil
        let log = try EventLog.open(at: directory.sub("ledger"))
        let again = try await log.submit(LogHarness.submission("a")).receipt
        #expect(again.isDuplicate)
        #expect(again.root == first?.root)
    }
}
