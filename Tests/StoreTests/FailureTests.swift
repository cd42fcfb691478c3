import EventLog
import LMDB
import Synchronization
import Testing

/// Fails at one point, so and so many times.
final class Saboteur: Sendable {
    private let plan = Mutex<(point: FaultInjection.Point, code: LMDBError.Code, count: Int)?>(nil)

    /// From now on `point` fails `count` times.
    func fail(_ point: FaultInjection.Point, _ code: LMDBError.Code, count: Int = 1) {
        plan.withLock { $0 = (point, code, count) }
    }

    var injection: FaultInjection {
        FaultInjection { [self] point in
            plan.withLock { plan in
                guard let current = plan, current.point == point, current.count > 0 else {
                    return nil
                }
                plan = (current.point, current.code, current.count - 1)
                return current.code
            }
        }
    }
}

@Suite struct FailureTests {
    struct Row: CustomTestStringConvertible {
        let point: FaultInjection.Point
        let code: LMDBError.Code
        /// What a lone submitter is told.
        let error: @Sendable (String) -> EventLogError
        /// Whether its event is in the log all the same.
        let isRecorded: Bool
        /// Whether the log goes on.
        let goesOn: Bool

        var testDescription: String { "\(point) fails with \(code)" }
    }

    static let rows: [Row] = [
        Row(
            point: .begin,
            code: .mapFull,
            error: { .mapFull(path: $0) },
            isRecorded: false,
            goesOn: true
        ),
        Row(
            point: .append,
            code: .mapFull,
            error: { .mapFull(path: $0) },
            isRecorded: false,
            goesOn: true
        ),
        Row(
            point: .append,
            code: .diskFull,
            error: { .diskFull(path: $0) },
            isRecorded: false,
            goesOn: true
        ),
        Row(
            point: .put,
            code: .mapFull,
            error: { .mapFull(path: $0) },
            isRecorded: false,
            goesOn: true
        ),
        Row(
            point: .commit,
            code: .mapFull,
            error: { .mapFull(path: $0) },
            isRecorded: false,
            goesOn: true
        ),
        Row(
            point: .commit,
            code: .diskFull,
            error: { .diskFull(path: $0) },
            isRecorded: false,
            goesOn: true
        ),
        Row(
            point: .commit,
            code: .other(5),
            error: { .inDoubt(path: $0) },
            isRecorded: false,
            goesOn: false
        ),
        Row(
            point: .commit,
            code: .panic,
            error: { .inDoubt(path: $0) },
            isRecorded: false,
            goesOn: false
        ),
        Row(
            point: .committed,
            code: .other(5),
            error: { .inDoubt(path: $0) },
            isRecorded: true,
            goesOn: false
        ),
    ]

    private func sabotaged() throws -> (LogHarness, Saboteur) {
        let saboteur = Saboteur()
        var options = LogOptions(clientTables: ["rows"])
        options.faults = saboteur.injection
        return (try LogHarness(options), saboteur)
    }

    @Test(arguments: rows)
    func `one who fails is told, and the log is whole`(row: Row) async throws {
        let (harness, saboteur) = try sabotaged()
        try await harness.append("before")
        saboteur.fail(row.point, row.code)
        await #expect(throws: row.error(harness.path)) {
            try await harness.append("failing", [[1], [2]])
        }
        #expect(try harness.size == (row.isRecorded ? 3 : 1))
        try harness.check()
        if row.goesOn {
            #expect(try await harness.append("failing", [[1], [2]]).receipt.isDuplicate == false)
            #expect(try harness.size == 3)
        } else {
            await #expect(throws: EventLogError.inDoubt(path: harness.path)) {
                try await harness.append("after")
            }
        }
        try harness.check()
    }

    @Test(arguments: rows.filter { $0.goesOn })
    func `a failure in a batch costs only who fails alone too`(row: Row) async throws {
        let (harness, saboteur) = try sabotaged()
        try await harness.append("before")
        // The first failure hits a batch of many, or a lone first one; the second hits one alone.
        saboteur.fail(row.point, row.code, count: 2)
        let failures = await withTaskGroup { group in
            for number in 0..<40 {
                group.addTask { () -> EventLogError? in
                    do {
                        try await harness.append("c\(number)", [[1], [2]])
                        return nil
                    } catch {
                        return error as? EventLogError
                    }
                }
            }
            return await group.reduce(into: [EventLogError]()) { list, error in
                if let error { list.append(error) }
            }
        }
        #expect(failures.count <= 2)
        #expect(failures.allSatisfy { $0 == row.error(harness.path) })
        #expect(try harness.size == UInt64(1 + 2 * (40 - failures.count)))
        try harness.check()
    }

    @Test func `an author's own failure leaves its neighbours alone`() async throws {
        let harness = try LogHarness()
        try await withThrowingTaskGroup { group in
            for number in 0..<60 {
                group.addTask {
                    if number % 3 > 0 {
                        try await harness.append("c\(number)")
                        return
                    }
                    let submission = Submission<Never>(
                        commandID: CommandID(unchecked: "bad\(number)"),
                        contentHash: .zero
                    ) { (scope) throws(EventLogError) in
                        if number % 2 == 0 {
                            try scope.append(LogHarness.event([1]))
                            try scope.put([1], forKey: [1], in: scope.clientTables["rows"])
                        }
                        throw .notDecided("I do not know")
                    }
                    await #expect(throws: EventLogError.notDecided("I do not know")) {
                        try await harness.log.submit(submission)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try harness.size == 40)
        try harness.check()
    }

    @Test func `more than the queue holds is refused at once`() async throws {
        var options = LogOptions(clientTables: ["rows"])
        options.limits.queueCountMax = 3
        let harness = try LogHarness(options)
        let gate = Mutex(false)
        let busy = Task {
            try await harness.log.submit(
                Submission<String>(commandID: CommandID(unchecked: "slow"), contentHash: .zero) {
                    (_) throws(EventLogError) in
                    while !gate.withLock({ $0 }) {}
                    return .quiet
                }
            )
        }
        // While the writer is busy three may wait; the others are turned away at once.
        let refused = try await withThrowingTaskGroup { group in
            for number in 0..<10 {
                group.addTask { () -> Bool in
                    do {
                        try await harness.append("c\(number)")
                        return false
                    } catch let error as EventLogError {
                        #expect(error == .queueFull(path: harness.path, count: 3))
                        return true
                    }
                }
            }
            var count = 0
            while let isRefused = try await group.next() {
                if isRefused { count += 1 }
                if count == 6 { gate.withLock { $0 = true } }
            }
            return count
        }
        _ = try await busy.value
        #expect(refused >= 6)
        #expect(try harness.size == UInt64(10 - refused))
    }

    @Test(arguments: [
        ("project", 63), ("subject", 320), ("actor", 256), ("source system", 256),
        ("source object", 256),
    ])
    func `a text is as long as its limit and has no control characters`(
        field: String,
        byteCountMax: Int
    ) async throws {
        let harness = try LogHarness()
        func outcome(_ text: String) async -> EventLogError? {
            var event = LogHarness.event([1])
            switch field {
            case "project": event.project = text
            case "subject": event.subject = text
            case "actor": event.actor = EventActor(name: text, assurance: .osUser)
            case "source system": event.source = EventSource(system: text, uid: "")
            default: event.source = EventSource(system: "", uid: text)
            }
            let copy = event
            do {
                _ = try await harness.log.submit(
                    Submission<Never>(
                        commandID: CommandID(unchecked: "c\(text.utf8.count)"),
                        contentHash: .zero
                    ) { (scope) throws(EventLogError) in
                        try scope.append(copy)
                        return .append
                    }
                )
                return nil
            } catch {
                return error
            }
        }
        #expect(await outcome(String(repeating: "a", count: byteCountMax)) == nil)
        let long = await outcome(String(repeating: "a", count: byteCountMax + 1))
        #expect(
            long?.description == "cannot append an event: its \(field) has \(byteCountMax + 1) "
                + "bytes, and may have \(byteCountMax); shorten it"
        )
        #expect(await outcome(String(repeating: "→", count: 3_500_000)) != nil)
        for bad in ["\0", "a\nb", "\u{1b}[31m", "\u{7f}", "\u{85}", "\u{2028}"] {
            let error = await outcome(bad)
            #expect(
                error?.description
                    == "cannot append an event: its \(field) holds a control character; "
                    + "leave it out"
            )
        }
        #expect(try harness.size == 1)
        try harness.check()
    }

    @Test func `a payload and a command are as large as their limits`() async throws {
        let harness = try LogHarness()
        let large = [UInt8](repeating: 1, count: Limits.payloadByteCountMax)
        #expect(try await harness.append("a", [large]).receipt.last.rawValue == 1)
        for (id, payloads) in [
            ("b", [large + [1]]), ("c", [large, large, large]),
            ("d", [[UInt8]](repeating: [], count: 4097)),
        ] {
            let error = await #expect(throws: EventLogError.self) {
                try await harness.append(id, payloads)
            }
            guard case .limitExceeded = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
        #expect(try harness.size == 1)
        try harness.check()
    }
}
