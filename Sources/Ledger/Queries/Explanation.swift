package import EventLog
package import PromotionModel

/// Why a stage is not being promoted, or what is about to be.
package struct Explanation: Sendable {
    package let stage: StageName
    package let running: PromotionName?
    package let pending: [PromotionName]
    package let uncertain: [UncertainComponent]
    /// The verification of what runs that has no result yet.
    package let verification: OpenVerification?
    /// Whether the first pending promotion waits for it.
    package let waitsForVerification: Bool
    package let autoPromotionEnabled: Bool
    /// One for each requested origin, in their order.
    package let origins: [OriginExplanation]
}

/// What stands between one requested origin and the stage.
package struct OriginExplanation: Sendable {
    package let origin: Origin
    /// What runs of it.
    package let current: FreightID?
    /// The freight that is available and would be taken.
    package let candidate: FreightID?
    package let hold: AutomationHold?
    /// Each reason in a sentence of its own, with what would change it.
    package let reasons: [String]
    /// When it changes by itself.
    package let wakeAt: Timestamp?
}

extension View {
    /// Everything that speaks for or against promoting to a stage now.
    package func explain(
        _ stage: StageName,
        in project: ProjectName
    ) throws(LedgerError) -> Explanation {
        try ask { facts throws(FactsFailure) -> Explanation? in
            guard let row = try facts.stage(stage, in: project) else { return nil }
            let state = try facts.stageState(stage, in: project)
            let policies = try facts.project(project)?.spec.promotionPolicies ?? []
            let isAutomatic = AutoPromotionRule.isEnabled(
                stage,
                spec: row.spec,
                policies: policies
            )
            var origins: [OriginExplanation] = []
            for request in row.spec.requestedFreight {
                origins.append(
                    try OriginExplainer(facts: facts, project: project, now: moment.time)
                        .explain(request, of: stage, state: state, isAutomatic: isAutomatic)
                )
            }
            return Explanation(
                stage: stage,
                running: state.running,
                pending: state.pending.map(\.name),
                uncertain: state.uncertain,
                verification: state.verification,
                waitsForVerification: state.running == nil
                    && state.pending.first.flatMap {
                        state.verification(awaitedBy: $0.kind, row.spec)
                    } != nil,
                autoPromotionEnabled: isAutomatic,
                origins: origins
            )
        }.orNotFound("there is no stage \(stage) in project \(project); see waybill get stages")
    }
}

/// Explains one requested origin of a stage.
private struct OriginExplainer {
    let facts: StoreFacts
    let project: ProjectName
    let now: Timestamp

    func explain(
        _ request: RequestedFreight,
        of stage: StageName,
        state: StageState,
        isAutomatic: Bool
    ) throws(FactsFailure) -> OriginExplanation {
        let rule = CandidateRule(facts: facts, project: project, now: now)
        let candidate = try rule.candidate(
            for: request,
            of: .stage(stage),
            selection: request.selection
        )
        let current = state.current?.carrier(of: request.origin)
        let hold = state.holds.first { $0.origin == request.origin }
        var reasons: [String] = []
        if let hold {
            reasons.append(
                "automation is held since \(hold.since.text) by \(hold.actor) with promotion "
                    + "\(hold.promotion); waybill resume stage/\(stage) --origin "
                    + "\(request.origin) lets it go on"
            )
        }
        if let freight = candidate.freight {
            reasons += try reasonsAround(
                freight,
                current: current,
                stage: stage,
                state: state,
                isAutomatic: isAutomatic
            )
            if reasons.isEmpty {
                let name = try displayName(freight.id)
                reasons.append("nothing: freight \(name) is next, and waybill run promotes it")
            }
        } else {
            reasons += try reasonsForNone(request, of: stage)
        }
        return OriginExplanation(
            origin: request.origin,
            current: current,
            candidate: candidate.freight?.id,
            hold: hold,
            reasons: reasons,
            wakeAt: candidate.wakeAt
        )
    }

    private func reasonsAround(
        _ freight: Freight,
        current: FreightID?,
        stage: StageName,
        state: StageState,
        isAutomatic: Bool
    ) throws(FactsFailure) -> [String] {
        let name = try displayName(freight.id)
        if current == freight.id { return ["the newest available freight \(name) runs already"] }
        if state.pending.contains(where: { $0.freight.contains(freight.id) }) {
            return ["freight \(name) waits in the queue"]
        }
        if let running = state.running,
            try facts.freightIDs(of: running, in: project).contains(freight.id)
        {
            return ["freight \(name) is being promoted by \(running)"]
        }
        let command = "waybill promote --stage \(stage) --freight \(name)"
        var reasons: [String] = []
        if state.unsuccessful.contains(freight.id) {
            reasons.append(
                "the last promotion of freight \(name) did not succeed; \(command) tries again"
            )
        }
        if !isAutomatic {
            reasons.append(
                "freight \(name) is available, but no promotion policy enables automatic "
                    + "promotion; \(command) promotes it"
            )
        }
        return reasons
    }

    /// Why no freight is available: the newest there is, and what it lacks.
    private func reasonsForNone(
        _ request: RequestedFreight,
        of stage: StageName
    ) throws(FactsFailure) -> [String] {
        let entries = try facts.freight(
            of: request.origin,
            in: project,
            before: Position(rawValue: .max),
            limit: 1
        )
        guard let entry = entries.first,
            let freight = try facts.freight(entry.freight, in: project)
        else {
            return [
                request.origin.kind == .warehouse
                    ? "there is no freight of \(request.origin) yet; waybill run discovers some"
                    : "nothing was repackaged yet; waybill repackage \(request.origin.name) does so"
            ]
        }
        let availability = try AvailabilityRule(facts: facts, project: project, now: now)
            .availability(of: freight, for: request, by: .stage(stage))
        guard case .unavailable(let unmet) = availability else { return [] }
        let name = try displayName(freight.id)
        var reasons: [String] = []
        for condition in unmet {
            let ending = try ending(of: condition, freight)
            reasons.append("freight \(name) is not available: \(condition)\(ending)")
        }
        return reasons
    }

    /// What a condition that does not hold waits for, where that is a verification.
    private func ending(
        of condition: Availability.Unmet,
        _ freight: Freight
    ) throws(FactsFailure) -> String {
        guard case .notVerified(let stage) = condition,
            let open = try facts.stageState(stage, in: project).verification,
            let collection = try facts.promotionState(open.promotion, in: project).collection,
            collection.components.contains(where: {
                $0.freight == freight.id || $0.carrier == freight.id
            })
        else { return "" }
        return
            ", where \(open.promotion) is being verified since \(open.since.text); waybill report "
            + "--promotion \(open.promotion) says how that ended"
    }

    private func displayName(_ id: FreightID) throws(FactsFailure) -> String {
        let alias = try facts.freightStatus(id, in: project).alias
        return alias.isEmpty ? id.short : alias
    }
}
