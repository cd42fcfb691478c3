import ArgumentParser
import EventLog
import Ledger
import PromotionModel

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

    func run() async throws {
        let session = try Session(options, change)
        let command = LiftQuarantine(project: try session.project(), freight: freight)
        try await session.execute(
            .liftQuarantine(command),
            change,
            quiet: "Freight \(freight) is not quarantined."
        ) { _, events in
            Narrator.tell(events)
        }
    }
}
