import ArgumentParser
import Requests

struct RevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Take an approval back.",
        discussion: "For example: waybill revoke swift-otter --for stage/prod"
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(
        help: "Freight, by alias or at least six digits of its id.",
        completion: Completions.freight
    )
    var freight: String

    @Option(help: "The stage or junction, such as stage/prod.", completion: Completions.consumers)
    var `for`: String

    private var asked: RevocationChange {
        var asked = RevocationChange()
        asked.freight = freight
        asked.consumer = `for`
        return asked
    }

    func run() async throws {
        try await CommandClient(options, change).execute(asked, change)
    }
}
