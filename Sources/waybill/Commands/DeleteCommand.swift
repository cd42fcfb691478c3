import ArgumentParser
import EventLog
import Ledger
import PromotionModel

struct DeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a warehouse, junction, stage or task.",
        discussion: """
            Refused while others need it or a promotion runs; promotions that wait are
            aborted. What happened stays in the ledger.
            For example: waybill delete stage/qa --reason 'qa and uat are one'
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(
        help: "What to delete, such as stage/qa, junction/release, warehouse/web or task/deploy.",
        completion: Completions.subjects
    )
    var subject: String

    func run() async throws {
        let resource = try Names.subject(subject)
        let session = try Session(options, change)
        let isForAll = resource.kind == .clusterTask
        let command = DeleteResource(
            project: isForAll ? .cluster : try session.project(),
            resource: resource
        )
        try await session.execute(
            .deleteResource(command),
            change,
            quiet: "There is nothing to delete."
        ) { _, events in
            Narrator.tell(events)
        }
    }
}
