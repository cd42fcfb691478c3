import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel

/// Everything about one thing, with its notes: `waybill describe`.
package struct DescriptionQuestion: MomentQuestion {
    package var at: String?
    /// The thing, such as `stage/prod`.
    package var subject = ""

    package init() {}

    package var place: RequestPlace { .ofProject("describe") }

    package static let fields: [RequestField<DescriptionQuestion>] = [
        .at,
        .text(
            "subject",
            \.subject,
            "The thing, such as stage/prod, freight/2026.47, promotion/NAME or event/#1234."
        ),
    ]

    /// How many of its notes, and of its events, are shown.
    private static let listedCountMax = 10

    package func answer(_ desk: Desk) throws -> Answer {
        let reference: MomentReference = try .said(at)
        if subject.hasPrefix("event/") { return try event(desk, reference) }
        return try desk.read(at: reference) { view in
            let project = try project(desk, view)
            let display = Display(view: view, project: project)
            if subject.hasPrefix("bookmark/") {
                let name = String(subject.dropFirst(9))
                let bookmark = try view.bookmark(name, in: project)
                let value = bookmark.map { Shape.bookmark($0, in: project) }
                return try told(try known(value, in: project, view), display, desk)
            }
            let found = try value(try Names.subject(subject), in: project, view)
            let value = try known(found.value, in: project, view)
            let notes = try view.notes(
                about: found.subject,
                in: project,
                limit: Self.listedCountMax
            ).items
            let answer = try told(value, notes: notes, display, desk)
            guard case .text(let text) = answer else { return answer }
            var filter = AuditFilter()
            filter.narrow(to: found.subject, in: project)
            let page = try view.events(filter, limit: Self.listedCountMax)
            let events = EventTable.result(page.items, next: nil).table.indented
            return .text(text + "\nLast events\n" + events)
        }
    }

    /// A value for programs, or a page for people.
    private func told(
        _ value: Value,
        notes: [Note] = [],
        _ display: Display,
        _ desk: Desk
    ) throws -> Answer {
        guard !desk.form.isStructured else {
            return .value(notes.isEmpty ? value : value.adding("notes", notes.map(Shape.note)))
        }
        var page = try Description(display: display, value: value).page()
        page.table(
            "Notes",
            ["AT", "BY", "NOTE"],
            notes.map { [$0.at.text, $0.actor, $0.text] }
        )
        return .text(page.text)
    }

    /// The project that the thing is in: itself, if it is one.
    private func project(_ desk: Desk, _ view: View) throws -> ProjectName {
        guard let asked = Subject(rawValue: subject) else {
            return try desk.choice.name(view.facts)
        }
        guard asked.kind == .project else {
            return try Names.project(of: asked, desk.choice, view)
        }
        guard let name = ProjectName(rawValue: asked.name) else {
            throw CommandFailure.usage(
                "\(asked.name.quotedForDisplay) cannot be the name of a project; see waybill get "
                    + "projects"
            )
        }
        return name
    }

    private func event(_ desk: Desk, _ reference: MomentReference) throws -> Answer {
        try desk.read(at: reference) { view in
            let event = try Names.event(String(subject.dropFirst(6)), desk.choice, view)
            let project = ProjectName(unchecked: event.header.project)
            return try told(Shape.event(event), Display(view: view, project: project), desk)
        }
    }

    /// The value, or the failure that there is no such thing.
    private func known(_ value: Value?, in project: ProjectName, _ view: View) throws -> Value {
        guard let value, !value.isNull else {
            let parts = subject.split(separator: "/", maxSplits: 1).map(String.init)
            throw CommandFailure.unknown(parts[0], parts.last ?? "", in: project, view)
        }
        return value
    }

    private func value(
        _ subject: Subject,
        in project: ProjectName,
        _ view: View
    ) throws -> (value: Value, subject: Subject) {
        let name = subject.name
        switch subject.kind {
        case .project:
            return (try Shape.project(project, view), subject)
        case .warehouse:
            guard let name = WarehouseName(rawValue: name) else { break }
            return (try Shape.warehouse(name, in: project, view), subject)
        case .stage:
            guard let name = StageName(rawValue: name) else { break }
            return (try Shape.stage(name, in: project, view), subject)
        case .junction:
            guard let name = JunctionName(rawValue: name) else { break }
            return (try Shape.junction(name, in: project, view), subject)
        case .promotion:
            guard let name = PromotionName(rawValue: name) else { break }
            return (try Shape.promotion(name, in: project, view), subject)
        case .freight:
            let resolved = try Names.resolved(subject, in: project, view)
            let id = FreightID(unchecked: resolved.name)
            return (try Shape.freight(id, in: project, view), resolved)
        case .task:
            guard let name = TaskName(rawValue: name) else { break }
            return (try Shape.task(name, in: project, view), subject)
        case .clusterTask:
            guard let name = TaskName(rawValue: name) else { break }
            return (try Shape.task(name, in: .cluster, view), subject)
        case .cluster where name == Subject.cluster.name:
            return (try Shape.cluster(view), .cluster)
        case .cluster: break
        case .token:
            guard let name = TokenName(rawValue: name) else { break }
            let token = try view.ask { facts throws(FactsFailure) in try facts.token(name) }
            guard let token else { throw CommandFailure(.unknownToken(name)) }
            return (Shape.token(name, token, at: view.moment.time), subject)
        case .user, .group:
            throw CommandFailure.usage(
                "\(subject.rawValue.quotedForDisplay) is only known by its roles; see waybill role "
                    + "list"
            )
        case nil:
            throw CommandFailure.usage(
                "\(subject.rawValue.quotedForDisplay) cannot be described; write KIND/NAME, such "
                    + "as stage/prod"
            )
        }
        return (.null, subject)
    }
}

extension Value {
    /// The same object with a list more.
    fileprivate func adding(_ name: String, _ items: [Value]) -> Value {
        guard case .object(var members) = self else { return self }
        members[name] = .array(items)
        return .object(members)
    }
}
