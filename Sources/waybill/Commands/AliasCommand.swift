import ArgumentParser
import Requests

struct AliasCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alias",
        abstract: "Give freight another alias; the one that it had is free then.",
        discussion: "For example: waybill alias swift-otter 2026.47"
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(
        help: "Freight, by alias or at least six digits of its id.",
        completion: Completions.freight
    )
    var freight: String

    @Argument(help: "Its new alias: up to 63 lower-case letters, digits, - and .")
    var alias: String

    private var asked: AliasChange {
        var asked = AliasChange()
        asked.freight = freight
        asked.alias = alias
        return asked
    }

    func run() async throws {
        try await CommandClient(options, change).execute(asked, change)
    }
}
