import ArgumentParser
import Requests

struct AuditEvents: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "What happened, newest first: every event, or those that a filter lets through.",
        discussion: """
            Events of all projects, unless --project or --subject is given. --subject uses an \
            index; without it the headers of events are gone through one by one (a million take \
            about a second), and with --text what the events say, too.

            For example: waybill audit events --subject stage/prod --since yesterday
            or: waybill audit --type PromotionRequested --actor ci
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions
    @OptionGroup var paging: PageOptions

    @OptionGroup var events: EventFilterOptions

    @Option(help: "Not before this moment.")
    var since: String?

    @Option(help: "Not after this moment.")
    var until: String?

    func run() async throws {
        var question = EventsQuestion()
        question.selection = events.selection
        question.since = since
        question.until = until
        try await CommandClient(asking: options).answer(question.of(moment, paging))
    }
}
