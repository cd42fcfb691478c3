import ArgumentParser
import EventLog
import Expressions
import Ledger
import PromotionModel

struct AnswerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer",
        abstract: "Give a promotion what its step waits for.",
        discussion: """
            'waybill describe promotion/NAME' says what that is.
            For example: waybill answer prod.01kb….2f2aa05 approved --reason 'tested on staging'
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(help: "The promotion's name.", completion: Completions.promotions)
    var promotion: String

    @Argument(help: "The answer, as text.")
    var answer: String

    @Flag(help: "The answer is JSON, not text.")
    var json = false

    @Option(help: "The index of the step that it is meant for, if another may wait by now.")
    var step: UInt64?

    func run() async throws {
        let name = try Names.promotion(promotion)
        let session = try Session(options, change)
        let command = GiveInput(
            project: try session.project(),
            promotion: name,
            step: step,
            value: try value()
        )
        try await session.execute(
            .giveInput(command),
            change,
            quiet: "Promotion \(name) was given that already."
        ) { _, events in
            Narrator.tell(events)
        }
    }

    private func value() throws -> Value {
        guard json else { return .string(answer) }
        do throws(ExpressionError) {
            return try Value(json: answer)
        } catch {
            throw CommandFailure.usage("the answer is no JSON: \(error)")
        }
    }
}
