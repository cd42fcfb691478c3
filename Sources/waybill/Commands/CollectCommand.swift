import ArgumentParser
import EventLog
import Ledger
import PromotionModel

struct CollectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collect",
        abstract: "Fill slots of a junction.",
        discussion: """
            Without --freight each slot is filled as the junction's selection says.
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

    func run() async throws {
        let name = try Names.junction(junction)
        let session = try Session(options, change)
        let command = CollectFreight(
            project: try session.project(),
            junction: name,
            freight: freight
        )
        try await session.execute(
            .collectFreight(command),
            change,
            quiet: "Junction \(name) holds that already."
        ) { _, events in
            Narrator.tell(events)
        }
    }
}
