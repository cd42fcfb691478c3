import ArgumentParser
import EventLog
import Ledger
import PromotionModel

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

    func run() async throws {
        let session = try Session(options, change)
        let command = QuarantineFreight(project: try session.project(), freight: freight)
        try await session.execute(
            .quarantineFreight(command),
            change,
            quiet: "Freight \(freight) is quarantined already."
        ) { _, events in
            Narrator.tell(events)
        }
    }
}
