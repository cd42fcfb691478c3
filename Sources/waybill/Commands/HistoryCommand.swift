import ArgumentParser
import Requests

struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Everything that a stage ran, or every bundle of a junction, newest first.",
        discussion: """
            Of a stage every combination that it ever ran: since when, how long, who, why, how \
            it was judged, what changed. Of a junction every bundle that was current there.

            A stage or junction that was deleted is told of as well: below the line 'deleted' \
            stands what ran in the one before.

            For example: waybill history stage/prod
            or: waybill history junction/release --slots
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions
    @OptionGroup var paging: PageOptions

    @Argument(
        help: "The stage or junction, such as stage/prod.",
        completion: Completions.consumers
    )
    var subject: String

    @Flag(help: "Show each change of a junction's slots too.")
    var slots = false

    func run() async throws {
        var question = HistoryQuestion()
        question.subject = subject
        question.slots = slots
        try await CommandClient(asking: options).answer(question.of(moment, paging))
    }
}
