import ArgumentParser
import EventLog
import LMDB
import Ledger

struct LedgerReplay: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Rebuild every projection from the log, and compare it byte for byte.",
        discussion: """
            In a scratch store under TMPDIR (default /tmp); all rows are compared, those of \
            commands too. Differences end with exit code 5.

            For example: waybill ledger replay
            """
    )

    @OptionGroup var options: LedgerOptions

    func run() throws {
        let session = try Session(reading: options)
        let scratch = try WorkDirectories.makeTemporary("waybill-replay-")
        defer { WorkDirectories.remove(scratch) }
        let progress = ProgressBar("replay")
        let result = try session.ledger.replay(into: scratch) { progress.show($0, of: $1) }
        progress.end()
        let findings = result.findings
        try Findings.tell(
            VerificationReport(
                findings: findings.findings,
                omitted: findings.omitted.map { kind, count in
                    OmittedFindings(table: kind.table, rule: kind.rule, count: count)
                },
                summary: VerificationSummary(
                    eventCount: result.eventCount,
                    checkedCount: result.eventCount,
                    rowCount: result.rowCount
                )
            ),
            options,
            sound: "\(result.eventCount) events make \(result.rowCount) rows, all as stored"
        )
    }
}
