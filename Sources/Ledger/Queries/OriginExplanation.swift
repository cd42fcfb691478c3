import EventLog
import PromotionModel

extension StageExplainer {
    /// What stands between one requested origin and the stage.
    ///
    /// `isProposed` says whether automation is about to promote freight of it.
    func explain(
        _ request: RequestedFreight,
        isProposed: Bool
    ) throws(FactsFailure) -> OriginExplanation {
        let candidate = try CandidateRule(
            facts: base.facts,
            project: base.project,
            now: base.now
        ).candidate(for: request, of: .stage(stage), selection: request.selection)
        let hold = state.holds.first { $0.origin == request.origin }
        var reasons: [Reason] = []
        if let hold { reasons.append(held(hold)) }
        if let freight = candidate.freight {
            reasons += try around(freight, request, isProposed: isProposed)
        }
        reasons += try base.newer(than: candidate, request, by: .stage(stage))
        return OriginExplanation(
            origin: request.origin,
            current: state.current?.carrier(of: request.origin),
            candidate: candidate.freight?.id,
            hold: hold,
            reasons: reasons,
            wakeAt: candidate.wakeAt
        )
    }

    private func held(_ hold: AutomationHold) -> Reason {
        Reason(
            .held,
            "automation is held since \(hold.since.text) by \(hold.actor) with promotion "
                + "\(hold.promotion)",
            changes: ["waybill resume stage/\(stage) --origin \(hold.origin)"]
        )
    }

    /// What becomes of the freight that automation would take.
    private func around(
        _ freight: Freight,
        _ request: RequestedFreight,
        isProposed: Bool
    ) throws(FactsFailure) -> [Reason] {
        let name = try base.name(freight.id)
        if isProposed {
            return [
                Reason(.next, "freight \(name) is next: automation promotes it", changes: [])
            ]
        }
        let current = state.current?.carrier(of: request.origin)
        if current == freight.id {
            return [Reason(.current, "the newest available freight \(name) runs already")]
        }
        if state.pending.contains(where: { $0.freight.contains(freight.id) }) {
            return [Reason(.underWay, "freight \(name) waits in the queue")]
        }
        if let running = state.running,
            try base.facts.freightIDs(of: running, in: base.project).contains(freight.id)
        {
            return [Reason(.underWay, "freight \(name) is being promoted by \(running)")]
        }
        if spec.isControlFlow {
            return [Reason(.available, "freight \(name) passes")]
        }
        return try against(freight, name, current)
    }

    /// What keeps automation from available freight.
    private func against(
        _ freight: Freight,
        _ name: String,
        _ current: FreightID?
    ) throws(FactsFailure) -> [Reason] {
        let command = base.promote(name, to: stage)
        var reasons: [Reason] = []
        if state.unsuccessful.contains(freight.id) {
            reasons.append(
                Reason(
                    .unsuccessful,
                    "the last promotion of freight \(name) did not succeed",
                    changes: [command]
                )
            )
        }
        if let current, let running = try base.facts.freight(current, in: base.project),
            freight.origin.kind == .warehouse, freight.created < running.created
        {
            reasons.append(
                Reason(
                    .older,
                    "freight \(name) is older than \(try base.name(current)), which runs, and "
                        + "automation never goes back",
                    changes: [command]
                )
            )
        }
        if let regression = try base.facts.regression(of: freight, in: state, of: base.project) {
            reasons.append(
                Reason(
                    .regression,
                    "freight \(name) would replace \(regression.component) with "
                        + "\(try base.name(regression.would)), older than "
                        + "\(try base.name(regression.runs)), which was put in by itself",
                    changes: [command + " --allow-regression"]
                )
            )
        }
        if !isAutomatic {
            reasons.append(
                Reason(
                    .notAutomatic,
                    "freight \(name) is available, but no promotion policy enables automatic "
                        + "promotion",
                    changes: [command]
                )
            )
        }
        if reasons.isEmpty {
            reasons.append(
                Reason(.available, "freight \(name) is available", changes: [command])
            )
        }
        return reasons
    }
}
