import ArgumentParser
import EventLog
import Ledger
import PromotionModel

/// Which events are wanted.
struct EventFilterOptions: ParsableArguments {
    @Option(
        help: "Events about this or concerning it, such as stage/prod; freight by alias or id.",
        completion: Completions.subjects
    )
    var subject: String?

    @Option(help: "Events about things of this kind, such as promotion.")
    var kind: String?

    @Option(help: "Events by this actor.")
    var actor: String?

    @Option(help: "Events of this type, such as PromotionRequested; may be repeated.")
    var type: [String] = []

    @Option(
        help:
            "Events that say this: reason, message, name, subject or actor; A to Z match a to z."
    )
    var text: String?

    /// The filter that the options ask for, of the project if somebody said which.
    func filter(_ options: LedgerOptions, _ view: View) throws -> AuditFilter {
        var filter = AuditFilter()
        filter.actor = actor
        filter.types = try types()
        filter.kind = try subjectKind()
        filter.text = text
        if let asked = try subject.map(Names.subject) {
            let project = try Names.project(of: asked, options, view)
            filter.narrow(to: try Names.resolved(asked, in: project, view), in: project)
        } else if options.namesProject {
            filter.project = try options.projectName(view.facts)
        }
        return filter
    }

    /// The first position that counts for what happened since a moment.
    static func first(since: String, _ session: Session) throws -> Position {
        let reference = try MomentOptions.reference(since)
        return try session.read(at: reference) { view, _ in
            // A time means what was recorded after it; a position means that very event.
            switch reference {
            case .position, .promotion, .bookmark: view.moment.position
            case .now, .time, .ago, .day: view.moment.position.next
            }
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
}
