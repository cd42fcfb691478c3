import ArgumentParser
import EventLog
import Ledger
import PromotionModel

struct AuditPopulation: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "population",
        abstract: "Every change of a stage in a period, oldest first.",
        discussion: """
            A change is a promotion that began in the period, whatever became of it: each is in \
            exactly one of two periods that meet. It says who asked and who approved, why, what \
            had been verified before, what it changed, how it went, and what an auditor should \
            look at.

            For example: waybill audit population --stage prod --from 2026-01-01 --to 2026-07-01
            or: waybill audit population --stage prod --format csv
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var period: PeriodOptions

    @Option(help: "Write lines for other programs: csv (RFC 4180) or jsonl (JSON Lines).")
    var format: ChangeListing.LineFormat?

    func run() throws {
        let session = try Session(reading: options)
        try period.read(session) { view, project, stage, after in
            let positions = try view.changes(of: stage, in: project, after: after)
            let listing = ChangeListing(view: view, project: project, options: options)
            try listing.show(positions, as: format)
        }
    }
}
