import EventLog
import PromotionModel

extension Explainer {
    /// The command that brings a stage back to what it ran before what runs now; nothing where
    /// that would be refused.
    func rollbackToPrevious(_ stage: StageName) throws(FactsFailure) -> [String] {
        try accepts(RollBackStage(project: project, stage: stage, target: .previous))
            ? ["waybill rollback stage/\(stage) --to previous"] : []
    }

    /// What would settle what a stage runs after a promotion that did not succeed.
    ///
    /// Its freight once more where the stage may have it; and what the stage ran before it.
    func settling(
        _ promotion: PromotionName,
        on stage: StageName,
        _ state: StageState
    ) throws(FactsFailure) -> [String] {
        var changes: [String] = []
        let freight = try facts.freightIDs(of: promotion, in: project)
        let rule = AvailabilityRule(facts: facts, project: project, now: now)
        for id in freight {
            guard let core = try facts.freight(id, in: project) else { continue }
            let availability = try rule.availability(of: core, to: .stage(stage))
            if availability.isAvailable { changes.append(promote(try name(id), to: stage)) }
        }
        changes += try goingBackAgain(promotion, on: stage)
        let back = RollBackStage(
            project: project,
            stage: stage,
            target: .position(facts.position)
        )
        if state.current != nil, try accepts(back) {
            changes.append("waybill rollback stage/\(stage) --to now")
        }
        return changes.isEmpty ? ["waybill explain promotion/\(promotion)"] : changes
    }

    /// The command that asks once more for what a rollback or restore brought back; nothing for
    /// other promotions, and where that would be refused.
    func goingBackAgain(
        _ promotion: PromotionName,
        on stage: StageName
    ) throws(FactsFailure) -> [String] {
        guard let core = try facts.promotion(promotion, in: project),
            let position = core.restored
        else { return [] }
        let again = RollBackStage(
            project: project,
            stage: stage,
            target: .position(position),
            origin: core.origin
        )
        guard try accepts(again) else { return [] }
        let origin = core.origin.map { " --origin \($0)" } ?? ""
        return ["waybill rollback stage/\(stage) --to '\(position)'\(origin)"]
    }

    /// The command that brings back what a promotion made its stage run; nothing where that would
    /// be refused or change nothing.
    func goingBack(to promotion: Promotion) throws(FactsFailure) -> [String] {
        guard let position = try facts.success(of: promotion, in: project) else { return [] }
        let back = RollBackStage(
            project: project,
            stage: promotion.stage,
            target: .position(position)
        )
        guard try accepts(back) else { return [] }
        return ["waybill rollback stage/\(promotion.stage) --to promotion/\(promotion.name)"]
    }

    private func accepts(_ command: RollBackStage) throws(FactsFailure) -> Bool {
        try accepts(.rollBackStage(command))
    }

    /// The command that has a junction collect what its selection takes; nothing where that would
    /// change nothing.
    func collect(_ junction: JunctionName) throws(FactsFailure) -> [String] {
        try accepts(.collectFreight(CollectFreight(project: project, junction: junction)))
            ? ["waybill collect \(junction)"] : []
    }

    /// The same reasons with what can be done: in a project that is only observed nothing moves.
    func possible(_ reasons: [Reason]) throws(FactsFailure) -> [Reason] {
        guard try facts.projectState(project).mode == .observe else { return reasons }
        let moving = [
            "promote", "collect", "repackage", "rollback", "abort", "resume", "answer", "run",
        ]
        return reasons.map { reason in
            Reason(
                reason.kind,
                reason.text,
                changes: reason.changes.filter { change in
                    !moving.contains { change.hasPrefix("waybill \($0)") }
                },
                at: reason.at
            )
        }
    }

    /// Whether a command would be accepted and change something, by the decision itself.
    private func accepts(_ command: Command) throws(FactsFailure) -> Bool {
        let verdict = try Decider(
            facts: facts,
            moment: DecisionMoment(recorded: now, next: facts.position.next),
            envelope: CommandEnvelope(
                id: CommandID(unchecked: "explain"),
                actor: EventActor(name: "explain", assurance: .asserted),
                command: command
            )
        ).decide()
        guard case .events = verdict else { return false }
        return true
    }
}
