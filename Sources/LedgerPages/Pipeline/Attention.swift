import EventLog
import Ledger
import PromotionModel

/// What somebody should look at, the most pressing first.
struct Attention {
    private static let itemCountMax = 8

    let context: PageContext
    let model: PipelineModel
    private var found: [(rank: Int, fill: Fill)] = []

    init(_ context: PageContext, _ model: PipelineModel) {
        self.context = context
        self.model = model
    }

    /// The first of them; the last says how many more there are.
    func items() throws(LedgerError) -> [Fill] {
        var list = self
        try list.addProject()
        for stage in model.stages { try list.add(stage) }
        for junction in model.junctions { try list.add(junction) }
        for warehouse in model.warehouses { try list.add(warehouse) }
        let sorted = list.found.enumerated()
            .sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
            .map(\.element.fill)
        guard sorted.count > Self.itemCountMax else { return sorted }
        let path = context.path.with(.lanes, "attention")
        let more: Fill = [
            "state": StateWord(.none, "more", "more").fill,
            "what": context.fill([
                .link("\(sorted.count - Self.itemCountMax + 1) more", path)
            ]),
        ]
        return sorted.prefix(Self.itemCountMax - 1) + [more]
    }

    private mutating func add(
        _ rank: Int,
        _ state: StateWord,
        _ spans: [Span],
        _ time: Timestamp? = nil
    ) {
        let fill: Fill = [
            "state": state.fill, "what": context.fill(spans),
            "time": time.map { context.when($0) },
        ]
        found.append((rank, fill))
    }

    private mutating func addProject() throws(LedgerError) {
        let state = try model.view.ask { facts throws(FactsFailure) in
            try facts.projectState(model.project)
        }
        if state.mode == .observe {
            add(
                0,
                StateWord(.hold, "eye", "observed"),
                [.text("Waybill only observes this project; nothing is promoted from here")]
            )
        }
        if let restore = state.restore {
            add(
                0,
                StateWord(.hold, "back", "restoring"),
                [
                    .text("the project goes back to "), .event(restore.to),
                    .text(", asked for at "), .event(restore.position),
                ]
            )
        }
    }

    private func link(_ stage: PipelineModel.StageItem) -> Span {
        .link(stage.name.rawValue, context.link(.stage(stage.name, in: model.project)))
    }

    private mutating func add(_ stage: PipelineModel.StageItem) throws(LedgerError) {
        let state = stage.state
        if state.health == .unhealthy {
            let why = state.healthMessage.map { ": \($0)" } ?? ""
            add(
                1,
                StateWord(.fail, "fail", "unhealthy"),
                [link(stage), .text(why)],
                state.healthSince
            )
        }
        if let first = state.uncertain.first {
            let names = state.uncertain.map(\.origin.name).joined(separator: ", ")
            add(
                1,
                StateWord(.fail, "warn", "uncertain"),
                [
                    link(stage), .text(": what runs of \(names), since "),
                    .link("a promotion", promotion(first.promotion)), .text(" did not succeed"),
                ]
            )
        }
        try addRunning(stage)
        if let hold = state.holds.first {
            let names = state.holds.map(\.origin.name).joined(separator: ", ")
            add(
                3,
                StateWord(.hold, "hold", "held"),
                [
                    link(stage),
                    .text(": automation leaves \(names) alone, by \(hold.actor), until resumed"),
                ],
                hold.since
            )
        }
        try addVerification(stage)
    }

    private func promotion(_ name: PromotionName) -> PagePath {
        context.link(.promotion(name, in: model.project))
    }

    private mutating func addRunning(_ stage: PipelineModel.StageItem) throws(LedgerError) {
        guard let name = stage.running else { return }
        let found = try model.view.ask { facts throws(FactsFailure) in
            (
                core: try facts.promotion(name, in: model.project),
                state: try facts.promotionState(name, in: model.project)
            )
        }
        guard let core = found.core else { return }
        let step = min(Int(clamping: found.state.currentStep) + 1, found.state.plan.count)
        var spans: [Span] = [link(stage), .text(": ")]
        spans += try context.object(of: core, found.state, in: model.project)
        spans += [
            .text(", "), .link("step \(step) of \(found.state.plan.count)", promotion(name)),
        ]
        if let awaited = found.state.awaited, awaited.value == nil {
            spans += [.text(", waits: "), .text(awaited.message)]
            if let url = awaited.url { spans += [.text(" "), .outside("open", url: url)] }
        }
        add(2, StateWord(.run, "run", "promoting"), spans, found.state.startedAt)
    }

    private mutating func addVerification(_ stage: PipelineModel.StageItem) throws(LedgerError) {
        guard let name = stage.state.currentPromotion, stage.state.verification == nil else {
            return
        }
        let record = try model.view.ask { facts throws(FactsFailure) in
            try facts.promotionState(name, in: model.project).verification
        }
        guard let record, !record.stands, record.result != .aborted else { return }
        add(
            1,
            StateWord(.fail, "fail", "not verified"),
            [
                link(stage), .text(": verification \(record.result.word)"),
                .text(record.message.map { ": \($0)" } ?? ""),
            ],
            record.at
        )
    }

    private mutating func add(_ junction: PipelineModel.JunctionItem) throws(LedgerError) {
        let standing = try JunctionStanding(
            junction.name,
            junction.spec,
            junction.state,
            in: model.project,
            model.view
        )
        guard !standing.isUnchanged, junction.state.slots.isEmpty == false else { return }
        let name = Span.link(
            junction.name.rawValue,
            context.link(.junction(junction.name, in: model.project))
        )
        if standing.obstacles.isEmpty {
            let changed = junction.state.slots.count { slot in
                !junction.state.bundled.contains {
                    $0.origin == slot.origin && $0.freight == slot.freight
                }
            }
            add(
                5,
                StateWord(.ok, "bundle", "ready"),
                [name, .text(": a bundle with \(counted(changed, "new part")) can be made")]
            )
        } else {
            let count = standing.slots.count { !$0.isReady }
            let text = count == 0 ? standing.obstacles[0].description : standing.summary
            add(4, StateWord(.hold, "wait", "waits"), [name, .text(": \(text)")])
        }
    }

    private mutating func add(_ warehouse: WarehouseName) throws(LedgerError) {
        let failure = try model.view.ask { facts throws(FactsFailure) in
            try facts.warehouseState(warehouse, in: model.project).failure
        }
        guard let failure else { return }
        add(
            2,
            StateWord(.fail, "warn", "not found"),
            [
                .link(
                    warehouse.rawValue,
                    context.link(.warehouse(warehouse, in: model.project))
                ), .text(": \(failure)"),
            ]
        )
    }
}
