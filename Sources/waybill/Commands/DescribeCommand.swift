import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel

struct DescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Everything about one thing, its notes, and its last events.",
        discussion: """
            KIND is project, warehouse, stage, junction, task, clustertask, cluster, \
            freight, promotion, bookmark or event.
            For example: waybill describe stage/prod
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions

    @Argument(
        help: "The thing, such as stage/prod, freight/2026.47 or promotion/NAME.",
        completion: Completions.subjects
    )
    var subject: String

    /// How many of its notes, and of its events, are shown.
    private static let listedCountMax = 10

    func run() throws {
        let session = try Session(reading: options)
        if subject.hasPrefix("event/") { return try describeEvent(session) }
        try session.read(at: try moment.reference()) { view, _ in
            let project = try project(view)
            let display = Display(view: view, project: project)
            if subject.hasPrefix("bookmark/") {
                let name = String(subject.dropFirst(9))
                let bookmark = try view.bookmark(name, in: project)
                let value = bookmark.map { Shape.bookmark($0, in: project) }
                return try tell(try known(value, in: project, view), display, session)
            }
            let found = try value(try Names.subject(subject), in: project, view)
            let value = try known(found.value, in: project, view)
            let notes = try view.notes(
                about: found.subject,
                in: project,
                limit: Self.listedCountMax
            ).items
            try tell(value, notes: notes, display, session)
            guard !options.isStructured else { return }
            var filter = AuditFilter()
            filter.narrow(to: found.subject, in: project)
            let page = try view.events(filter, limit: Self.listedCountMax)
            Output.text(
                "\nLast events\n" + EventTable.result(page.items, next: nil).table.indented
            )
        }
    }

    /// Writes a value for programs, or a page for people.
    private func tell(
        _ value: Value,
        notes: [Note] = [],
        _ display: Display,
        _ session: Session
    ) throws {
        guard !options.isStructured else {
            return session.show(
                notes.isEmpty ? value : value.adding("notes", notes.map(Shape.note))
            )
        }
        var page = try Description(display: display, value: value).page()
        page.table(
            "Notes",
            ["AT", "BY", "NOTE"],
            notes.map { [$0.at.text, $0.actor, $0.text] }
        )
        Output.text(page.text)
    }

    /// The project that the thing is in: itself, if it is one.
    private func project(_ view: View) throws -> ProjectName {
        guard let asked = Subject(rawValue: subject) else {
            return try options.projectName(view.facts)
        }
        guard asked.kind == .project else { return try Names.project(of: asked, options, view) }
        guard let name = ProjectName(rawValue: asked.name) else {
            throw CommandFailure.usage(
                "\(asked.name.quotedForDisplay) cannot be the name of a project"
            )
        }
        return name
    }

    private func describeEvent(_ session: Session) throws {
        try session.read(at: try moment.reference()) { view, _ in
            let event = try Names.event(String(subject.dropFirst(6)), view)
            let project = ProjectName(unchecked: event.header.project)
            try tell(Shape.event(event), Display(view: view, project: project), session)
        }
    }

    /// The value, or the failure that there is no such thing.
    private func known(_ value: Value?, in project: ProjectName, _ view: View) throws -> Value {
        let isOfProject = project != .cluster && !subject.hasPrefix("project/")
        guard let value, !value.isNull else {
            throw CommandFailure.notFound(
                "there is no \(subject.quotedForDisplay)"
                    + (isOfProject ? " in project \(project)" : "")
                    + " at \(view.moment.position)"
            )
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
