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
        discussion: "For example: waybill audit --type PromotionRequested --actor ci"
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions

    @Option(help: "Events about this, such as stage/prod.", completion: Completions.subjects)
    var subject: String?

    @Option(help: "Events by this actor.")
    var actor: String?

    @Option(help: "Events of this type, such as PromotionRequested; may be repeated.")
    var type: [String] = []

    @Option(help: "Not before this moment.")
    var from: String?

    @Option(help: "At most so many.")
    var limit: Int = 50

    @Option(help: "What comes before this position: the 'next' of the page before.")
    var before: UInt64?

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be at least 1.") }
    }

    func run() throws {
        let session = try Session(reading: options)
        let asked = try subject.map(Names.subject)
        var filter = AuditFilter()
        filter.actor = actor
        filter.types = try types()
        filter.from = try first(session)
        try session.read(at: try moment.reference()) { view, _ in
            if let asked {
                let project = try options.projectName(view.facts)
                filter.narrow(to: try Names.resolved(asked, in: project, view), in: project)
            } else if options.namesProject {
                filter.project = try options.projectName(view.facts)
            }
            let page = try view.events(
                filter,
                before: before.map { Position(rawValue: $0) } ?? Position(rawValue: .max),
                limit: limit
            )
            let listing = EventTable.result(page.items, next: page.next)
            guard !options.isStructured else {
                return session.show(
                    Shape.list(listing.values, at: view.moment.position, next: page.next)
                )
            }
            Output.text(listing.table.text)
            if let next = page.next { Output.line("(more: --before \(next.rawValue))") }
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

    /// The first position that counts.
    private func first(_ session: Session) throws -> Position {
        guard let from else { return Position(rawValue: 1) }
        let reference = try MomentOptions.reference(from)
        return try session.read(at: reference) { view, _ in
            // A time means what was recorded after it; a position means that very event.
            if case .position(let position) = reference { return position }
            return view.moment.position.next
        }
    }
}
