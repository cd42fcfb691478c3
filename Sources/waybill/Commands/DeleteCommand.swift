import ArgumentParser
import Requests

struct DeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a warehouse, junction, stage or task.",
        discussion: """
            Tasks are task/NAME, and clustertask/NAME, which is of no project. Refused while \
            others need it or a promotion runs there; promotions that wait are aborted. What \
            happened stays in the ledger, and the name may be used again, see \
            docs/MODEL.md#pipeline.

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

    private var asked: DeletionChange {
        var asked = DeletionChange()
        asked.subject = subject
        return asked
    }

    func run() async throws {
        try await CommandClient(options, change).execute(asked, change)
    }
}
