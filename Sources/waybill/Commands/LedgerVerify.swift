import ArgumentParser
import EventLog
import Expressions
import Ledger
import Requests

struct LedgerVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every page of the store, position, hash, tree node and command id.",
        discussion: """
            The pages of the data file, then positions, headers, payload hashes, Merkle hashes, \
            command ids and head; what is wrong is told table by table, the first findings of each \
            kind, and ends with exit code 5. If the ledger cannot be checked, it ends with 1.

            --projections makes every other row anew from the events, in a scratch store under \
            TMPDIR (default /tmp), and compares it. --against compares with a checkpoint that was \
            kept elsewhere: so a ledger that was put back to an older copy is found.

            --against-git looks at every commit that a promotion of this ledger made, in a \
            repository that others may have a copy of: what the log was then must be how it \
            still begins. The checkpoint that was signed last is always looked at.

            It runs in a process of its own, so that a file which crashes it is a finding, too. \
            Others may write meanwhile; what they free is not used again until it ends.

            For example: waybill ledger verify --projections
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var what: VerificationOptions
    @OptionGroup var git: GitAnchorOptions

    func run() async throws {
        try what.check()
        let anchors = try await git.anchors()
        let scratch = what.projections ? try WorkDirectories.makeTemporary("waybill-verify-") : nil
        defer { if let scratch { WorkDirectories.remove(scratch) } }
        let progress = ProgressBar("verify")
        defer { progress.end() }
        var report = try VerificationWorker(try options.path, what, scratch).run(progress)
        progress.end()
        var commits: String?
        if let anchors {
            if report.findings.isEmpty {
                // The pages are sound, so this process can open the ledger.
                let found = try anchors.report(on: try Session(reading: options))
                report.findings += found.findings
                commits = found.sentence
            } else {
                report.skipped.append("commits")
            }
        }
        let sentences = [sentence(report.summary), commits].compactMap(\.self)
        try Findings.tell(report, options, sound: sentences.joined(separator: "; "))
    }

    private func sentence(_ summary: VerificationSummary) -> String {
        var sentence =
            summary.checkedCount < summary.eventCount
            ? "the last \(summary.checkedCount) of \(summary.eventCount) events are sound"
            : "\(summary.eventCount) events are sound"
        if what.projections { sentence += ", and make \(summary.rowCount) rows, all as stored" }
        switch what.against.count {
        case 0: break
        case 1: sentence += "; they extend the checkpoint"
        default: sentence += "; they extend all \(what.against.count) checkpoints"
        }
        return sentence
    }
}

/// What is verified.
struct VerificationOptions: ParsableArguments {
    @Flag(
        help: "Check only the meta pages, the list of tables, the head and the last 1,000 events."
    )
    var quick = false

    @Flag(help: "Make every projection anew from the events, and compare it row by row.")
    var projections = false

    @Option(
        help: "A file with a checkpoint that was kept elsewhere; may be given several times.",
        completion: .file()
    )
    var against: [String] = []

    /// Refuses what makes no sense together.
    func check() throws(CommandFailure) {
        if quick, projections {
            throw .usage(
                "--quick looks at the end of the log only, and --projections at all of it; leave "
                    + "one of them out"
            )
        }
    }
}
