import ArgumentParser
import EventLog
import Expressions
import Ledger
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
        let session = try Session(writing: options)
        var found: PopulationFolder?
        try period.read(session) { view, project, stage, after in
            found = PopulationFolder(
                session: session,
                project: project,
                stage: stage,
                after: after,
                last: view.moment.position
            )
        }
        guard let folder = found else { preconditionFailure("the period was read") }
        guard folder.after < folder.last else {
            throw CommandFailure.usage(
                "nothing was recorded in the period, which is behind event \(folder.after); name a "
                    + "longer one with --from and --to"
            )
        }
        let count = try await folder.write(to: out)
        await session.ledger.log.close()
        tell(folder, count, out)
    }

    private func tell(_ folder: PopulationFolder, _ count: Int, _ out: String) {
        guard !options.isStructured else {
            return options.show([
                "changes": .int(Int64(count)), "path": .string(out),
                "after": .int(Int64(clamping: folder.after.rawValue)),
                "through": .int(Int64(clamping: folder.last.rawValue)),
            ])
        }
        let changes = count == 1 ? "1 change" : "\(count) changes"
        Output.line(
            "Wrote \(changes) of \(folder.stage) behind event \(folder.after) and up to "
                + "\(folder.last) to \(out)"
        )
    }
}
