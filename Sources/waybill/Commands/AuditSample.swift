import ArgumentParser
import EventLog
import Ledger
import PromotionModel

struct AuditSample: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample",
        abstract: "A sample of the changes of a stage in a period that anybody can draw again.",
        discussion: """
            Of all changes those are taken for which SHA-256 over "SEED:POSITION" is least, \
            POSITION being the event with which the change began. Name a seed that nobody could \
            know before the period was over.

            For example: waybill audit sample --stage prod --from 2026-01-01 -n 25 --seed 8134-q3
            """
    )

    private static let countMax = 100_000

    @OptionGroup var options: LedgerOptions
    @OptionGroup var period: PeriodOptions

    @Option(help: "Write lines for other programs: csv (RFC 4180) or jsonl (JSON Lines).")
    var format: ChangeListing.LineFormat?

    @Option(name: .shortAndLong, help: "How many changes.")
    var number = 25

    @Option(help: "Any text; the same text draws the same sample.")
    var seed: String

    func run() throws {
        guard (1...Self.countMax).contains(number) else {
            throw CommandFailure.usage("--number takes 1 to \(Self.countMax)")
        }
        let session = try Session(reading: options)
        try period.read(session) { view, project, stage, after in
            let population = try view.changes(of: stage, in: project, after: after)
            let sample = ChangeSample.draw(number, of: population, seed: seed)
            let listing = ChangeListing(view: view, project: project, options: options)
            try listing.show(sample, as: format)
        }
    }
}
