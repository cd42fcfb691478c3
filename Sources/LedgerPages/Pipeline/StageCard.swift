import EventLog
import Ledger
import PromotionModel

/// Makes the cards of stages.
struct StageCard {
    let context: PageContext
    let model: PipelineModel
    /// The same pipeline now, where an earlier moment is shown.
    let today: PipelineModel?

    private var project: ProjectName { model.project }

    /// The card of a stage with rows for these lanes.
    func card(
        _ stage: PipelineModel.StageItem,
        lanes: [(index: Int, origin: Origin)],
        rest: (index: Int, origins: [Origin])?
    ) throws(LedgerError) -> PlaceCard {
        var card = PlaceCard(
            key: stage.name.rawValue,
            kind: .stage,
            title: stage.name.rawValue,
            path: context.link(.stage(stage.name, in: project))
        )
        card.state = health(stage)
        let running = try running(stage)
        for lane in lanes {
            card.rows[lane.index] = try row(stage, lane.origin, running?.state)
        }
        if let rest, !rest.origins.isEmpty {
            card.rows[rest.index] = PlaceCard.Row(
                name: "\(rest.origins.count) at rest",
                version: "",
                mark: "same",
                tone: "q",
                isQuiet: true
            )
        }
        try head(&card, stage)
        card.feet = try feet(stage, running)
        if let today { try compare(&card, stage, lanes, today) }
        return card
    }

    private typealias Running = (core: Promotion, state: PromotionState)

    private func running(_ stage: PipelineModel.StageItem) throws(LedgerError) -> Running? {
        guard let name = stage.running else { return nil }
        return try model.view.ask { facts throws(FactsFailure) in
            guard let core = try facts.promotion(name, in: project) else { return nil }
            return (core, try facts.promotionState(name, in: project))
        }
    }

    private func health(_ stage: PipelineModel.StageItem) -> StateWord? {
        if stage.spec.isControlFlow { return StateWord(.none, "arrow", "passes") }
        guard stage.state.current != nil else { return StateWord(.none, "todo", "empty") }
        return switch stage.state.health {
        case .healthy: StateWord(.ok, "ok", "healthy")
        case .unhealthy: StateWord(.fail, "fail", "unhealthy")
        case .progressing: StateWord(.run, "run", "progressing")
        case .unknown, .notApplicable: nil
        }
    }

    /// The bundle that all of it came with, or how long it has been so.
    private func head(_ card: inout PlaceCard, _ stage: PipelineModel.StageItem) throws(LedgerError)
    {
        guard let current = stage.state.current else {
            card.subtitle = stage.spec.isControlFlow ? "freight passes through" : "runs nothing yet"
            return
        }
        let age = context.now.milliseconds(since: stage.state.currentSince)
        let when = TimeText.roughLength(age) + (context.isPast ? " before" : " ago")
        let bundles = Set(current.components.filter { $0.carrier != $0.freight }.map(\.carrier))
        if bundles.count == 1, let bundle = bundles.first {
            card.chip = try context.chip(bundle, in: project)
            card.aside = try isRolledBack(stage) ? "rolled back, \(when)" : when
        } else {
            card.subtitle = try isRolledBack(stage) ? "rolled back \(when)" : "changed \(when)"
        }
    }

    private func isRolledBack(_ stage: PipelineModel.StageItem) throws(LedgerError) -> Bool {
        guard let name = stage.state.currentPromotion else { return false }
        let kind = try model.view.ask { facts throws(FactsFailure) in
            try facts.promotion(name, in: project)?.kind
        }
        return kind == .rollback || kind == .restore
    }

    private func row(
        _ stage: PipelineModel.StageItem,
        _ origin: Origin,
        _ running: PromotionState?
    ) throws(LedgerError) -> PlaceCard.Row {
        let freight = stage.runs(origin)
        var row = PlaceCard.Row(
            name: origin.name,
            version: freight == nil ? "–" : try context.label(freight, in: project)
        )
        row.isQuiet = freight == nil
        if let change = running?.changes.first(where: { $0.origin == origin }),
            change.kind.countsAsChanged, let to = change.to, change.from != to
        {
            row.from = change.from == nil ? nil : row.version
            row.version = try context.label(to, in: project)
            row.tone = "run"
            row.isBold = true
            return row
        }
        if stage.state.uncertain.contains(where: { $0.origin == origin }) {
            row.mark = "warn"
            row.tone = "hold"
            return row
        }
        guard let freight, let focus = model.focus, focus.name != stage.name,
            let base = focus.runs(origin), base != freight
        else { return row }
        let isAhead = try isNewer(freight, than: base)
        row.mark = isAhead ? "up" : "down"
        row.isBold = isAhead
        return row
    }

    private func isNewer(_ one: FreightID, than other: FreightID) throws(LedgerError) -> Bool {
        let left = try context.chip(one, in: project)?.created ?? .origin
        let right = try context.chip(other, in: project)?.created ?? .origin
        return left > right
    }

    // MARK: - Below the rows

    private func feet(
        _ stage: PipelineModel.StageItem,
        _ running: Running?
    ) throws(LedgerError) -> [PlaceCard.Foot] {
        var feet: [PlaceCard.Foot] = []
        if let running { feet.append(try progress(running)) }
        if !stage.state.pending.isEmpty {
            let text = "\(stage.state.pending.count) in the queue"
            feet.append(PlaceCard.Foot(state: StateWord(.none, "wait", text)))
        }
        if !stage.state.uncertain.isEmpty {
            let names = stage.state.uncertain.map(\.origin.name).joined(separator: ", ")
            let word = StateWord(.hold, "warn", "uncertain: \(names)")
            feet.append(PlaceCard.Foot(state: word, isBold: true))
        }
        if let foot = try verification(stage) { feet.append(foot) }
        if let hold = stage.state.holds.first {
            let clock = TimeText.clock(hold.since).prefix(5)
            let word = StateWord(.hold, "hold", "held by \(hold.actor) since \(clock)")
            feet.append(PlaceCard.Foot(state: word, isBold: true))
        }
        return feet
    }

    private func progress(_ running: Running) throws(LedgerError) -> PlaceCard.Foot {
        let object = try context.object(of: running.core, running.state, in: project)
        let isBack = running.core.kind == .rollback || running.core.kind == .restore
        let text = (isBack ? "rolling back to " : "promoting ") + object.plain
        let count = running.state.plan.count
        let current = Int(clamping: running.state.currentStep)
        var foot = PlaceCard.Foot(state: StateWord(.run, "run", text))
        foot.isBold = true
        foot.aside = count > 0 ? "\(min(current + 1, count)) of \(count)" : ""
        foot.segments = (0..<min(count, 40)).map { $0 < current ? "d" : $0 == current ? "r" : "0" }
        if let awaited = running.state.awaited, awaited.value == nil {
            foot.detail = "waits: \(awaited.message)"
        } else if running.state.plan.indices.contains(current) {
            foot.detail = running.state.plan[current].alias
        }
        return foot
    }

    private func verification(
        _ stage: PipelineModel.StageItem
    ) throws(LedgerError) -> PlaceCard.Foot? {
        if stage.state.verification != nil {
            return PlaceCard.Foot(state: StateWord(.run, "run", "verifying"), isBold: true)
        }
        guard let name = stage.state.currentPromotion else { return nil }
        let record = try model.view.ask { facts throws(FactsFailure) in
            try facts.promotionState(name, in: project).verification
        }
        guard let record else { return nil }
        if record.stands {
            let word = record.assumed ? "taken as verified" : "verified"
            return PlaceCard.Foot(state: StateWord(.ok, record.assumed ? "skip" : "ok", word))
        }
        guard record.result != .aborted else { return nil }
        let word = StateWord(.fail, "fail", "verification \(record.result.word)")
        return PlaceCard.Foot(state: word, isBold: true)
    }

    /// Marks what is different now.
    private func compare(
        _ card: inout PlaceCard,
        _ stage: PipelineModel.StageItem,
        _ lanes: [(index: Int, origin: Origin)],
        _ today: PipelineModel
    ) throws(LedgerError) {
        guard let now = today.stages.first(where: { $0.name == stage.name }) else {
            card.feet = [PlaceCard.Foot(state: StateWord(.past, "diamond", "not there any more"))]
            return
        }
        var count = 0
        let origins = Set(stage.state.current?.components.map(\.origin) ?? [])
            .union(now.state.current?.components.map(\.origin) ?? [])
        for origin in origins where stage.runs(origin) != now.runs(origin) { count += 1 }
        for lane in lanes where stage.runs(lane.origin) != now.runs(lane.origin) {
            card.rows[lane.index]?.today = try context.label(now.runs(lane.origin), in: project)
            card.rows[lane.index]?.isBold = true
            card.rows[lane.index]?.mark = nil
        }
        let word = count == 0 ? "the same now" : "\(count) of \(origins.count) differ now"
        let state = StateWord(count == 0 ? .none : .past, count == 0 ? "same" : "diamond", word)
        card.feet = card.feet.filter { $0.segments.isEmpty == false }
        card.feet.append(PlaceCard.Foot(state: state, isBold: count > 0))
    }
}

extension VerificationResult {
    /// As it follows "verification".
    var word: String {
        switch self {
        case .successful: "passed"
        case .failed: "failed"
        case .errored: "broke"
        case .aborted: "aborted"
        case .inconclusive: "inconclusive"
        }
    }
}
