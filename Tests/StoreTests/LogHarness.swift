import EventLog
import LMDB
import Synchronization
import Testing

/// A log in a directory of its own, whose every state can be checked as a whole.
final class LogHarness: Sendable {
    let directory: TemporaryDirectory
    let log: EventLog
    let clock: TestClock

    init(
        _ options: LogOptions = LogOptions(clientTables: ["rows"]),
        clock: TestClock = TestClock()
    ) throws {
        directory = try TemporaryDirectory()
        self.clock = clock
        var options = options
        options.mapSizeBytes = min(options.mapSizeBytes, 1 << 30)
        log = try EventLog.create(
            at: directory.sub("ledger"),
            options: options,
            clock: { clock.now }
        )
    }

    var path: String { directory.sub("ledger") }

    /// Submits a command that appends `payloads`, one event each.
    @discardableResult
    func append(
        _ id: String,
        _ payloads: [[UInt8]] = [[1, 2, 3]],
        content: String = "same"
    ) async throws -> Outcome<String> {
        try await log.submit(Self.submission(id, payloads, content: content))
    }

    /// A command that appends `payloads`, one event each.
    static func submission(
        _ id: String,
        _ payloads: [[UInt8]] = [[1, 2, 3]],
        content: String = "same"
    ) -> Submission<String> {
        Submission(commandID: CommandID(unchecked: id), contentHash: hash(content)) {
            (scope) throws(EventLogError) in
            for payload in payloads { try scope.append(event(payload)) }
            return .append
        }
    }

    static func hash(_ text: String) -> Digest { .sha256(Array(text.utf8)) }

    static func event(_ payload: [UInt8]) -> NewEvent {
        NewEvent(
            type: 7,
            project: "shop",
            subject: "stage/uat",
            actor: EventActor(name: "operator", assurance: .asserted),
            payload: payload
        )
    }

    /// Reads the whole log again and verifies everything in it.
    func check(_ location: SourceLocation = #_sourceLocation) throws {
        let findings = try log.verify()
        #expect(findings.isEmpty, "\(findings)", sourceLocation: location)
    }

    var size: UInt64 {
        get throws { try log.head().position.rawValue }
    }
}

/// A clock that stands until a test moves it.
final class TestClock: Sendable {
    private let time: Mutex<Int64>

    init(_ milliseconds: Int64 = 1_700_000_000_000) {
        time = Mutex(milliseconds)
    }

    var now: Timestamp { Timestamp(rawValue: time.withLock { $0 }) }

    func set(_ milliseconds: Int64) {
        time.withLock { $0 = milliseconds }
    }
}

extension Outcome {
    /// The receipt of an accepted command.
    var receipt: Receipt {
        get throws {
            guard case .accepted(let receipt) = self else { throw TestFailure("\(self)") }
            return receipt
        }
    }
}
