import ArgumentParser
import Requests

struct CollectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collect",
        abstract: "Fill slots of a junction.",
        discussion: """
            Without --freight all slots are filled as the junction's selection says. Freight \
            that the selection would not take holds its slot against automation while it is \
            available; 'waybill collect' without --freight lifts that.

            For example: waybill collect release --freight swift-otter
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(help: "The junction.", completion: Completions.junctions)
    var junction: String

    @Option(
        help: "Freight, by alias or at least six digits of its id; may be repeated.",
        completion: Completions.freight
    )
    var freight: [String] = []

    private var asked: CollectionChange {
        var asked = CollectionChange()
        asked.junction = junction
        asked.freight = freight
        return asked
    }

    func run() async throws {
        try await CommandClient(options, change).execute(asked, change)
    }
}
