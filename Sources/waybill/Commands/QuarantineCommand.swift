import ArgumentParser
import Requests

struct QuarantineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine",
        abstract: "Keep freight, and every bundle that holds it, from going anywhere.",
        discussion: """
            What runs stays where it is. It needs a --reason.

            For example: waybill quarantine swift-otter --reason \"it loses orders\"
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(
        help: "Freight, by alias or at least six digits of its id.",
        completion: Completions.freight
    )
    var freight: String

    private var asked: QuarantineChange {
        var asked = QuarantineChange()
        asked.freight = freight
        return asked
    }

    func run() async throws {
        try await CommandClient(options, change).execute(asked, change)
    }
}
