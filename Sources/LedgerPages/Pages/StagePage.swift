import EventLog
import Ledger
import PromotionModel

/// A stage: is it well, what runs, what happened; send on, choose, go back; all that it ever ran.
struct StagePage {
    static let historyCount = 20
    private static let eventCount = 7

    let context: PageContext
    let stage: StageName
    let project: ProjectName
    let spec: StageSpec
    let state: StageState
    /// What takes freight from it.
    let takers: [Subject]

    init(
        _ context: PageContext,
        _ stage: StageName,
        _ project: ProjectName
    ) throws(LedgerError) {
        self.context = context
        self.stage = stage
        self.project = project
        let found = try context.view.ask { facts throws(FactsFailure) in
            (
                row: try facts.stage(stage, in: project),
                state: try facts.stageState(stage, in: project),
                takers: try facts.consumers(of: .stage(stage), in: project)
            )
        }
        guard let row = found.row else {
            throw .unknown(.unknownStage(stage, in: project))
        }
        spec = row.spec
        state = found.state
        takers = found.takers
    }

    var path: PagePath { context.link(.stage(stage, in: project)) }

    func content() throws(LedgerError) -> PageContent {
        let forms = StageForms(self)
        var fill: Fill = [
            "name": stage.rawValue, "states": try states(), "crumbs": try crumbs(),
            "runs": try runs(), "running": try running(), "facts": try facts(),
            "explain": try explanation(), "history": try history(), "diff": try difference(),
            "latest": [
                "rows": try events(),
                "href": context.link(.audit(project), [.about: "stage/\(stage)"]).text,
            ] as Fill,
            "notes": try context.notes(about: .stage(stage), in: project),
            "now": context.isPast ? nil : true,
        ]
        if !context.isPast {
            fill["rollback"] = try forms.rollback()
            fill["ways"] = try forms.ways()
            fill["isLast"] = takers.isEmpty ? true : nil
            fill["actions"] = forms.actions
            fill["resume"] = forms.resume
        }
        var chrome = PageChrome(context)
        if context.isPast {
            let target = String(context.view.moment.position.rawValue)
            let path = PagePath(.stage(stage, in: project)).with(.form, "rollback")
                .with(.target, target)
            chrome.back = ("Bring \(stage) back to this…", path)
        }
        return PageContent(title: stage.rawValue, template: "stage", fill: fill, chrome: chrome)
    }

    // MARK: - The first answer

    private func states() throws(LedgerError) -> [Fill] {
        var words: [StateWord] = []
        switch state.health {
        case .healthy: words.append(StateWord(.ok, "ok", "healthy"))
        case .unhealthy: words.append(StateWord(.fail, "fail", "unhealthy"))
        case .progressing: words.append(StateWord(.run, "run", "progressing"))
        case .unknown, .notApplicable: break
        }
        if spec.isControlFlow { words.append(StateWord(.none, "arrow", "freight passes")) }
        if state.running != nil { words.append(StateWord(.run, "run", "promoting")) }
        if state.verification != nil { words.append(StateWord(.run, "run", "verifying")) }
        if try current()?.promotion.kind == .rollback {
            words.append(StateWord(.hold, "back", "rolled back"))
        }
        if !state.holds.isEmpty { words.append(StateWord(.hold, "hold", "held")) }
        if !state.uncertain.isEmpty { words.append(StateWord(.fail, "warn", "uncertain")) }
        if state.current == nil, !spec.isControlFlow {
            words.append(StateWord(.none, "todo", "empty"))
        }
        return words.map(\.fill)
    }

    private func current() throws(LedgerError) -> HistoryEntry? {
        guard state.current != nil else { return nil }
        return try context.view.history(of: stage, in: project, limit: 1).items.first
    }

    private func crumbs() throws(LedgerError) -> [Fill] {
        var spans: [Span] = [
            .link(project.rawValue, context.link(.pipeline(project))), .quiet(" / stage · from "),
        ]
        for (index, request) in spec.requestedFreight.enumerated().prefix(8) {
            if index > 0 { spans.append(.quiet(", ")) }
            spans.append(.text(request.origin.name))
        }
        if spec.requestedFreight.count > 8 {
            spans.append(.quiet(" and \(spec.requestedFreight.count - 8) more"))
        }
        for (index, taker) in takers.prefix(6).enumerated() {
            spans.append(.quiet(index == 0 ? " · to " : ", "))
            spans.append(
                EventTeller(context: context, project: project, subject: taker).link(taker)
            )
        }
        if takers.count > 6 { spans.append(.quiet(" and \(takers.count - 6) more")) }
        return context.fill(spans)
    }

    private func running() throws(LedgerError) -> Fill? {
        guard let name = state.running else { return nil }
        let found = try context.view.ask { facts throws(FactsFailure) in
            (
                core: try facts.promotion(name, in: project),
                state: try facts.promotionState(name, in: project)
            )
        }
        guard let core = found.core else { return nil }
        let current = Int(clamping: found.state.currentStep)
        let count = found.state.plan.count
        var detail = "step \(min(current + 1, count)) of \(count)"
        if found.state.plan.indices.contains(current) {
            detail += ": \(found.state.plan[current].alias)"
        }
        if let awaited = found.state.awaited, awaited.value == nil {
            detail += ", waits for \(awaited.message)"
        }
        return [
            "what": context.fill(try context.object(of: core, found.state, in: project)),
            "by": core.actor, "detail": detail,
            "time": found.state.startedAt.map { context.when($0) },
            "href": context.link(.promotion(name, in: project)).text,
            "bar": StepBar.segments(current: current, count: count),
        ]
    }

    private func runs() throws(LedgerError) -> Fill {
        guard let current = state.current, let entry = try self.current() else {
            return ["nothing": "Nothing runs here yet."]
        }
        var rows: [Fill] = []
        for line in try context.view.blame(stage, in: project) {
            rows.append(try row(line, entry))
        }
        let changed = entry.changes.count { $0.kind.countsAsChanged }
        return [
            "whole": context.fill(try current.carrierSpans(context, project)),
            "since": context.when(state.currentSince),
            "position": context.fill(state.currentPosition),
            "rows": rows, "id": String(current.id.rawValue.prefix(10)),
            "summary": "\(changed) of \(entry.changes.count) changed with the last promotion; "
                + "\(entry.changes.count - changed) were not redeployed.",
            "grid": context.link(.grid(project)).text,
        ]
    }

    private func row(_ line: BlameLine, _ entry: HistoryEntry) throws(LedgerError) -> Fill {
        var set = ChangeSet(context, project)
        set.isDone = true
        let change = entry.changes.first { $0.origin == line.origin }
        let rows = try change.map { change throws(LedgerError) in
            try set.fill([change])["rows"] as? [Fill]
        }
        let chip = try line.freight.flatMap { freight throws(LedgerError) in
            try context.chip(freight.id, in: project)
        }
        return [
            "component": try context.component(line.origin, in: project),
            "version": chip?.version ?? "none", "freight": chip.map { context.fill($0) },
            "mark": line.uncertain == nil
                ? rows??.first?["mark"]
                : ["tone": "bad", "icon": "warn", "word": "uncertain"] as Fill,
            "was": try change.flatMap { change throws(LedgerError) -> String? in
                guard change.kind == .changed else { return nil }
                return "was " + (try context.label(change.from, in: project))
            },
            "quiet": change?.kind == .unchanged ? true : nil,
            "since": line.at.map { context.when($0) },
            "by": line.promotion.map { "\($0.kind.word), \($0.actor)" },
            "href": line.promotion.map { context.link(.promotion($0.name, in: project)).text },
        ]
    }

    private func events() throws(LedgerError) -> [Fill] {
        var filter = AuditFilter()
        filter.narrow(to: .stage(stage), in: project)
        let page = try context.view.events(filter, limit: 60)
        var rows: [Fill] = []
        for event in page.items {
            let phrase = try context.phrase(event)
            guard !phrase.isMachinery else { continue }
            rows.append(context.row(event, phrase))
            if rows.count == Self.eventCount { break }
        }
        return rows
    }
}

extension PromotionKind {
    /// As it stands in tables.
    var word: String {
        switch self {
        case .manual: "by hand"
        case .automatic: "automatic"
        case .rollback: "rollback"
        case .restore: "restore"
        }
    }
}

/// A bar with a part for each step.
enum StepBar {
    /// The parts: done, running, to come.
    static func segments(current: Int, count: Int, failed: Bool = false) -> Fill? {
        guard count > 0 else { return nil }
        let shown = min(count, 40)
        let width = 352.0 / Double(shown)
        return [
            "parts": (0..<shown).map { index in
                [
                    "x": GraphPath.number(Double(index) * width),
                    "width": GraphPath.number(max(1, width - 3)),
                    "kind": index < current ? "d" : index == current ? (failed ? "f" : "r") : "q",
                ] as Fill
            }
        ]
    }
}
