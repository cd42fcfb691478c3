import EventLog
import Ledger
import PromotionModel
import Transparency

/// The audit: is the ledger whole, what happened, and the proof of each event; delivery measures.
struct AuditPage {
    private static let pageCount = 60
    private static let periodMs: Int64 = 30 * 86_400_000

    let context: PageContext
    let project: ProjectName
    /// How many changes are measured without being asked for: each takes several looks.
    var measuredCountMax = 100

    init(_ context: PageContext, _ project: ProjectName) throws(LedgerError) {
        self.context = context
        self.project = project
    }

    func content() throws(LedgerError) -> PageContent {
        var refusal: String?
        var filter = AuditFilter()
        do throws(LedgerError) {
            filter = try self.filter()
        } catch {
            refusal = "\(error)"
            filter.project = project
        }
        let before = Position(rawValue: context.path[.before].flatMap { UInt64($0) } ?? .max)
        let page = try context.view.events(filter, before: before, limit: Self.pageCount)
        let folds = context.path[.show] != "every" && context.path[.type] == nil
        let model = try PipelineModel(project, context.view, focus: context.path[.focus])
        let opened = try EventProofFill(context, project).fill()
        var chrome = PageChrome(context)
        chrome.modules.append(.verify)
        return PageContent(
            title: "Audit",
            template: "audit",
            fill: [
                "filter": filterFill, "refusal": refusal, "opened": opened,
                "days": try days(page.items, folds: folds),
                "next": page.next.map { context.path.with(.before, String($0.rawValue)).text },
                "nothing": page.items.isEmpty ? true : nil,
                "more": page.next != nil && page.items.count < Self.pageCount ? true : nil,
                "fold": [
                    "on": folds ? true : nil,
                    "folded": context.path.with(.show, nil).text,
                    "every": context.path.with(.show, "every").text,
                ] as Fill,
                "whole": try whole(), "delivery": try delivery(model),
                "evidence": evidence(model),
                "events": context.view.moment.position.rawValue.grouped,
            ],
            chrome: chrome
        )
    }

    // MARK: - Filter

    private func filter() throws(LedgerError) -> AuditFilter {
        var filter = AuditFilter()
        filter.project = project
        if let about = context.path[.about] {
            guard let subject = Subject(rawValue: about) else {
                throw .notFound("“\(about)” is no thing: write stage/prod, junction/release, …")
            }
            filter.narrow(to: subject, in: project)
        }
        if let type = context.path[.type] {
            guard let found = EventType(name: type) else {
                throw .notFound("there is no kind of event “\(type)”: choose one of the list")
            }
            filter.types = [found]
        }
        filter.actor = context.path[.actor]
        filter.text = context.path[.text]
        if let from = context.path[.from] { filter.from = try position(from) }
        if let until = context.path[.until] { filter.through = try position(until) }
        return filter
    }

    private func position(_ text: String) throws(LedgerError) -> Position {
        guard let reference = MomentReference(parsing: text)?.of(project) else {
            throw .noSuchMoment("“\(text)” is no moment: write \(MomentReference.forms)")
        }
        return try context.view.position(of: reference, now: context.session.now)
    }

    private var filterFill: Fill {
        let types = EventType.allCases.map(\.name).sorted().map { name in
            ["value": name, "selected": name == context.path[.type] ? true : nil] as Fill
        }
        return [
            "action": PagePath(.audit(project)).text, "text": context.path[.text],
            "about": context.path[.about], "actor": context.path[.actor],
            "from": context.path[.from], "until": context.path[.until], "types": types,
            "at": context.isPast ? String(context.view.moment.position.rawValue) : nil,
            "any": context.path[.type] == nil ? true : nil,
        ]
    }

    /// Rows by day, newest first.
    private func days(_ events: [LedgerEvent], folds: Bool) throws(LedgerError) -> [Fill] {
        var days: [Fill] = []
        var rest = events[...]
        while let first = rest.first {
            let number = TimeText.dayNumber(first.header.recorded)
            let day = rest.prefix { TimeText.dayNumber($0.header.recorded) == number }
            rest = rest.dropFirst(day.count)
            days.append([
                "name": TimeText.day(first.header.recorded),
                "rows": try EventRows.rows(of: Array(day), context, folds: folds),
            ])
        }
        return days
    }

    // MARK: - At the side

    private func whole() throws(LedgerError) -> Fill {
        let root = try context.view.root().hex
        let note = context.session.checkpoint
        let size = note.flatMap { UInt64($0.text.split(separator: "\n").dropFirst().first ?? "") }
        return [
            "events": context.view.moment.position.rawValue.grouped, "root": root,
            "short": String(root.prefix(16)),
            "signed": size.map { context.fill(Position(rawValue: $0)) },
            "note": note?.encoded,
            "oldest": context.view.moment.position == .origin
                ? nil : context.date(try context.view.time(of: Position(rawValue: 1))),
        ]
    }

    /// The four measures of the stage in focus over the last month, or over its last changes where
    /// there were very many.
    private func delivery(_ model: PipelineModel) throws(LedgerError) -> Fill? {
        guard let focus = model.focus else { return nil }
        var start = context.now.adding(milliseconds: -Self.periodMs)
        var after = try context.view.position(atOrBefore: start)
        var isCut = false
        if context.path[.window] != "all", let first = try firstMeasured(of: focus.name, after) {
            after = Position(rawValue: first.rawValue - 1)
            start = try context.view.time(of: first)
            isCut = true
        }
        let metrics = try context.view.deliveryMetrics(of: focus.name, in: project, after: after)
        var fill = DeliveryPlots(context, metrics, from: start).fill(focus.name, in: project)
        if isCut {
            fill["cut"] = "the last \(measuredCountMax) promotions"
            fill["whole"] = context.path.with(.window, "all").text + "#delivery"
        }
        return fill
    }

    /// Where the last changes of a stage begin; nil if the period has no more than are measured.
    private func firstMeasured(
        of stage: StageName,
        _ after: Position
    ) throws(LedgerError) -> Position? {
        var filter = AuditFilter()
        filter.narrow(to: .stage(stage), in: project)
        filter.types = [
            .promotionSucceeded, .promotionFailed, .promotionErrored, .promotionAborted,
        ]
        filter.from = after.next
        let page = try context.view.events(filter, limit: measuredCountMax)
        guard page.next != nil, let first = page.items.last else { return nil }
        return first.header.position
    }

    /// Downloads of the changes of a stage, and of a sample of them.
    private func evidence(_ model: PipelineModel) -> Fill? {
        let stages = model.stages.filter { !$0.spec.isControlFlow }.map(\.name)
        guard let focus = model.focus, !stages.isEmpty else { return nil }
        let path = PagePath(.audit(project)).text
        return [
            "population": path + "/population", "sample": path + "/sample",
            "focus": focus.name.rawValue, "proofs": context.session.actor.map { _ in true },
            "stages": stages.map { name in
                ["name": name.rawValue, "selected": name == focus.name ? true : nil] as Fill
            },
            "from": context.path[.from],
            "to": context.path[.until]
                ?? (context.isPast ? "#\(context.view.moment.position.rawValue)" : nil),
            "stageID": context.uniqueID("stage"), "fromID": context.uniqueID("from"),
            "toID": context.uniqueID("to"), "formatID": context.uniqueID("format"),
            "numberID": context.uniqueID("number"), "seedID": context.uniqueID("seed"),
        ]
    }
}
