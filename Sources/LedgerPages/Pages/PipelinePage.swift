import EventLog
import Ledger
import PromotionModel

/// The pipeline: what needs somebody, what runs where, when it changed, what is on its way.
struct PipelinePage {
    private static let latestCount = 9

    let context: PageContext
    let project: ProjectName
    let model: PipelineModel
    /// The same now, where an earlier moment is shown.
    let today: PipelineModel?

    init(_ context: PageContext, _ project: ProjectName) throws(LedgerError) {
        self.context = context
        self.project = project
        model = try PipelineModel(project, context.view, focus: context.path[.focus])
        if context.isPast {
            let now = context.view.latest(at: context.session.now)
            today = try PipelineModel(project, now, focus: context.path[.focus])
        } else {
            today = nil
        }
    }

    func content() throws(LedgerError) -> PageContent {
        var graph = try PipelineGraph(context, model, today: today)
        graph.dim(context.path[.find])
        let drawing = GraphFill(context, graph)
        var fill: Fill = [
            "heading": context.isPast
                ? "Pipeline, \(TimeText.short(context.view.moment.time))" : "Pipeline",
            "sub": counts, "graph": try drawing.fill(),
            "places": places(graph, drawing.layout.ranks),
            "tools": try tools(graph), "legend": today == nil ? true : nil,
            "pastLegend": today == nil ? nil : true,
            "moments": try moments(),
            "stack": try opened(graph),
        ]
        var chrome = PageChrome(context)
        chrome.modules.append(.timeMachine)
        if model.stages.isEmpty, today == nil { fill["nothing"] = true }
        fill["later"] = graph.later.isEmpty ? nil : true
        if let today {
            try past(&fill, &chrome, today)
        } else {
            let attention = try Attention(context, model).items()
            fill["attention"] = attention.isEmpty ? nil : ["items": attention] as Fill
            fill["quiet"] = attention.isEmpty ? true : nil
            fill["way"] = try OnItsWay(context, model).fill()
            fill["mode"] = try mode()
            fill["latest"] =
                [
                    "rows": try EventRows.latest(Self.latestCount, in: project, context),
                    "href": context.link(.audit(project)).text,
                    "count": context.view.moment.position.rawValue.grouped,
                ] as Fill
        }
        return PageContent(
            title: "Pipeline",
            template: "pipeline",
            fill: fill,
            chrome: chrome
        )
    }

    private var counts: [String] {
        [
            counted(model.warehouses.count, "warehouse"), counted(model.stages.count, "stage"),
            counted(model.junctions.count, "junction"),
        ]
    }

    /// A form that has Waybill drive the project, or only observe it.
    private func mode() throws(LedgerError) -> Fill {
        let isObserved = try model.view.ask { facts throws(FactsFailure) in
            try facts.projectState(project).mode == .observe
        }
        let form = context.form(
            "mode",
            in: project,
            [("mode", isObserved ? "drive" : "observe")]
        )
        return [
            "form": form, "observed": isObserved ? true : nil, "name": project.rawValue,
            "open": form["refusal"] != nil ? true : nil,
            "command": "waybill adopt \(project)\(isObserved ? "" : " --observe")",
        ]
    }

    private func moments() throws(LedgerError) -> Fill {
        // The slider spans what came after, too.
        let focus = model.focus ?? today?.focus
        let stages = model.stages.isEmpty ? today?.stages ?? [] : model.stages
        let others = stages.map(\.name).filter { $0 != focus?.name }
        return try MomentBar(context, project, focus: focus?.name, others: others).fill()
    }

    private func past(
        _ fill: inout Fill,
        _ chrome: inout PageChrome,
        _ today: PipelineModel
    ) throws(LedgerError) {
        let position = context.view.moment.position
        if position > .origin {
            let event = try context.view.event(at: position)
            chrome.then = [.text("Then: ")] + (try context.phrase(event)).spans + [.text(".")]
        }
        let comparison = PastComparison(context, model, today)
        fill["since"] = try comparison.fill()
        guard let focus = model.focus else { return }
        let path = PagePath(.stage(focus.name, in: project))
            .with(.form, "rollback").with(.target, String(position.rawValue))
        chrome.back = ("Bring \(focus.name) back to this…", path)
    }

    // MARK: - Tools

    private func tools(_ graph: PipelineGraph) throws(LedgerError) -> Fill {
        let chosen = Set(context.path.all(.warehouse))
        var toggles: [Fill] = []
        for name in model.warehouses where model.warehouses.count <= 12 {
            let origin = Origin.warehouse(name)
            toggles.append([
                "name": name.rawValue,
                "lane": String(try context.colour(of: origin, in: project)),
                "checked": chosen.isEmpty || chosen.contains(name.rawValue) ? true : nil,
            ])
        }
        let words = ["all": "all lanes", "moving": "in motion", "attention": "needs attention"]
        return [
            "action": PagePath(.pipeline(project)).text, "find": context.path[.find],
            "at": context.isPast ? String(context.view.moment.position.rawValue) : nil,
            "toggles": toggles.isEmpty ? nil : ["items": toggles] as Fill,
            "modes": LaneChoice.Mode.allCases.map { mode in
                [
                    "text": words[mode.rawValue],
                    "href": context.path.with(.lanes, mode.rawValue).text,
                    "current": mode == graph.lanes.mode ? true : nil,
                ] as Fill
            },
            "folded": folded(graph),
        ]
    }

    private func folded(_ graph: PipelineGraph) -> String? {
        var parts: [String] = []
        if !graph.lanes.rest.isEmpty {
            parts.append(
                "\(counted(graph.lanes.open.count, "lane")) open, "
                    + "\(graph.lanes.rest.count) at rest folded"
            )
        }
        let stacked = graph.folding.stacks.reduce(0) { $0 + $1.stages.count }
        if stacked > 0 {
            let stacks = counted(graph.folding.stacks.count, "stack")
            parts.append("\(stacked.grouped) stages in \(stacks)")
        }
        return parts.isEmpty ? nil : parts.joined(separator: " · ")
    }

    private func places(_ graph: PipelineGraph, _ ranks: [Int]) -> [Fill] {
        let ordered = graph.cards.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
        return ordered.map { graph.cards[$0] }.filter { $0.kind != .warehouse }.map { card in
            let running = card.feet.first { !$0.segments.isEmpty }
            let state = running.map { StateWord($0.state.tone, $0.state.icon, $0.aside) }
            let lines = card.feet.map { foot in
                [foot.state.word, foot.chip?.name ?? "", foot.detail].filter { !$0.isEmpty }
                    .joined(separator: ", ")
            }
            return [
                "name": card.title, "href": card.path.text,
                "state": (state ?? card.state)?.fill, "line": lines.joined(separator: "; "),
                "subline": [card.chip?.name ?? card.subtitle, card.aside]
                    .filter { !$0.isEmpty }.joined(separator: ", "),
            ]
        }
    }

    private func opened(_ graph: PipelineGraph) throws(LedgerError) -> Fill? {
        guard let key = context.path[.open],
            let stack = graph.folding.stacks.first(where: { $0.key == key })
        else { return nil }
        return try OpenedStack(context, stack, project).fill()
    }
}

extension PipelineGraph {
    /// Leaves in the background what a search does not mean.
    mutating func dim(_ text: String?) {
        guard let needle = text?.lowercased(), !needle.isEmpty else { return }
        for index in cards.indices {
            let card = cards[index]
            let texts = [card.title, card.chip?.name ?? ""] + card.rows.values.map(\.version)
            let isFound = texts.contains { $0.lowercased().contains(needle) }
            setDim(index, !isFound)
        }
    }
}
