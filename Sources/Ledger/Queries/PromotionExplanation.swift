import EventLog
package import PromotionModel

/// Why a promotion waits, how far it is, or how it ended and what to do.
package struct PromotionExplanation: Sendable {
    package let promotion: PromotionName
    package let stage: StageName
    package let kind: PromotionKind
    package let phase: PromotionPhase
    /// The freight that it brings, by alias; of a rollback none.
    package let freight: [String]
    /// Its place in the queue of its stage, from 1; nil once it has started or ended.
    package let place: Int?
    /// Never empty.
    package let reasons: [Reason]
}

extension View {
    /// Everything that keeps a promotion from starting or ending, or how it ended.
    package func explain(
        _ promotion: PromotionName,
        in project: ProjectName
    ) throws(LedgerError) -> PromotionExplanation {
        let found = try ask { facts throws(FactsFailure) -> PromotionExplanation? in
            guard let core = try facts.promotion(promotion, in: project) else { return nil }
            let base = Explainer(facts: facts, project: project, now: moment.time)
            return try PromotionExplainer(
                base: base,
                core: core,
                state: try facts.promotionState(promotion, in: project),
                stage: try StageExplainer(base, core.stage)
            ).explain()
        }
        return try found.orUnknown(.unknownPromotion(promotion, in: project))
    }
}

/// Explains one promotion.
struct PromotionExplainer {
    let base: Explainer
    let core: Promotion
    let state: PromotionState
    /// Its stage; nil if that was deleted.
    let stage: StageExplainer?

    private var queue: [QueuedPromotion] { stage?.state.pending ?? [] }

    func explain() throws(FactsFailure) -> PromotionExplanation {
        let place = queue.firstIndex { $0.name == core.name }
        var names: [String] = []
        for id in try base.facts.freightIDs(of: core.name, in: base.project) {
            names.append(try base.name(id))
        }
        return PromotionExplanation(
            promotion: core.name,
            stage: core.stage,
            kind: core.kind,
            phase: state.phase,
            freight: names,
            place: place.map { $0 + 1 },
            reasons: try base.possible(reasons(place, names))
        )
    }

    private func reasons(_ place: Int?, _ names: [String]) throws(FactsFailure) -> [Reason] {
        guard let stage else {
            return [Reason(.noSuchStage, "stage \(core.stage) was deleted since it was asked for")]
        }
        switch state.phase {
        case .pending:
            guard let place else {
                throw .inconsistent("promotion \(core.name) waits in no queue")
            }
            return try base.observed() + waiting(at: place, stage)
        case .running: return try base.observed() + running(stage)
        case .succeeded: return try succeeded(stage)
        case .failed, .errored, .aborted: return try unsuccessful(stage, names)
        case .superseded: return [superseded()]
        }
    }

    // MARK: - Before it starts

    /// Its place, what goes before it, and what will be said when its turn comes.
    private func waiting(
        at place: Int,
        _ stage: StageExplainer
    ) throws(FactsFailure) -> [Reason] {
        let abort = "waybill abort \(core.name)"
        let (why, changes) = try stage.waiting(queue[place], at: place)
        let ordinal = "it is number \(place + 1) of \(queue.count) in the queue of stage "
        var reasons = [
            Reason(
                .pending,
                ordinal + "\(core.stage), and \(why)",
                changes: changes.filter { $0 != "waybill explain promotion/\(core.name)" } + [abort]
            )
        ]
        // What runs, and what it waits for itself; then each that goes before.
        reasons += try stage.underWay()
        for queued in queue.prefix(place) {
            reasons.append(
                Reason(
                    .pending,
                    "promotion \(queued.name) (\(queued.kind)) goes first",
                    changes: [
                        "waybill explain promotion/\(queued.name)", "waybill abort \(queued.name)",
                    ]
                )
            )
        }
        if place > 0 { reasons += stage.judgedBeforeQueue() }
        return reasons + (try lost()) + stage.policyOfQueue()
    }

    /// Why it will end with an error when its turn comes, as things are now.
    private func lost() throws(FactsFailure) -> [Reason] {
        var reasons: [Reason] = []
        for id in core.freight {
            guard let freight = try base.facts.freight(id, in: base.project) else { continue }
            let request = stage?.spec.requestedFreight.first { $0.origin == freight.origin }
            guard let request else {
                reasons.append(
                    Reason(
                        .originNotRequested,
                        "it will end with an error when its turn comes: stage \(core.stage) does "
                            + "not request \(freight.origin) any more",
                        changes: ["waybill abort \(core.name)"]
                    )
                )
                continue
            }
            let obstacles = try base.obstacles(to: freight, for: request, by: .stage(core.stage))
            reasons += obstacles.map { obstacle in
                Reason(
                    obstacle.kind,
                    "it will end with an error when its turn comes: \(obstacle.text)",
                    changes: obstacle.changes,
                    at: obstacle.at
                )
            }
        }
        return reasons
    }

    // MARK: - While it runs

    private func running(_ stage: StageExplainer) throws(FactsFailure) -> [Reason] {
        var reasons = try stage.underWay().map { reason in
            // It does not point at itself.
            Reason(
                reason.kind,
                reason.text,
                changes: reason.changes.filter { !$0.hasPrefix("waybill explain promotion/") },
                at: reason.at
            )
        }
        let index = state.currentStep
        if let record = try base.facts.step(index, of: core.name, in: base.project),
            record.status == .running, let since = record.startedAt
        {
            let attempt = state.attempt > 1 ? ", in attempt \(state.attempt)" : ""
            reasons.append(
                Reason(.running, "its present step began at \(since.text)\(attempt)")
            )
        } else {
            reasons.append(
                Reason(
                    .running,
                    "no runner has begun its next step yet",
                    changes: ["waybill run"]
                )
            )
        }
        return reasons
    }

    // MARK: - After it

    private func succeeded(_ stage: StageExplainer) throws(FactsFailure) -> [Reason] {
        let time = state.finishedAt.map { " at \($0.text)" } ?? ""
        guard let current = stage.state.currentPromotion, current != core.name else {
            let text = "it succeeded\(time), and stage \(core.stage) runs what it made"
            return [Reason(.succeeded, text)] + (try stage.judged())
        }
        return [
            Reason(
                .replaced,
                "it succeeded\(time); promotion \(current) has succeeded since",
                changes: ["waybill explain promotion/\(current)"] + (try base.goingBack(to: core))
            )
        ]
    }

    /// How it ended, at which step, and what brings its freight to the stage all the same.
    private func unsuccessful(
        _ stage: StageExplainer,
        _ names: [String]
    ) throws(FactsFailure) -> [Reason] {
        let ended = Explainer.Unsuccessful(name: core.name, state: state)
        var reasons = [
            Reason(.unsuccessful, "it \(ended.words)", changes: try ways(stage, names))
        ]
        for (index, planned) in state.plan.enumerated() {
            let record = try base.facts.step(UInt64(index), of: core.name, in: base.project)
            guard let record, record.status >= .aborted else { continue }
            let why = record.message.map { ": \($0)" } ?? ""
            reasons.append(
                Reason(
                    .unsuccessful,
                    "step \(index + 1) of \(state.plan.count), \(planned.alias) "
                        + "(\(planned.uses)), \(record.status)\(why)"
                )
            )
        }
        let uncertain = stage.state.uncertain.filter { $0.promotion == core.name }.map(\.origin)
        if !uncertain.isEmpty {
            reasons.append(
                Reason(
                    .uncertain,
                    "\(uncertain.areUncertain) since then: nobody can say what runs until a "
                        + "promotion succeeds",
                    changes: try base.settling(core.name, on: core.stage, stage.state)
                )
            )
        }
        return reasons
    }

    /// What brings its freight to the stage all the same; for what is there already, nothing.
    private func ways(
        _ stage: StageExplainer,
        _ names: [String]
    ) throws(FactsFailure) -> [String] {
        var ways = try base.goingBackAgain(core.name, on: core.stage)
        let ids = try base.facts.freightIDs(of: core.name, in: base.project)
        for (id, name) in zip(ids, names) {
            guard let freight = try base.facts.freight(id, in: base.project),
                stage.state.unsuccessful.contains(id)
            else { continue }
            ways.append(try base.wayInto(core.stage, freight, name))
        }
        return ways + ["waybill explain stage/\(core.stage)"]
    }

    private func superseded() -> Reason {
        let time = state.finishedAt.map { " at \($0.text)" } ?? ""
        // The message names the promotion that came in its place.
        let by = (state.message ?? "").split(separator: " ").last.map(String.init)
        return Reason(
            .superseded,
            "it gave way\(time), before it had changed anything"
                + (state.message.map { ": \($0)" } ?? ""),
            changes: (by.map { ["waybill explain promotion/\($0)"] } ?? [])
                + ["waybill explain stage/\(core.stage)"]
        )
    }
}
