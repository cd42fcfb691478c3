import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "What happened, newest first: every event, or those that a filter lets through.",
        discussion: """
            Without --subject the headers of events are gone through one by one, and with --text
            what the events say, too.
            For example: waybill audit --type PromotionRequested --actor ci
            or: waybill audit --subject stage/prod --since yesterday
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions
    @OptionGroup var paging: PageOptions

    @Option(help: "Events about this, such as stage/prod.")
    var subject: String?

    @Option(help: "Events about things of this kind, such as promotion.")
    var kind: String?

    @Option(help: "Events by this actor.")
    var actor: String?

    @Option(help: "Events of this type, such as PromotionRequested; may be repeated.")
    var type: [String] = []

    @Option(help: "Events that say this somewhere: in a reason, a message, a name.")
    var text: String?

    @Option(help: "Not before this moment.")
    var since: String?

    @Option(help: "Not after this moment.")
    var until: String?

    func run() throws {
        let session = try Session(reading: options)
        let asked = try subject.map(Names.subject)
        var filter = AuditFilter()
        filter.actor = actor
        filter.types = try types()
        filter.kind = try subjectKind()
        filter.text = text
        filter.from = try first(session)
        filter.through = try last(session)
        try session.read(at: try moment.reference()) { view, _ in
            if let asked {
                let project = try options.projectName(view.facts)
                filter.narrow(to: try Names.resolved(asked, in: project, view), in: project)
            } else if options.namesProject {
                filter.project = try options.projectName(view.facts)
            }
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

    private func types() throws -> Set<EventType> {
        var types: Set<EventType> = []
        for name in type {
            guard let type = EventType(name: name) else {
                let known = EventType.allCases.map(\.name).joined(separator: ", ")
                throw CommandFailure.usage(
                    "\(name.quotedForDisplay) is no type of event; there are \(known)"
                )
            }
            types.insert(type)
        }
        return types
    }

    private func subjectKind() throws -> Subject.Kind? {
        guard let kind else { return nil }
        guard let found = Subject.Kind(rawValue: kind) else {
            let known = Subject.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandFailure.usage(
                "\(kind.quotedForDisplay) is no kind of thing; there are \(known)"
            )
        }
        return found
    }

    /// The first position that counts.
    private func first(_ session: Session) throws -> Position {
        guard let since else { return Position(rawValue: 1) }
        let reference = try MomentOptions.reference(since)
        return try session.read(at: reference) { view, _ in
            // A time means what was recorded after it; a position means that very event.
            switch reference {
            case .position, .promotion, .bookmark: view.moment.position
            case .now, .time, .ago, .day: view.moment.position.next
            }
        }
    }

    /// The last position that counts.
    private func last(_ session: Session) throws -> Position {
        guard let until else { return Position(rawValue: .max) }
        return try session.read(at: try MomentOptions.reference(until)) { view, _ in
            view.moment.position
        }
    }
}
