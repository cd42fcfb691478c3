import ArgumentParser
import EventLog
import Ledger
import PromotionModel

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

    func run() async throws {
        let session = try Session(options, change)
        let command = SetFreightAlias(
            project: try session.project(),
            freight: freight,
            alias: alias
        )
        try await session.execute(
            .setFreightAlias(command),
            change,
            quiet: "Freight \(alias) is called so already."
        ) { _, events in
            Narrator.tell(events)
        }
    }
}
