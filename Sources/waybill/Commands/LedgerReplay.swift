import ArgumentParser
import EventLog
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
        try Findings.tell(
            result.findings,
            options,
            sound: "\(result.eventCount) events make \(result.rowCount) rows, all as stored",
            // The log is what counts; `commands` is a part of it.
            remedy: result.findings.contains { $0.table == "commands" }
                ? "restore it from a backup" : "run waybill ledger rebuild"
        )
    }
}
