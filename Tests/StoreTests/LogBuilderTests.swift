import EventLog
import LMDB
import Testing

/// Logs that are made of the stored bytes of others.
@Suite struct LogBuilderTests {
    private typealias Stored = (header: [UInt8], body: [UInt8])

    private static func stored(_ log: EventLog) throws -> [Stored] {
        try log.read { (snapshot) throws(EventLogError) in
            var stored: [Stored] = []
            try snapshot.forEachStored { _, header, body in
                stored.append((header.indices.map { header[$0] }, body.indices.map { body[$0] }))
                return true
            }
            return stored
        }
    }

    /// Makes a log of these events; returns its root.
    private static func build(
        _ events: [Stored],
        at path: String,
        redactions: [(UInt64, UInt64)] = []
    ) throws(LogBuildError) -> Digest {
        Files.makeDirectory(path)
        var builder: LogBuilder
        do throws(EventLogError) {
            builder = try LogBuilder(
                at: path,
                id: .random(),
                options: LogOptions(clientTables: ["rows"])
            )
        } catch {
            throw .log(error)
        }
        for event in events {
            _ = try builder.append(header: event.header.span, body: event.body.span)
        }
        for (position, redaction) in redactions {
            try builder.noteRedaction(
                of: Position(rawValue: position),
                by: Position(rawValue: redaction)
            )
        }
        let root = try builder.finish().root
        try builder.flush()
        return root
    }

    private static func harness() async throws -> (LogHarness, [Stored]) {
        let harness = try LogHarness()
        for number in 0..<20 {
            harness.clock.set(1_700_000_000_000 + Int64(number))
            try await harness.append("c\(number)", (0...number % 4).map { [UInt8($0)] })
        }
        return (harness, try stored(harness.log))
    }

    @Test func `a log of the same bytes has the same root, rows and receipts`() async throws {
        let (harness, events) = try await Self.harness()
        let path = harness.directory.sub("copy")
        let root = try harness.root
        #expect(try Self.build(events, at: path) == root)
        let copy = try EventLog.open(at: path, options: LogOptions(clientTables: ["rows"]))
        #expect(try copy.verify().isEmpty)
        #expect(try Self.stored(copy).map(\.body) == events.map(\.body))
        // A command that was accepted there is known here.
        let again = try await copy.submit(LogHarness.submission("c7", [[0], [1], [2], [3]]))
        #expect(try again.receipt.isDuplicate)
        let next = try await copy.submit(LogHarness.submission("new"))
        #expect(try next.receipt.first.rawValue == UInt64(events.count) + 1)
        #expect(try copy.verify().isEmpty)
        await copy.close()
    }

    @Test func `events that break a rule of logs are named`() async throws {
        let (harness, events) = try await Self.harness()
        var number = 0
        func violation(_ change: (inout [Stored]) -> Void) throws -> String {
            var changed = events
            change(&changed)
            number += 1
            do throws(LogBuildError) {
                _ = try Self.build(changed, at: harness.directory.sub("bad\(number)"))
            } catch {
                return "\(error)"
            }
            throw TestFailure("it was made")
        }
        #expect(
            try violation { $0.swapAt(3, 4) }
                == "event #4 names position #5, where #4 belongs"
        )
        #expect(try violation { $0.remove(at: 0) }.contains("event #1 names position #2"))
        #expect(
            try violation { $0[5].body[0] ^= 1 }
                == "event #6 has a payload with another hash than its header says"
        )
        #expect(
            try violation { $0[5].header.removeLast() }
                .hasPrefix("event #6 has a header that cannot be read, ")
        )
        #expect(try violation { $0[5].header = [] }.hasPrefix("event #6 has a header"))
        #expect(
            try violation { $0[5].header += [UInt8](repeating: 0, count: 5000) }
                .contains("bytes, which none may have")
        )
        #expect(try violation { $0[5].body = [1, 2, 3] }.hasSuffix("has too short a salt"))
        #expect(
            try violation { $0[5].body = [] }
                == "event #6 has no payload, and no event says that it was redacted"
        )
    }

    @Test func `commands and times must follow each other as they did`() async throws {
        let clock = TestClock(2_000)
        let harness = try LogHarness(clock: clock)
        let other = try LogHarness(clock: TestClock(1_000))
        try await harness.append("same", [[1]])
        try await harness.append("two", [[1], [2]])
        try await other.append("first", [[1]])
        try await other.append("same", [[1]])
        try await other.append("three", [[1], [2]])
        let (here, there) = (try Self.stored(harness.log), try Self.stored(other.log))
        func violation(_ events: [Stored], _ name: String) throws -> String {
            do throws(LogBuildError) {
                _ = try Self.build(events, at: harness.directory.sub(name))
            } catch {
                return "\(error)"
            }
            throw TestFailure("it was made")
        }
        #expect(
            try violation([here[0], there[1]], "time")
                == "event #2 was recorded before the event that precedes it"
        )
        #expect(
            try violation([there[0], here[1], there[2], there[3]], "index").contains("event #3")
        )
        #expect(
            try violation([there[0], there[1], here[2]], "command")
                == "event #3 belongs to no command that begins before it"
        )
        clock.set(3_000)
        let third = try LogHarness(clock: clock)
        try await third.append("a", [[1]])
        try await third.append("same", [[1]])
        let twice = [here[0], try Self.stored(third.log)[1]]
        #expect(
            try violation(twice, "twice")
                == "event #1 repeats the command id same of an earlier command"
                || violation(twice, "again").contains("repeats the command id same")
        )
    }

    @Test func `a redaction explains a payload that is missing, and none that is there`()
        async throws
    {
        let (harness, events) = try await Self.harness()
        var redacted = events
        redacted[5].body = []
        let path = harness.directory.sub("redacted")
        let root = try harness.root
        #expect(try Self.build(redacted, at: path, redactions: [(6, 9)]) == root)
        let copy = try EventLog.open(at: path, access: .read)
        #expect(try copy.verify().isEmpty)
        let event = try copy.read { (snapshot) throws(EventLogError) in
            try snapshot.event(at: Position(rawValue: 6))
        }
        #expect(event.payload == nil && event.redaction == Position(rawValue: 9))
        #expect(throws: LogBuildError.self) {
            _ = try Self.build(
                events,
                at: harness.directory.sub("there"),
                redactions: [(6, 9)]
            )
        }
    }
}
