import ArgumentParser
import EventLog
import Expressions
import Ledger

struct LedgerVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every position, hash, tree node and command id.",
        discussion: """
            Positions, headers, payload hashes, Merkle hashes, command ids and head. What is \
            wrong is told table by table, and ends with exit code 5.

            --against-git looks at every commit that a promotion of this ledger made, in a \
            repository that others may have a copy of: what the log was then must be how it \
            still begins.

            For example: waybill ledger verify
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var git: GitAnchorOptions

    func run() async throws {
        let session = try Session(reading: options)
        let anchors = try await git.report(on: session)
        let progress = ProgressBar("verify")
        var findings: [VerificationFinding]
        do throws(EventLogError) {
            findings = try session.ledger.log.verify { progress.show($0, of: $1) }
        } catch {
            throw CommandFailure(.log(error))
        }
        findings += try session.ledger.verifyRedactions()
        progress.end()
        let head = try session.ledger.log.head().position
        try Findings.tell(
            findings + (anchors?.findings ?? []),
            options,
            sound: ["\(head.rawValue) events are sound", anchors?.sentence]
                .compactMap(\.self).joined(separator: "; ")
        )
    }
}
