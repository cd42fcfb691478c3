import ArgumentParser
import EventLog
import Ledger
import PromotionModel

struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Let a stage or junction have freight that did not pass what stands before it.",
        discussion:
            "For example: waybill approve swift-otter --for stage/prod --reason \"tested by hand\""
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
        let command = ApproveFreight(
            project: try session.project(),
            freight: freight,
            consumer: consumer
        )
        try await session.execute(
            .approveFreight(command),
            change,
            quiet: "Freight \(freight) is approved for \(consumer.subject) already."
        ) { _, events in
            Narrator.tell(events)
        }
    }
}
