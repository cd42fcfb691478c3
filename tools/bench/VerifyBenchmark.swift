import EventLog
import Glibc
import LMDB

/// Verifying and opening plain logs of a million events and more.
enum VerifyBenchmark {
    private static let payloadByteCount = 256
    private static let callerCount = 1000
    private static let openingCount = 50
    private static let roundCount = 3

    /// Makes a log for each count in `parent`, unless it is there, and verifies it.
    static func run(in parent: String, eventCounts: [Int]) async throws {
        Output.line("| events | what | result | wanted | |\n|---|---|---|---|---|")
        for count in eventCounts {
            let path = "\(parent)/log-\(count)"
            if try StoreDirectory(path).kind() == .missing { try await make(count, at: path) }
            try measure(count, path)
        }
        Output.line("\nPeak resident anonymous memory: \(Memory.peakAnonymousMiB()) MiB")
    }

    /// Commands of one event each: as many rows in `commands` as there can be.
    private static func make(_ count: Int, at path: String) async throws {
        let log = try EventLog.create(at: path)
        let payload = (0..<payloadByteCount).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let measured = try await Measurement.take("make", count) {
            try await withThrowingTaskGroup { group in
                for caller in 0..<callerCount {
                    group.addTask {
                        for _ in stride(from: caller, to: count, by: callerCount) {
                            try await submit(payload, log)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        await log.close()
        Output.line("| \(count) | make, one event a command | \(Int(measured.rate))/s | | |")
    }

    private static func submit(_ payload: [UInt8], _ log: EventLog) async throws {
        let id = CommandNames.next()
        let submission = Submission<Never>(
            commandID: CommandID(unchecked: id),
            contentHash: .sha256(Array(id.utf8))
        ) { (scope) throws(EventLogError) in
            try scope.append(
                NewEvent(
                    type: 12,
                    project: "shop",
                    subject: "stage/production",
                    actor: EventActor(name: "release-manager", assurance: .oidc),
                    payload: payload
                )
            )
            return .append
        }
        _ = try await log.submit(submission)
    }

    private static func measure(_ count: Int, _ path: String) throws {
        var openings: [Double] = []
        for _ in 0..<openingCount {
            let began = ContinuousClock.now
            let log = try EventLog.open(at: path, access: .read)
            openings.append((ContinuousClock.now - began) / .milliseconds(1))
            withExtendedLifetime(log) {}
        }
        openings.sort()
        let (median, worst) = (openings[openingCount / 2], openings[openingCount - 1])
        row(count, "open, median of \(openingCount)", "\(fixed(median)) ms", "20 ms", median < 20)
        row(count, "open, worst of \(openingCount)", "\(fixed(worst)) ms", "20 ms", worst < 20)
        let log = try EventLog.open(at: path, access: .read)
        let bytes = try log.statistics().usedBytes
        row(count, "data file", "\(bytes >> 20) MiB", "", nil)
        for round in 1...roundCount {
            let rate = try verify(log, .all, count)
            row(count, "verify, round \(round)", "\(Int(rate)) events/s", "300000", rate >= 300_000)
        }
        let began = ContinuousClock.now
        _ = try verify(log, .end(eventCount: 1000), 1000)
        let quick = (ContinuousClock.now - began) / .milliseconds(1)
        row(count, "verify --quick", "\(fixed(quick)) ms", "", nil)
    }

    private static func verify(
        _ log: EventLog,
        _ scope: VerificationScope,
        _ count: Int
    ) throws -> Double {
        let began = ContinuousClock.now
        let result = try log.inspect { (inspection) throws(EventLogError) in
            inspection.verify(scope) { _, _ in Memory.sample() }
        }
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        precondition(result.findings.isEmpty, "\(result.findings.findings)")
        precondition(result.checkedCount == UInt64(count), "all events were checked")
        return Double(count) / seconds
    }

    private static func row(
        _ count: Int,
        _ what: String,
        _ result: String,
        _ wanted: String,
        _ isReached: Bool?
    ) {
        let verdict = isReached.map { $0 ? "reached" : "missed" } ?? ""
        Output.line("| \(count) | \(what) | \(result) | \(wanted) | \(verdict) |")
    }

    private static func fixed(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}
