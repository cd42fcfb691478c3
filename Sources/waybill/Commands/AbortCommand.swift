import ArgumentParser
import Requests

struct AbortCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "abort",
        abstract: "End a promotion before it is done.",
        discussion: """
            The promotion waits or runs. A runner notices with its next report.

            For example: waybill abort prod.01kb….2f2aa05 --reason 'wrong freight'
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(help: "The promotion's name.", completion: Completions.promotions)
    var promotion: String

    private var asked: AbortChange {
        var asked = AbortChange()
        asked.promotion = promotion
        return asked
    }

    func run() async throws {
        try await CommandClient(options, change).execute(asked, change)
    }
}
