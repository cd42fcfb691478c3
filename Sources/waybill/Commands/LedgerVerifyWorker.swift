import ArgumentParser
import EventLog
import Glibc
import LMDB
import Ledger
import PromotionModel
import Transparency
import Requests

/// What `ledger verify` starts as a process of its own: it may crash, and that is an answer.
///
/// It says what it does and finds in lines of JSON (`VerificationMessage`).
struct LedgerVerifyWorker: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-worker",
        abstract: "The process that waybill ledger verify starts.",
        discussion: "For example: waybill ledger verify-worker",
        shouldDisplay: false
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var what: VerificationOptions

    @Option(help: "An empty directory for a store.")
    var scratch: String?

    func run() throws {
        // A crash is expected here, and what the memory was like is nobody's business.
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        do {
            let checkpoints = try what.against.map { try CheckpointFile(path: $0) }
            try LogInspection.read(at: try options.path) { (inspection) throws(LedgerError) in
                try verify(inspection, checkpoints)
            }
        } catch LedgerError.log(.damaged(_, let what)) {
            rotten(what)
        } catch LedgerError.log(.truncated(_, let has, let needed)) {
            rotten("was cut off: it has \(has) bytes of \(needed)")
        } catch {
            say(.failure(Report.failure(error)))
        }
    }

    private func say(_ message: VerificationMessage) {
        Output.line(message.line)
    }

    /// Reports a file that not even begins as it should.
    private func rotten(_ what: String) {
        say(.finding(VerificationFinding(table: "data.mdb", rule: "metaPage", what: what)))
        say(.done(VerificationSummary()))
    }

    private func verify(
        _ inspection: LogInspection,
        _ checkpoints: [CheckpointFile]
    ) throws(LedgerError) {
        var summary = VerificationSummary()
        say(.phase("the pages and the log"))
        var percent: UInt64?
        let result = inspection.verify(
            what.quick ? .end(eventCount: Self.quickEventCount) : .all,
            // Where they are compared, a missing one is found then.
            clientTables: what.projections ? [] : expectedTables(inspection),
            redactionType: RedactionCheck.eventType
        ) { done, size in
            let now = done * 100 / size
            if now != percent { say(.progress(done: done, size: size)) }
            percent = now
        }
        summary.eventCount = result.eventCount
        summary.checkedCount = result.checkedCount
        summary.pageCount = result.pageCount
        var findings = result.findings
        for finding in RedactionCheck(inspection).findings(result) { findings.add(finding) }
        say(.phase("the checkpoints"))
        let comparison = CheckpointComparison(inspection)
        for finding in comparison.ownFindings() { findings.add(finding) }
        for file in checkpoints {
            if let finding = comparison.finding(file.kept, name: file.path) {
                findings.add(finding)
            }
        }
        tell(findings)
        if what.projections { summary.rowCount = try projections(inspection, findings) }
        say(.done(summary))
    }

    private static let quickEventCount: UInt64 = 1000

    /// The tables that this version of the program needs, if the ledger is of this version.
    private func expectedTables(_ inspection: LogInspection) -> [String] {
        inspection.clientVersion == Ledger.projectionVersion ? Ledger.projectionTables : []
    }

    private func tell(_ findings: FindingList<VerificationFinding>) {
        for finding in findings.findings { say(.finding(finding)) }
        for (kind, count) in findings.omitted {
            say(.omitted(OmittedFindings(table: kind.table, rule: kind.rule, count: count)))
        }
    }

    /// Compares the projections; returns how many rows there should be.
    private func projections(
        _ inspection: LogInspection,
        _ findings: FindingList<VerificationFinding>
    ) throws(LedgerError) -> UInt64 {
        // Events that are not what they were make other rows, and that is no news.
        if findings.contains(tables: ["headers", "payloads"]) {
            say(.notCompared)
            return 0
        }
        guard let scratch else { return 0 }
        say(.phase("the projections"))
        var percent: UInt64?
        let result = try ProjectionCheck(inspection).run(into: scratch) { done, size in
            let now = done * 100 / size
            if now != percent { say(.progress(done: done, size: size)) }
            percent = now
        }
        tell(result.findings)
        return result.rowCount
    }
}
