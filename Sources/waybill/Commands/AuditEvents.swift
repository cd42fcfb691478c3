import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel

struct AuditEvents: ParsableCommand {
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

    func run() throws {
        let session = try Session(reading: options)
        let from = try first(session)
        let through = try last(session)
        try session.read(at: try moment.reference()) { view, _ in
            var filter = try events.filter(options, view)
            filter.from = from
            filter.through = through
            let page = try paging.page { try view.events(filter, before: $0, limit: $1) }
            let listing = EventTable.result(page.items, next: page.cursor)
            guard !options.isStructured else {
                return session.show(
                    Shape.list(listing.values, at: view.moment.position, next: page.cursor)
                )
            }
            Output.text(listing.table.text)
            PageOptions.tellMore(page.cursor)
        }
    }

    /// The first position that counts.
    private func first(_ session: Session) throws -> Position {
        try since.map { try EventFilterOptions.first(since: $0, session) } ?? Position(rawValue: 1)
    }

    /// The last position that counts.
    private func last(_ session: Session) throws -> Position {
        guard let until else { return Position(rawValue: .max) }
        return try session.read(at: try MomentOptions.reference(until)) { view, _ in
            view.moment.position
        }
    }
}
