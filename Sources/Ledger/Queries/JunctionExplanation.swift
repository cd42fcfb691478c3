package import EventLog
package import PromotionModel

/// Why a junction does or does not collect and repackage.
package struct JunctionExplanation: Sendable {
    package let junction: JunctionName
    /// Its bundle, by alias; nil while it has made none.
    package let bundle: String?
    package let collectionPolicy: AutomationPolicy
    package let repackagingPolicy: AutomationPolicy
    /// Never empty: that it is about to make a bundle, or each reason why it does not.
    package let reasons: [Reason]
    /// One for each requested origin, in their order.
    package let slots: [SlotExplanation]
    /// When the answer about the bundle changes by itself.
    package let wakeAt: Timestamp?
}

/// Why a slot holds what it holds.
package struct SlotExplanation: Sendable {
    package let origin: Origin
    package let isOptional: Bool
    /// What it holds.
    package let freight: FreightID?
    /// What the junction's selection would take.
    package let candidate: FreightID?
    package let isHeld: Bool
    /// Never empty: what is about to happen, or each reason why nothing else is in it.
    package let reasons: [Reason]
    /// When it changes by itself.
    package let wakeAt: Timestamp?
}

extension View {
    /// Everything that speaks for or against collecting and repackaging now.
    package func explain(
        _ junction: JunctionName,
        in project: ProjectName
    ) throws(LedgerError) -> JunctionExplanation {
        let found = try ask { facts throws(FactsFailure) -> JunctionExplanation? in
            guard let row = try facts.junction(junction, in: project) else { return nil }
            let explainer = JunctionExplainer(
                base: Explainer(facts: facts, project: project, now: moment.time),
                junction: junction,
                spec: row.spec,
                state: try facts.junctionState(junction, in: project)
            )
            return try explainer.explain()
        }
        return try found.orUnknown(.unknownJunction(junction, in: project))
    }
}

/// Explains one junction.
struct JunctionExplainer {
    let base: Explainer
    let junction: JunctionName
    let spec: JunctionSpec
    let state: JunctionState

    /// Everything about the junction.
    func explain() throws(FactsFailure) -> JunctionExplanation {
        let proposed = try proposedRules()
        var slots: [SlotExplanation] = []
        for request in spec.requestedFreight {
            slots.append(try explain(request, isAutomatic: proposed.contains("collect")))
        }
        let outlook = try RepackagingRule(
            facts: base.facts,
            project: base.project,
            now: base.now
        ).outlook(of: junction, spec, state)
        return JunctionExplanation(
            junction: junction,
            bundle: try state.bundle.map { id throws(FactsFailure) in try base.name(id) },
            collectionPolicy: spec.collectionPolicy,
            repackagingPolicy: spec.repackagingPolicy,
            reasons: try base.possible(reasons(outlook, proposed)),
            slots: slots,
            wakeAt: outlook.wakeAt
        )
    }

    /// The rules by which automation is about to do something here.
    private func proposedRules() throws(FactsFailure) -> Set<String> {
        let steps = try NextStepsRule(facts: base.facts, project: base.project, now: base.now)
            .nextSteps(for: .junction(junction))
        return Set(steps.commands.map(\.rule))
    }

    /// What is about to happen about the bundle, or each reason why nothing is.
    private func reasons(
        _ outlook: RepackagingOutlook,
        _ proposed: Set<String>
    ) throws(FactsFailure) -> [Reason] {
        var reasons = try base.observed()
        if proposed.contains("repackage") {
            return [Reason(.next, "automation makes a bundle of what the slots hold")]
        }
        for obstacle in outlook.obstacles {
            reasons.append(try reason(for: obstacle))
        }
        if outlook.obstacles.isEmpty {
            reasons.append(
                Reason(
                    .available,
                    "what the slots hold can be repackaged"
                        + (proposed.contains("collect") ? "; automation changes slots first" : ""),
                    changes: ["waybill repackage \(junction)"]
                )
            )
        }
        return reasons
    }

    private func reason(for obstacle: RepackagingObstacle) throws(FactsFailure) -> Reason {
        let text = obstacle.description
        let collect = try base.collect(junction)
        let repackage = "waybill repackage \(junction)"
        switch obstacle {
        case .slotsEmpty: return Reason(.slotEmpty, text, changes: collect)
        case .notAvailable(_, let alias, _, let unmet):
            return Reason(
                .slotLost,
                text,
                changes: collect + ["waybill approve \(alias) --for junction/\(junction)"],
                at: Availability.unavailable(unmet).wakeAt
            )
        case .unchanged: return Reason(.unchanged, text)
        case .neverTogether(let stages):
            return Reason(
                .neverTogether,
                text,
                changes: stages.map { "waybill explain stage/\($0)" }
            )
        case .byHand: return Reason(.byHand, text, changes: [repackage])
        case .restless(_, let until):
            return Reason(.debouncing, text, changes: [repackage], at: until)
        case .criteriaNotMet, .criteriaFailed:
            return Reason(.criteria, text, changes: [repackage])
        }
    }
}
