import ArgumentParser
import Requests

struct UnquarantineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unquarantine",
        abstract: "Let freight that was quarantined go on.",
        discussion: """
            It needs a --reason.

            For example: waybill unquarantine swift-otter --reason \"it was the database\"
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(
        help: "Freight, by alias or at least six digits of its id.",
        completion: Completions.freight
    )
    var freight: String

    private var asked: QuarantineEndChange {
        var asked = QuarantineEndChange()
        asked.freight = freight
        return asked
    }

    func run() async throws {
        try await CommandClient(options, change).execute(asked, change)
    }
}
