import ArgumentParser
import Expressions
import PromotionModel
import Requests

struct AuditPopulation: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "population",
        abstract: "Every change of a stage in a period, oldest first.",
        discussion: """
            A change is a promotion that began in the period, whatever became of it: each is in \
            exactly one of two periods that meet. It says who asked and who approved, why, what \
            had been verified before, what it changed, how it went, and what an auditor should \
            look at.

            --out writes a folder with the changes as CSV and JSON Lines, and what makes it \
            provable that none is missing: the signed checkpoints before and after the period, the \
            proof that the second extends the first, and the headers of all events in between. \
            tools/verify-population.py checks it without Waybill; docs/AUDIT.md walks through it.

            For example: waybill audit population --stage prod --from 2026-01-01 --to 2026-07-01
            or: waybill audit population --stage prod --format csv
            or: waybill audit population --stage prod --from 2026-01-01 --out h1
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var period: PeriodOptions

    @Option(help: "Write lines for other programs: csv (RFC 4180) or jsonl (JSON Lines).")
    var format: ChangeLineFormat?

    @Option(help: "A new directory for the changes and their proofs.")
    var out: String?

    func run() async throws {
        if let out { return try await write(to: out) }
        var question = PopulationQuestion()
        question.format = format?.rawValue
        try await CommandClient(asking: options).answer(period.asked(by: question))
    }

    private func write(to out: String) async throws {
        guard format == nil else {
            throw CommandFailure.usage("--out writes both formats; leave --format out")
        }
        let asked = period.asked(by: PopulationFolderQuestion())
        _ = try await AuditFolder.make(asked, at: out, options)
        let bytes = try ProofFiles.bytes(of: out + "/population.json")
        let scope = try? Value(json: String(decoding: bytes, as: UTF8.self))
        let (count, after, last) = (scope?["changes"], scope?["after"], scope?["through"])
        guard let count, let after, let last else {
            throw CommandFailure(
                .failure,
                "noServer",
                "\(out.quotedForDisplay) does not say what is in it; look whether --server names a "
                    + "waybill serve of this version"
            )
        }
        guard !options.isStructured else {
            return options.show([
                "changes": count, "path": .string(out), "after": after, "through": last,
            ])
        }
        let changes = count == 1 ? "1 change" : "\(count.json) changes"
        Output.line(
            "Wrote \(changes) of \(period.stage) behind event #\(after.json) and up to "
                + "#\(last.json) to \(out)"
        )
    }
}
