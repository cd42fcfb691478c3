package import EventLog
package import PromotionModel

/// Why a stage is not being promoted, or what is about to be.
package struct StageExplanation: Sendable {
    package let stage: StageName
    package let running: PromotionName?
    package let pending: [PromotionName]
    package let uncertain: [UncertainComponent]
    /// The verification of what runs that has no result yet.
    package let verification: OpenVerification?
    /// Whether the first pending promotion waits for it.
    package let waitsForVerification: Bool
    package let autoPromotionEnabled: Bool
    /// What holds for the stage as a whole.
    package let reasons: [Reason]
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
    /// Never empty: why it is promoted, or each reason why not.
    package let reasons: [Reason]
    /// When it changes by itself.
    package let wakeAt: Timestamp?
}

extension View {
    /// Everything that speaks for or against promoting to a stage now.
    package func explain(
        _ stage: StageName,
        in project: ProjectName
    ) throws(LedgerError) -> StageExplanation {
        let found = try ask { facts throws(FactsFailure) -> StageExplanation? in
            let base = Explainer(facts: facts, project: project, now: moment.time)
            return try StageExplainer(base, stage)?.explain()
        }
        return try found.orUnknown(.unknownStage(stage, in: project))
    }
}

/// Explains one stage.
struct StageExplainer {
    let base: Explainer
    let stage: StageName
    let spec: StageSpec
    let state: StageState
    let policies: [PromotionPolicy]

    private var facts: StoreFacts { base.facts }
    private var project: ProjectName { base.project }

    /// The explainer of a stage; nil if there is no such stage.
    init?(_ base: Explainer, _ stage: StageName) throws(FactsFailure) {
        guard let row = try base.facts.stage(stage, in: base.project) else { return nil }
        self.base = base
        self.stage = stage
        spec = row.spec
        state = try base.facts.stageState(stage, in: base.project)
        policies = try base.facts.project(base.project)?.spec.promotionPolicies ?? []
    }

    var isAutomatic: Bool {
        AutoPromotionRule.isEnabled(stage, spec: spec, policies: policies)
    }

    /// The verification that the first pending promotion waits for.
    var awaited: OpenVerification? {
        guard state.running == nil, let first = state.pending.first else { return nil }
        return state.verification(awaitedBy: first.kind, spec)
    }

    /// The origins of which automation is about to promote freight.
    private func proposedOrigins() throws(FactsFailure) -> Set<Origin> {
        let steps = try NextStepsRule(facts: facts, project: project, now: base.now)
            .nextSteps(for: .stage(stage))
        return Set(steps.commands.filter { $0.rule == "promote" }.compactMap(\.origin))
    }

    /// What stands between one origin and the stage; nil if it is not requested.
    func explain(_ origin: Origin) throws(FactsFailure) -> OriginExplanation? {
        guard let request = spec.requestedFreight.first(where: { $0.origin == origin }) else {
            return nil
        }
        return try explain(request, isProposed: proposedOrigins().contains(origin))
    }

    /// Everything about the stage.
    func explain() throws(FactsFailure) -> StageExplanation {
        let proposed = try proposedOrigins()
        var origins: [OriginExplanation] = []
        for request in spec.requestedFreight {
            origins.append(
                try explain(request, isProposed: proposed.contains(request.origin))
            )
        }
        return StageExplanation(
            stage: stage,
            running: state.running,
            pending: state.pending.map(\.name),
            uncertain: state.uncertain,
            verification: state.verification,
            waitsForVerification: awaited != nil,
            autoPromotionEnabled: isAutomatic,
            reasons: try base.possible(reasons()),
            origins: origins
        )
    }

    /// What holds for the stage as a whole.
    private func reasons() throws(FactsFailure) -> [Reason] {
        var reasons = try base.observed()
        if spec.isControlFlow {
            reasons.append(
                Reason(
                    .controlFlow,
                    "stage \(stage) has no steps: what is available to it passes, and nothing is "
                        + "promoted to it"
                )
            )
        }
        if let restore = try facts.projectState(project).restore,
            restore.items.contains(where: { $0.stage == stage })
        {
            reasons.append(
                Reason(
                    .restoring,
                    "the restore that \(restore.position) asked for is under way",
                    changes: ["waybill run"]
                )
            )
        }
        reasons += try underWay() + queued() + judged()
        reasons += try uncertain()
        return reasons
    }

    /// What nobody can say any more, one reason for each promotion that is to blame.
    private func uncertain() throws(FactsFailure) -> [Reason] {
        var promotions: [PromotionName] = []
        for component in state.uncertain where !promotions.contains(component.promotion) {
            promotions.append(component.promotion)
        }
        return try promotions.map { promotion throws(FactsFailure) in
            let components = state.uncertain.filter { $0.promotion == promotion }.map(\.origin)
            return Reason(
                .uncertain,
                "\(components.areUncertain) since \(promotion), which did not succeed; nobody can "
                    + "say what of it runs until a promotion succeeds",
                changes: try base.settling(promotion, on: stage, state)
            )
        }
    }

    /// How what runs was judged.
    func judged() throws(FactsFailure) -> [Reason] {
        var reasons: [Reason] = []
        if let open = state.verification {
            let bySteps = open.steps.isEmpty ? "" : " by the stage's steps"
            reasons.append(
                Reason(
                    .verifying,
                    "\(open.promotion) is being verified\(bySteps) since \(open.since.text)"
                        + (awaited == nil ? "" : ", and the queue waits for it"),
                    changes: ways(to: open)
                )
            )
        } else if let current = state.currentPromotion,
            let record = try facts.promotionState(current, in: project).verification,
            let word = record.result.wordOfFailure
        {
            let why = record.message.map { ": \($0)" } ?? ""
            reasons.append(
                Reason(
                    .verificationFailed,
                    "\(word) at \(record.at.text)\(why)",
                    changes: ["waybill report --promotion \(current) --result passed"]
                        + (try base.rollbackToPrevious(stage))
                )
            )
        }
        if state.health == .unhealthy {
            let why = state.healthMessage.map { ": \($0)" } ?? ""
            reasons.append(
                Reason(
                    .unhealthy,
                    "what runs is unhealthy\(why)",
                    changes: try base.rollbackToPrevious(stage)
                )
            )
        }
        return reasons
    }
}

extension VerificationResult {
    /// What is said of what runs where the result does not verify it; nil where it does, and where
    /// something else took its place.
    fileprivate var wordOfFailure: String? {
        switch self {
        case .failed: "what runs failed its verification"
        case .errored: "the verification of what runs could not be carried out"
        case .inconclusive: "the verification of what runs found out nothing"
        case .successful, .aborted: nil
        }
    }
}

extension [Origin] {
    /// The beginning of a sentence that they are uncertain.
    var areUncertain: String {
        map(\.rawValue).joined(separator: ", ") + (count == 1 ? " is" : " are") + " uncertain"
    }
}
