import ArgumentParser
import EventLog
import Ledger
import PromotionModel

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

    func run() async throws {
        let consumer = try Names.consumer(`for`)
        let session = try Session(options, change)
        let command = RevokeApproval(
            project: try session.project(),
            freight: freight,
            consumer: consumer
        )
        try await session.execute(
            .revokeApproval(command),
            change,
            quiet: "Nothing was approved."
        ) { _, events in
            Narrator.tell(events)
        }
    }
}
