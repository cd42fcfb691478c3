package import EventLog
package import Ledger
import LedgerAPI
import PromotionModel

/// Which events are wanted.
package struct EventSelection: Sendable {
    /// Events about this or concerning it, such as `stage/prod`.
    package var subject: String?
    /// Events about things of this kind, such as `promotion`.
    package var kind: String?
    /// Events by this actor.
    package var actor: String?
    /// Events of these types.
    package var types: [String] = []
    /// Events that say this.
    package var text: String?

    /// All events.
    package init() {}

    /// The filter that is meant, of the project if somebody said which.
    package func filter(_ choice: ProjectChoice, _ view: View) throws -> AuditFilter {
        var filter = AuditFilter()
        filter.seen = choice.seen
        filter.actor = actor
        filter.types = try eventTypes()
        filter.kind = try subjectKind()
        filter.text = text
        if let asked = try subject.map(Names.subject) {
            let project = try Names.project(of: asked, choice, view)
            filter.narrow(to: try Names.resolved(asked, in: project, view), in: project)
        } else if choice.said != nil {
            filter.project = try choice.name(view.facts)
        }
        return filter
    }

    private func eventTypes() throws -> Set<EventType> {
        var found: Set<EventType> = []
        for name in types {
            guard let type = EventType(name: name) else {
                let known = EventType.allCases.map(\.name).joined(separator: ", ")
                throw CommandFailure.usage(
                    "\(name.quotedForDisplay) is no type of event; there are \(known)"
                )
            }
            found.insert(type)
        }
        return found
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
}

/// Events that fit, newest first: `waybill audit events`.
package struct EventsQuestion: PagedQuestion {
    package var at: String?
    package var limit: Int?
    package var cursor: String?
    package var selection = EventSelection()
    /// Not before this moment.
    package var since: String?
    /// Not after this moment.
    package var until: String?

    package init() {}

    package var place: RequestPlace { .ofProject("audit/events") }

    package static let fields: [RequestField<EventsQuestion>] = [
        .at, .limit, .cursor,
        .text(
            "subject",
            \.selection.subject,
            "Events about this or concerning it, such as stage/prod; freight by alias or id."
        ),
        .text("kind", \.selection.kind, "Events about things of this kind, such as promotion."),
        .text("actor", \.selection.actor, "Events by this actor."),
        .texts("type", \.selection.types, "Events of these types, such as PromotionRequested."),
        .text(
            "text",
            \.selection.text,
            "Events that say this: reason, message, name, subject or actor; A to Z match a to z."
        ),
        .text("since", \.since, "Not before this moment."),
        .text("until", \.until, "Not after this moment."),
    ]

    package func answer(_ desk: Desk) throws -> Answer {
        let from = try since.map { try desk.first(since: $0) } ?? Position(rawValue: 1)
        var through = Position(rawValue: .max)
        if let until {
            through = try desk.read(at: try .said(until)) { view in view.moment.position }
        }
        return try desk.read(at: try .said(at)) { view in
            var filter = try selection.filter(desk.choice, view)
            filter.from = from
            filter.through = through
            let page = try paging.page { try view.events(filter, before: $0, limit: $1) }
            let listing = EventTable.result(page.items, next: page.cursor)
            guard !desk.form.isStructured else {
                return .value(
                    Shape.list(listing.values, at: view.moment.position, next: page.cursor)
                )
            }
            return .text(listing.table.text + Paging.more(page.cursor))
        }
    }
}

extension Desk {
    /// The first position that counts for what happened since a moment.
    package func first(since text: String) throws -> Position {
        let reference: MomentReference = try .said(text)
        return try read(at: reference) { view in
            // A time means what was recorded after it; a position means that very event.
            switch reference {
            case .position, .promotion, .bookmark: view.moment.position
            case .now, .time, .ago, .day: view.moment.position.next
            }
        }
    }
}
