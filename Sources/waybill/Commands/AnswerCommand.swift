import ArgumentParser
import Requests

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

    @Option(help: "The index of the step that it is meant for; refused where another waits by now.")
    var step: UInt64?

    private var asked: InputChange {
        var asked = InputChange()
        asked.promotion = promotion
        asked.answer = answer
        asked.json = json
        asked.step = step.map { Int(clamping: $0) }
        return asked
    }

    func run() async throws {
        try await CommandClient(options, change).execute(asked, change)
    }
}
