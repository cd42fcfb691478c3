import EventLog
import PromotionModel

extension JunctionExplainer {
    /// Why the slot of one requested origin holds what it holds; nil if that is not requested.
    func explain(_ origin: Origin) throws(FactsFailure) -> SlotExplanation? {
        guard let request = spec.requestedFreight.first(where: { $0.origin == origin }) else {
            return nil
        }
        let steps = try NextStepsRule(facts: base.facts, project: base.project, now: base.now)
            .nextSteps(for: .junction(junction))
        return try explain(
            request,
            isAutomatic: steps.commands.contains { $0.rule == "collect" }
        )
    }

    /// Why the slot of a request holds what it holds; `isAutomatic` says whether automation is
    /// about to collect.
    func explain(
        _ request: RequestedFreight,
        isAutomatic: Bool
    ) throws(FactsFailure) -> SlotExplanation {
        let outlook = try CollectionRule(
            facts: base.facts,
            project: base.project,
            now: base.now
        ).outlook(of: request, in: junction, state, selection: spec.selection)
        var reasons: [Reason] = []
        if outlook.isHeld { reasons.append(try held(outlook)) }
        reasons += try lost(outlook)
        reasons += try around(outlook, isAutomatic: isAutomatic)
        let candidate = try CandidateRule(
            facts: base.facts,
            project: base.project,
            now: base.now
        ).candidate(for: request, of: .junction(junction), selection: spec.selection)
        reasons += try base.newer(
            than: candidate,
            request,
            by: .junction(junction),
            selection: spec.selection
        ).filter { reason in !reasons.contains(reason) }
        if !reasons.contains(where: { $0.kind == .noFreight }) {
            reasons += try base.source(of: request.origin)
        }
        return SlotExplanation(
            origin: request.origin,
            isOptional: request.optional,
            freight: outlook.slot?.freight,
            candidate: outlook.candidate?.id,
            isHeld: outlook.isHeld,
            reasons: try base.possible(reasons),
            wakeAt: outlook.wakeAt
        )
    }

    private func held(_ outlook: SlotOutlook) throws(FactsFailure) -> Reason {
        let what = try outlook.slot.map { slot throws(FactsFailure) in
            "freight \(try base.name(slot.freight)) was collected by hand at \(slot.since.text)"
        }
        return Reason(
            .held,
            "automation leaves the slot alone: " + (what ?? "somebody left it empty"),
            changes: ["waybill resume junction/\(junction) --origin \(outlook.request.origin)"]
        )
    }

    /// What speaks against the freight that the slot holds.
    private func lost(_ outlook: SlotOutlook) throws(FactsFailure) -> [Reason] {
        guard let slot = outlook.slot, !outlook.lost.isEmpty,
            let freight = try base.facts.freight(slot.freight, in: base.project)
        else { return [] }
        let text = "the slot holds \(try base.name(freight.id)), which it may no longer hold"
        return [Reason(.slotLost, text, changes: try base.collect(junction))]
            + (try base.obstacles(to: freight, for: outlook.request, by: .junction(junction)))
    }

    /// What becomes of the slot, and of the freight that the selection would take.
    private func around(
        _ outlook: SlotOutlook,
        isAutomatic: Bool
    ) throws(FactsFailure) -> [Reason] {
        guard let candidate = outlook.candidate else {
            return outlook.slot == nil
                ? [
                    Reason(
                        .slotEmpty,
                        outlook.request.optional
                            ? "the slot is empty, and optional" : "the slot is empty"
                    )
                ] : []
        }
        let name = try base.name(candidate.id)
        if outlook.slot?.freight == candidate.id {
            return [Reason(.current, "the slot holds \(name), which the selection takes")]
        }
        let step = outlook.automaticStep(spec.collectionPolicy)
        if isAutomatic, case .collect = step {
            return [Reason(.next, "freight \(name) is next: automation collects it")]
        }
        let command = base.take(name, by: .junction(junction))
        return [
            spec.collectionPolicy == .manual
                ? Reason(
                    .notAutomatic,
                    "freight \(name) is available, but collecting is by hand",
                    changes: [command]
                )
                : Reason(.available, "freight \(name) is available", changes: [command])
        ]
    }
}
