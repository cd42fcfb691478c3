import EventLog
import Glibc
import LMDB

/// The log against bare LMDB, on the same disk, in the same run.
enum LogBenchmark {
    private static let eventCount = 200_000
    private static let commitEventCount = 1000
    private static let payloadByteCount = 256

    private static let roundCount = 7

    /// Measures everything in several rounds and prints the medians.
    ///
    /// `part` measures one thing alone, for a profiler.
    static func run(in parent: String, part: String?) async throws {
        let directory = StoreDirectory("\(parent)/bench-\(getpid())")
        try directory.make()
        var rounds: [[String: Measurement]] = []
        for round in 0..<(part == nil ? roundCount : 1) {
            let place = StoreDirectory(directory.path + "/\(round)")
            try place.make()
            let measured = try await measure(place.path, part).map { ($0.name, $0) }
            rounds.append(Dictionary(measured) { $1 })
        }
        print(rounds)
    }

    private static func measure(_ path: String, _ part: String?) async throws -> [Measurement] {
        var results: [Measurement] = []
        func wants(_ name: String) -> Bool { part == nil || part == name }
        if wants("raw") { results.append(try await rawAppend(path + "/raw")) }
        if wants("one") || wants("scan") { results.append(try await oneCommand(path + "/one")) }
        if wants("many") { results.append(try await manyCommands(path + "/many")) }
        if wants("alone") { results.append(try await writers(1, path + "/alone")) }
        if wants("crowd") { results.append(try await writers(16, path + "/crowd")) }
        if wants("scan") {
            results += try await scans(path + "/one")
            results.append(try await verify(path + "/one"))
        }
        return results
    }

    private static func print(_ rounds: [[String: Measurement]]) {
        Output.line("| what | events/s | ratio | wanted | |\n|---|---|---|---|---|")
        let rows: [(name: String, against: String?, wanted: Double?)] = [
            (Name.raw, nil, nil), (Name.one, Name.raw, 0.3), (Name.many, Name.raw, nil),
            (Name.alone, nil, nil), (Name.crowd, Name.alone, 8), (Name.events, nil, 1_000_000),
            (Name.headers, nil, nil), (Name.verify, nil, nil),
        ]
        for row in rows {
            let rates = rounds.compactMap { $0[row.name]?.rate }
            guard !rates.isEmpty else { continue }
            let ratios = rounds.compactMap { round -> Double? in
                guard let mine = round[row.name], let other = row.against.flatMap({ round[$0] })
                else { return nil }
                return mine.rate / other.rate
            }
            Output.line(
                Measurement.line(row.name, rates, ratios, against: row.against, row.wanted)
            )
        }
        Output.line("\nPeak resident anonymous memory: \(Memory.peakAnonymousMiB()) MiB")
    }

    private enum Name {
        static let raw = "bare LMDB, commits of 1,000"
        static let one = "log, commands of 1,000 events"
        static let many = "log, 1,000 callers, commands of one event"
        static let alone = "log, one writer, one event each"
        static let crowd = "log, 16 writers, one event each"
        static let events = "scan and decode headers and payloads"
        static let headers = "scan and decode headers"
        static let verify = "verify everything"
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
        return try await Measurement.take(Name.raw, eventCount) {
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
        let result = try await Measurement.take(Name.one, eventCount) {
            for commit in 0..<eventCount / commitEventCount {
                try await submit("import:\(commit)", payloads, log)
            }
        }
        await log.close()
        return result
    }

    /// A thousand callers, each with commands of one event, so that a commit takes a thousand.
    private static func manyCommands(_ path: String) async throws -> Measurement {
        let log = try EventLog.create(at: path)
        let result = try await Measurement.take(Name.many, eventCount) {
            try await callers(commitEventCount, eventCount / commitEventCount, log)
        }
        await log.close()
        return result
    }

    private static func writers(_ count: Int, _ path: String) async throws -> Measurement {
        let log = try EventLog.create(at: path)
        let each = count == 1 ? 2000 : 1000
        let name = count == 1 ? Name.alone : Name.crowd
        let result = try await Measurement.take(name, count * each) {
            try await callers(count, each, log)
        }
        await log.close()
        return result
    }

    private static func callers(_ count: Int, _ each: Int, _ log: EventLog) async throws {
        let payloads = [payload(1)]
        try await withThrowingTaskGroup { group in
            for _ in 0..<count {
                group.addTask {
                    for _ in 0..<each {
                        try await submit(CommandNames.next(), payloads, log)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func submit(_ id: String, _ payloads: [[UInt8]], _ log: EventLog) async throws {
        let submission = Submission<Never>(
            commandID: CommandID(unchecked: id),
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
                try await Measurement.take(Name.events, eventCount) {
                    try log.read { (snapshot) throws(EventLogError) in
                        try snapshot.forEachEvent { (event) throws(EventLogError) in
                            byteCount += event.payload?.count ?? 0
                            return true
                        }
                    }
                },
                try await Measurement.take(Name.headers, eventCount) {
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
        return try await Measurement.take(Name.verify, eventCount) {
            let findings = try log.verify()
            precondition(findings.isEmpty, "\(findings)")
        }
    }
}
