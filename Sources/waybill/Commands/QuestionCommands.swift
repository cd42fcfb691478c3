import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel

struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Everything that a stage ran, newest first.",
        discussion: "For example: waybill history stage/prod"
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions

    @Argument(help: "The stage, such as stage/prod.")
    var subject: String

    @Option(help: "At most so many.")
    var limit: Int = 50

    @Option(help: "What comes before this position: the 'next' of the page before.")
    var before: UInt64?

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be at least 1.") }
    }

    func run() throws {
        let session = try Session(reading: options)
        try session.ask(at: try moment.reference()) { view, project in
            let stage = try Names.stage(subject, in: project, view)
            let page = try view.history(
                of: stage,
                in: project,
                before: before.map { Position(rawValue: $0) } ?? Position(rawValue: .max),
                limit: limit
            )
            guard !options.isStructured else {
                let items = try page.items.map { try Shape.history($0, in: project, view) }
                return session.show(
                    Shape.list(items, at: view.moment.position, next: page.next)
                )
            }
            Output.text(try table(page.items, Display(view: view, project: project)))
            if let next = page.next { Output.line("(more: --before \(next.rawValue))") }
        }
    }

    private func table(_ items: [HistoryEntry], _ display: Display) throws -> String {
        var table = TextTable([
            "POSITION", "AT", "STAYED", "KIND", "BY", "COLLECTION", "RUNS", "CHANGED", "REASON",
        ])
        for entry in items {
            let end = entry.until ?? display.view.moment.time
            let changed = entry.changes.filter { $0.kind.countsAsChanged }.map(\.origin.name)
            table.add([
                "\(entry.position)", entry.at.text,
                Display.duration(end.milliseconds(since: entry.at))
                    + (entry.until == nil ? "+" : ""),
                "\(entry.promotion.kind)", entry.promotion.actor, entry.collection.id.short,
                try carriers(entry.collection, display), changed.joined(separator: ","),
                entry.promotion.reason ?? "",
            ])
        }
        return table.text
    }

    /// The bundles in a combination, and how many parts came by themselves.
    private func carriers(_ collection: FreightCollection, _ display: Display) throws -> String {
        var words: [String] = []
        for carrier in Set(collection.components.map(\.carrier)).sorted() {
            words.append(try display.name(carrier))
        }
        return words.count > 3 ? "\(words.count) parts" : words.joined(separator: " ")
    }
}

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "What differs between two stages, freight, or junctions, at any moments.",
        discussion: """
            Each side is a stage, freight, or a junction (its next bundle), with @MOMENT if needed.
            For example: waybill diff prod uat
            or: waybill diff 'prod@2h ago' prod
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions

    @Argument(help: "From what.")
    var left: String

    @Argument(help: "To what.")
    var right: String

    func run() throws {
        let session = try Session(reading: options)
        let base = try moment.reference()
        let from = try combination(left, base, session)
        let to = try combination(right, base, session)
        try session.ask { view, project in
            let changes = from.collection.changes(to: to.collection)
            guard !options.isStructured else {
                return session.show(
                    try Shape.difference(from: from, to: to, in: project, view)
                )
            }
            Output.line(
                "From \(from.title) (\(from.collection.id.short)) at \(from.moment.position)"
            )
            Output.line("to   \(to.title) (\(to.collection.id.short)) at \(to.moment.position)")
            Output.text(try Display(view: view, project: project).table(changes))
            Output.line(Display.summary(changes))
        }
    }

    /// What a side names; a moment stands behind the last `@`.
    private func combination(
        _ text: String,
        _ base: MomentReference,
        _ session: Session
    ) throws -> Combination {
        var name = text
        var reference = base
        if let at = text.lastIndex(of: "@") {
            name = String(text[..<at])
            reference = try MomentOptions.reference(String(text[text.index(after: at)...]))
        }
        return try session.ask(at: reference) { view, project in
            try view.combination(name, in: project)
        }
    }
}

struct BlameCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blame",
        abstract: "Who put each component into a stage, when and why.",
        discussion: "For example: waybill blame prod"
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions

    @Argument(help: "The stage.")
    var stage: String

    func run() throws {
        let session = try Session(reading: options)
        try session.ask(at: try moment.reference()) { view, project in
            let lines = try view.blame(try Names.stage(stage), in: project)
            guard !options.isStructured else {
                return session.show(
                    Shape.list(lines.map { Shape.blame($0) }, at: view.moment.position)
                )
            }
            let display = Display(view: view, project: project)
            var table = TextTable([
                "COMPONENT", "VERSION", "BROUGHT BY", "KIND", "BY", "AT", "PROMOTION",
            ])
            for line in lines {
                table.add([
                    line.component.origin.name + (line.uncertain == nil ? "" : " (uncertain)"),
                    line.freight.artifacts.first?.shortVersion ?? "-",
                    try display.name(line.component.carrier),
                    line.promotion.map { "\($0.kind)" } ?? "-", line.promotion?.actor ?? "-",
                    line.at?.text ?? "-", line.component.promotion.rawValue,
                ])
            }
            Output.text(table.text)
        }
    }
}

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Why nothing is being promoted to a stage, and what would change that.",
        discussion: "For example: waybill explain stage/prod"
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions

    @Argument(help: "The stage, such as stage/prod.")
    var subject: String

    func run() throws {
        let session = try Session(reading: options)
        try session.ask(at: try moment.reference()) { view, project in
            let stage = try Names.stage(subject)
            let explanation = try view.explain(stage, in: project)
            guard !options.isStructured else {
                return session.show(Shape.explanation(explanation))
            }
            tell(explanation, Display(view: view, project: project))
        }
    }

    private func tell(_ explanation: Explanation, _ display: Display) {
        Output.line(
            "stage/\(explanation.stage): automatic promotion is "
                + (explanation.autoPromotionEnabled ? "on" : "off")
        )
        if let running = explanation.running { Output.line("  \(running) is running") }
        for name in explanation.pending { Output.line("  \(name) waits in the queue") }
        for component in explanation.uncertain {
            Output.line(
                "  \(component.origin) is uncertain since \(component.promotion), which did not "
                    + "succeed; promote it again, or roll back"
            )
        }
        for part in explanation.origins {
            Output.line("\(part.origin):")
            for reason in part.reasons { Output.line("  \(reason)") }
            if let wakeAt = part.wakeAt {
                Output.line("  this changes by itself at \(wakeAt.text)")
            }
        }
    }
}

struct DescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Everything about one thing, and its last events.",
        discussion: "For example: waybill describe stage/prod"
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions

    @Argument(help: "The thing, such as stage/prod, freight/2026.47 or promotion/NAME.")
    var subject: String

    func run() throws {
        let session = try Session(reading: options)
        try session.ask(at: try moment.reference()) { view, project in
            let found = try value(try Names.subject(subject), in: project, view)
            guard !found.value.isNull else {
                throw CommandFailure.notFound(
                    "there is no \(subject.quotedForDisplay) in project \(project) at "
                        + "\(view.moment.position)"
                )
            }
            guard options.output != .json else { return session.show(found.value) }
            Output.text(found.value.yaml)
            guard options.output != .yaml else { return }
            var filter = AuditFilter()
            filter.project = project
            filter.subject = found.subject
            let page = try view.events(filter, limit: 10)
            Output.line("")
            Output.text(EventTable.result(page.items, next: nil).table.text)
        }
    }

    private func value(
        _ subject: Subject,
        in project: ProjectName,
        _ view: View
    ) throws -> (value: Value, subject: Subject) {
        let name = subject.name
        switch subject.kind {
        case .project:
            return (try Shape.project(ProjectName(unchecked: name), view), subject)
        case .warehouse:
            let name = WarehouseName(unchecked: name)
            return (try Shape.warehouse(name, in: project, view), subject)
        case .stage:
            return (try Shape.stage(StageName(unchecked: name), in: project, view), subject)
        case .junction:
            return (try Shape.junction(JunctionName(unchecked: name), in: project, view), subject)
        case .promotion:
            let name = PromotionName(unchecked: name)
            return (try Shape.promotion(name, in: project, view), subject)
        case .freight:
            let result = try view.ask { facts throws(FactsFailure) in
                try FreightReference.resolve(name, in: project, facts: facts)
            }
            switch result {
            case .success(let id):
                return (try Shape.freight(id, in: project, view), .freight(id))
            case .failure(let refusal): throw CommandFailure(refusal)
            }
        case .task, nil:
            throw CommandFailure.usage(
                "\(subject.rawValue.quotedForDisplay) cannot be described; write KIND/NAME, such "
                    + "as stage/prod"
            )
        }
    }
}

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "What happened, newest first: every event, or those that a filter lets through.",
        discussion: "For example: waybill audit --type PromotionRequested --actor ci"
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions

    @Option(help: "Events about this, such as stage/prod.")
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
        var filter = AuditFilter()
        filter.actor = actor
        filter.subject = try subject.map(Names.subject)
        for name in type {
            guard let type = EventType(name: name) else {
                let known = EventType.allCases.map(\.name).joined(separator: ", ")
                throw CommandFailure.usage(
                    "\(name.quotedForDisplay) is no type of event; there are \(known)"
                )
            }
            filter.types.insert(type)
        }
        if let from {
            let reference = try MomentOptions.reference(from)
            filter.from = try session.read(at: reference) { view, _ in
                // A time means what was recorded after it; a position means that very event.
                if case .position(let position) = reference { return position }
                return view.moment.position.next
            }
        }
        try session.read(at: try moment.reference()) { view, _ in
            if options.project != nil || filter.subject != nil {
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
}
