import EventLog
import Expressions
import Glibc
import Ledger
import LedgerAPI
import Synchronization
import LMDB

/// How the process does, by what can go wrong.
struct Health {
    private var findings: [(name: String, problem: String?)] = []

    /// Whether nothing is wrong.
    var isWell: Bool { findings.allSatisfy { $0.problem == nil } }

    init(_ core: ServerCore) {
        findings.append(("writer", Self.writer(core)))
        findings.append(contentsOf: Self.store(core))
        findings.append(("disk", Self.disk(core.ledger.log.path)))
    }

    var value: Value {
        Shape.object([
            ("status", isWell ? "well" : "unwell"),
            (
                "findings",
                .array(
                    findings.map { finding in
                        Shape.object([
                            ("name", .string(finding.name)),
                            ("isWell", .bool(finding.problem == nil)),
                            ("problem", finding.problem.map { .string($0) } ?? .null),
                        ])
                    }
                )
            ),
        ])
    }

    private static func writer(_ core: ServerCore) -> String? {
        guard core.doubt.withLock({ $0 }) == nil else {
            return "the last commit is in doubt; the process ends, start it again"
        }
        return nil
    }

    /// The longest lead of the recorded time over the clock that is no finding.
    private static let clockLagMillisecondsMax: Int64 = 60_000
    /// Transactions that a reader may be behind before the file grows for it.
    private static let readerLagMax: UInt64 = 100_000

    private static func store(_ core: ServerCore) -> [(name: String, problem: String?)] {
        do {
            let head = try core.ledger.log.head()
            let lead = head.recorded.milliseconds(since: .wallClock())
            let statistics = try core.ledger.log.statistics()
            let lag = statistics.oldestReaderLag
            return [
                (
                    "clock",
                    lead > clockLagMillisecondsMax
                        ? "the clock is \(lead / 1000) s behind the last event; set it" : nil
                ),
                (
                    "readers",
                    lag > readerLagMax
                        ? "a reader is \(lag) transactions behind; end it, see waybill ledger info"
                        : nil
                ),
            ]
        } catch {
            return [("store", "the ledger cannot be read: \(error)")]
        }
    }

    /// Less free space than this is a finding: 256 MiB.
    private static let freeBytesMin: UInt64 = 256 << 20

    private static func disk(_ path: String) -> String? {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { return "the disk cannot be looked at" }
        let free = UInt64(status.f_bavail) * UInt64(status.f_frsize)
        return free < freeBytesMin ? "the disk has only \(free >> 20) MiB left; make room" : nil
    }
}
