package import EventLog
package import PromotionModel

/// Where freight may go, and what keeps it from going elsewhere.
package struct FreightExplanation: Sendable {
    package let freight: Freight
    package let alias: String
    /// Stages and junctions that request its origin, by name.
    package let consumers: [ConsumerExplanation]
    /// The last consumer of this page, if there are more behind it.
    package let next: String?
}

/// Whether a stage or junction may have freight.
package struct ConsumerExplanation: Sendable {
    package let consumer: Subject
    /// Since when it may; nil if it may not.
    package let availableSince: Timestamp?
    /// Whether the stage runs it, or a slot of the junction holds it.
    package let isThere: Bool
    /// What is about to happen with it there, or each reason why nothing is.
    package let reasons: [Reason]
    /// When it changes by itself.
    package let wakeAt: Timestamp?
}

extension View {
    /// For each stage and junction that requests the freight's origin: whether it may have it, and
    /// every condition that does not hold.
    package func explain(
        _ freight: FreightID,
        in project: ProjectName,
        after: String? = nil,
        limit: Int = 100
    ) throws(LedgerError) -> FreightExplanation {
        let found = try ask { facts throws(FactsFailure) -> FreightExplanation? in
            guard let core = try facts.freight(freight, in: project) else { return nil }
            let explainer = FreightExplainer(
                base: Explainer(facts: facts, project: project, now: moment.time),
                freight: core,
                name: try facts.freightStatus(freight, in: project).alias
            )
            return try explainer.explain(after: after, limit: limit)
        }
        return try found.orNotFound(
            "no freight in project \(project) is called \(freight); see waybill get freight"
        )
    }
}

/// Explains one piece of freight.
private struct FreightExplainer {
    let base: Explainer
    let freight: Freight
    let name: String

    func explain(after: String?, limit: Int) throws(FactsFailure) -> FreightExplanation {
        let consumers = try base.facts.consumers(of: freight.origin, in: base.project).sorted()
            .filter { consumer in after.map { consumer.rawValue > $0 } ?? true }
        var explanations: [ConsumerExplanation] = []
        for subject in consumers.prefix(limit) {
            guard let consumer = Consumer(subject) else { continue }
            explanations.append(try explain(to: consumer))
        }
        return FreightExplanation(
            freight: freight,
            alias: name,
            consumers: explanations,
            next: consumers.count > limit ? consumers[limit - 1].rawValue : nil
        )
    }

    private func explain(to consumer: Consumer) throws(FactsFailure) -> ConsumerExplanation {
        let requests: [RequestedFreight]
        switch consumer {
        case .stage(let name):
            requests = try base.facts.stage(name, in: base.project)?.spec.requestedFreight ?? []
        case .junction(let name):
            requests = try base.facts.junction(name, in: base.project)?.spec.requestedFreight ?? []
        }
        guard let request = requests.first(where: { $0.origin == freight.origin }) else {
            throw .inconsistent("\(consumer.subject) is listed with \(freight.origin)")
        }
        let availability = try AvailabilityRule(
            facts: base.facts,
            project: base.project,
            now: base.now
        ).availability(of: freight, for: request, by: consumer)
        var availableSince: Timestamp?
        if case .available(let since) = availability { availableSince = since }
        let isThere = try isThere(consumer, request)
        var reasons = try base.obstacles(to: freight, for: request, by: consumer)
        switch consumer {
        case .stage(let stage):
            reasons += try reasonsOfStage(stage, isThere: isThere, availableSince != nil)
        case .junction(let junction):
            reasons += try reasonsOfJunction(junction, isThere: isThere, availableSince != nil)
        }
        return ConsumerExplanation(
            consumer: consumer.subject,
            availableSince: availableSince,
            isThere: isThere,
            reasons: try base.possible(reasons),
            wakeAt: availability.wakeAt
        )
    }

    private func isThere(
        _ consumer: Consumer,
        _ request: RequestedFreight
    ) throws(FactsFailure) -> Bool {
        switch consumer {
        case .stage(let name):
            let current = try base.facts.stageState(name, in: base.project).current
            return current?.components.contains {
                $0.carrier == freight.id || $0.freight == freight.id
            } == true
        case .junction(let name):
            let state = try base.facts.junctionState(name, in: base.project)
            return state[origin: request.origin]?.freight == freight.id
        }
    }

    /// How the freight stands at a stage.
    private func reasonsOfStage(
        _ stage: StageName,
        isThere: Bool,
        _ isAvailable: Bool
    ) throws(FactsFailure) -> [Reason] {
        guard let spec = try base.facts.stage(stage, in: base.project)?.spec else { return [] }
        let state = try base.facts.stageState(stage, in: base.project)
        if isThere {
            return [
                Reason(.current, "stage \(stage) runs freight \(name)")
            ]
        }
        if let promotion = try base.promotion(bringing: freight.id, to: state) {
            let text =
                promotion == state.running
                ? "promotion \(promotion) is bringing it"
                : "promotion \(promotion) waits to bring it"
            return [
                Reason(.underWay, text, changes: ["waybill explain promotion/\(promotion)"])
            ]
        }
        guard isAvailable else { return [] }
        if spec.isControlFlow {
            return [Reason(.available, "freight \(name) passes stage \(stage)")]
        }
        return try reasonsForWaiting(at: stage)
    }

    /// Why available freight is not promoted by itself, as the stage's own explanation says it.
    private func reasonsForWaiting(
        at stage: StageName
    ) throws(FactsFailure) -> [Reason] {
        let explainer = try StageExplainer(base, stage)
        let explanation = try explainer?.explain(freight.origin)
        guard let explanation, explanation.candidate != freight.id else {
            return try base.observed() + (explanation?.reasons ?? []).filter { !$0.kind.isOfSource }
        }
        let command = base.promote(name, to: stage)
        guard let other = explanation.candidate else {
            return [Reason(.available, "freight \(name) is available", changes: [command])]
        }
        return [
            Reason(
                .otherPreferred,
                "freight \(name) is available, and \(try base.name(other)) would be preferred",
                changes: [command]
            )
        ]
    }

    /// How the freight stands at a junction.
    private func reasonsOfJunction(
        _ junction: JunctionName,
        isThere: Bool,
        _ isAvailable: Bool
    ) throws(FactsFailure) -> [Reason] {
        if isThere { return [Reason(.current, "junction \(junction) holds freight \(name)")] }
        guard isAvailable, let spec = try base.facts.junction(junction, in: base.project)?.spec
        else { return [] }
        let explainer = JunctionExplainer(
            base: base,
            junction: junction,
            spec: spec,
            state: try base.facts.junctionState(junction, in: base.project)
        )
        let slot = try explainer.explain(freight.origin)
        guard let slot, slot.candidate != freight.id else {
            return try base.observed() + (slot?.reasons ?? []).filter { !$0.kind.isOfSource }
        }
        let command = base.take(name, by: .junction(junction))
        guard let other = slot.candidate else {
            return [Reason(.available, "freight \(name) is available", changes: [command])]
        }
        return [
            Reason(
                .otherPreferred,
                "freight \(name) is available, and \(try base.name(other)) would be preferred",
                changes: [command]
            )
        ]
    }
}
