import EventLog
import Glibc
import LMDB

/// The log against bare LMDB, on the same disk, in the same run.
enum LogBenchmark {
    private static let eventCount = 200_000
    private static let commitEventCount = 1000
    private static let payloadByteCount = 256

    static func run(in parent: String) async throws {
        let directory = StoreDirectory("\(parent)/bench-\(getpid())")
        try directory.make()
        var results: [Measurement] = []
        let raw = try await rawAppend(directory.path + "/raw")
        results.append(raw)
        results.append(
            try await oneCommand(directory.path + "/one").compared(to: raw, atLeast: 0.3)
        )
        results.append(
            try await manyCommands(directory.path + "/many").compared(to: raw, atLeast: 0.3)
        )
        let alone = try await writers(1, directory.path + "/alone")
        results.append(alone)
        results.append(
            try await writers(16, directory.path + "/crowd").compared(to: alone, atLeast: 8)
        )
        results += try await scans(directory.path + "/one")
        results.append(try await verify(directory.path + "/one"))
        Output.line("| what | events/s | against |\n|---|---|---|")
        for result in results { Output.line(result.line) }
        Output.line("\nResident anonymous memory at the end: \(Memory.anonymousMiB()) MiB")
    }

    private static func payload(_ number: Int) -> [UInt8] {
        (0..<payloadByteCount).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ number &* 7) }
    }

    // MARK: - Appending

    private static func rawAppend(_ path: String) async throws -> Measurement {
        try StoreDirectory(path).make()
        let environment = try Environment(
            path: path,
            options: EnvironmentOptions(mapSizeBytes: 16 << 30, creates: true)
        )
        let table = try openTable(environment)
        let payloads = (0..<commitEventCount).map(payload)
        return try await Measurement.take("bare LMDB, commits of 1,000", eventCount) {
            for commit in 0..<eventCount / commitEventCount {
                try append(payloads, at: commit * commitEventCount, table, environment)
            }
        }
    }

    private static func openTable(_ environment: Environment) throws -> Table {
        try environment.openTable("payloads", .positions, create: true)
    }

    private static func append(
        _ payloads: [[UInt8]],
        at start: Int,
        _ table: Table,
        _ environment: Environment
    ) throws {
        try environment.write { (transaction) throws(LMDBError) in
            for (offset, payload) in payloads.enumerated() {
                try transaction.append(payload.span, forKey: UInt64(start + offset), in: table)
            }
        }
    }

    private static func oneCommand(_ path: String) async throws -> Measurement {
        let log = try EventLog.create(at: path)
        let payloads = (0..<commitEventCount).map(payload)
        let result = try await Measurement.take("log, commands of 1,000 events", eventCount) {
            for commit in 0..<eventCount / commitEventCount {
                try await submit("import-\(commit)", payloads, log)
            }
        }
        await log.close()
        return result
    }

    /// A thousand callers, each with commands of one event, so that a commit takes a thousand.
    private static func manyCommands(_ path: String) async throws -> Measurement {
        let log = try EventLog.create(at: path)
        let result = try await Measurement.take(
            "log, 1,000 callers, commands of one event",
            eventCount
        ) {
            try await callers(commitEventCount, eventCount / commitEventCount, log)
        }
        Output.line("1,000 callers made \(log.commitCount) commits of \(eventCount) events")
        await log.close()
        return result
    }

    private static func writers(_ count: Int, _ path: String) async throws -> Measurement {
        let log = try EventLog.create(at: path)
        let each = count == 1 ? 2000 : 1000
        let name = count == 1 ? "log, one writer, one event each" : "log, \(count) writers"
        let result = try await Measurement.take(name, count * each) {
            try await callers(count, each, log)
        }
        Output.line("\(count) writers made \(log.commitCount) commits of \(count * each) events")
        await log.close()
        return result
    }

    private static func callers(_ count: Int, _ each: Int, _ log: EventLog) async throws {
        let payloads = [payload(1)]
        try await withThrowingTaskGroup { group in
            for caller in 0..<count {
                group.addTask {
                    for number in 0..<each {
                        try await submit("\(caller)-\(number)", payloads, log)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func submit(_ id: String, _ payloads: [[UInt8]], _ log: EventLog) async throws {
        let submission = Submission<Never>(
            commandID: CommandID(unchecked: "01936d4e-8f6a-7c3e-\(id)"),
            contentHash: .sha256(Array(id.utf8))
        ) { (scope) throws(EventLogError) in
            for payload in payloads {
                try scope.append(
                    NewEvent(
                        type: 12,
                        project: "shop",
                        subject: "stage/production",
                        actor: EventActor(name: "release-manager", assurance: .oidc),
                        payload: payload
                    )
                )
            }
            return .append
        }
        _ = try await log.submit(submission)
    }

    // MARK: - Reading

    private static func scans(_ path: String) async throws -> [Measurement] {
        let log = try EventLog.open(at: path, access: .read)
        var byteCount = 0
        var results: [Measurement] = []
        for _ in 0..<2 {
            results = [
                try await Measurement.take("scan and decode headers and payloads", eventCount) {
                    try log.read { (snapshot) throws(EventLogError) in
                        try snapshot.forEachEvent { (event) throws(EventLogError) in
                            byteCount += event.payload?.count ?? 0
                            return true
                        }
                    }
                }.compared(toRate: 1_000_000),
                try await Measurement.take("scan and decode headers", eventCount) {
                    try log.read { (snapshot) throws(EventLogError) in
                        try snapshot.forEachHeader { (header) throws(EventLogError) in
                            byteCount += header.subject.utf8.count
                            return true
                        }
                    }
                },
            ]
        }
        precondition(byteCount > 0, "nothing was read")
        return results
    }

    private static func verify(_ path: String) async throws -> Measurement {
        let log = try EventLog.open(at: path, access: .read)
        return try await Measurement.take("verify everything", eventCount) {
            let findings = try log.verify()
            precondition(findings.isEmpty, "\(findings)")
        }
    }
}
