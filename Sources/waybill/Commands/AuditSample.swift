import ArgumentParser
import EventLog
import Ledger
import PromotionModel
import Requests

struct AuditSample: AsyncParsableCommand {
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
    var format: ChangeLineFormat?

    @Option(name: .shortAndLong, help: "How many changes.")
    var number = 25

    @Option(help: "Any text; the same text draws the same sample.")
    var seed: String

    func run() async throws {
        guard (1...Self.countMax).contains(number) else {
            throw CommandFailure.usage("--number takes 1 to \(Self.countMax)")
        }
        var question = SampleQuestion()
        question.number = number
        question.seed = seed
        question.format = format?.rawValue
        try await CommandClient(asking: options).answer(period.asked(by: question))
    }
}
