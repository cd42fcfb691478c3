import ArgumentParser
import Expressions
import PromotionModel
import Requests

struct AuditEvidence: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: "Everything about one change, with a proof of each event.",
        discussion: """
            A folder with a page to read (index.html), the change as 'audit population' tells it \
            (change.json), and each event that says something about it as JSON and with a C2SP \
            tlog-proof to a signed checkpoint: the request and what led to it, steps, end, \
            verification, approvals and quarantine of its freight, how that was made and found, \
            holds of automation, the restore that asked for it, bookmarks and notes.

            docs/AUDIT.md says how an auditor checks it without Waybill.

            For example: waybill audit evidence \
            prod.01m839zrya000000000000008k.b01e8ee --out evidence
            """
    )

    @OptionGroup var options: LedgerOptions

    @Argument(help: "The promotion.", completion: Completions.promotions)
    var promotion: String

    @Option(help: "A new directory for the evidence.")
    var out: String

    func run() async throws {
        var question = EvidenceQuestion()
        question.promotion = try Names.promotion(promotion).rawValue
        let names = try await AuditFolder.make(question, at: out, options)
        let count = names.count { $0.hasSuffix(".tlog-proof") }
        guard !options.isStructured else {
            return options.show(["events": .int(Int64(count)), "path": .string(out)])
        }
        Output.line(
            "Wrote \(count) events about \(question.promotion), each with its proof, to \(out)"
        )
    }
}
