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
        reasons += try underWay(request.origin)
        let current = state.current?.carrier(of: request.origin)
        if let freight = candidate.freight {
            reasons += try around(freight, request, isProposed: isProposed)
        } else if let current {
            reasons.append(
                Reason(.current, "freight \(try base.name(current)) runs, and none is available")
            )
        }
        reasons += try base.newer(than: candidate, request, by: .stage(stage))
        // Where there is no freight at all, that says why not.
        if !reasons.contains(where: { $0.kind == .noFreight }) {
            reasons += try base.source(of: request.origin)
        }
        return OriginExplanation(
            origin: request.origin,
            current: current,
            candidate: candidate.freight?.id,
            hold: hold,
            reasons: try base.possible(reasons),
            wakeAt: candidate.wakeAt
        )
    }

    /// What promotions that run or wait do about an origin.
    private func underWay(_ origin: Origin) throws(FactsFailure) -> [Reason] {
        var reasons: [Reason] = []
        for name in [state.running].compactMap({ $0 }) + state.pending.map(\.name) {
            guard let core = try base.facts.promotion(name, in: base.project) else { continue }
            let verb = name == state.running ? "is being promoted by" : "waits in the queue with"
            let explain = "waybill explain promotion/\(name)"
            for id in try base.facts.freightIDs(of: name, in: base.project) {
                guard try base.facts.freight(id, in: base.project)?.origin == origin else {
                    continue
                }
                let text = "freight \(try base.name(id)) \(verb) \(name)"
                reasons.append(Reason(.underWay, text, changes: [explain]))
            }
            let isBroughtBack = core.target?.components.contains { $0.requestedOrigin == origin }
            if isBroughtBack == true {
                let text = "what ran of \(origin) earlier \(verb) \(name)"
                reasons.append(Reason(.underWay, text, changes: [explain]))
            }
        }
        return reasons
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
            let what =
                switch request.selection {
                case .newestFreight: "the newest available freight \(name)"
                case .newestVerified: "the last verified available freight \(name)"
                case .matchUpstream:
                    "freight \(name), which stage \(request.stages.first?.rawValue ?? "") runs,"
                }
            return [Reason(.current, "\(what) runs already")]
        }
        // That is told of all that is brought of the origin.
        if try base.promotion(bringing: freight.id, to: state) != nil { return [] }
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
        let regression = try base.facts.regression(of: freight, in: state, of: base.project)
        let command =
            base.promote(name, to: stage) + (regression == nil ? "" : " --allow-regression")
        var reasons: [Reason] = []
        if let ended = try base.unsuccessful(freight.id, state, stage) {
            reasons.append(
                Reason(
                    .unsuccessful,
                    "promotion \(ended.name) of freight \(name) \(ended.words)"
                        + (isAutomatic ? "; automation does not try it again" : ""),
                    changes: [command, "waybill explain promotion/\(ended.name)"]
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
        if let regression {
            reasons.append(
                Reason(
                    .regression,
                    "freight \(name) would replace \(regression.component) with "
                        + "\(try base.name(regression.would)), older than "
                        + "\(try base.name(regression.runs)), which was put in by itself",
                    changes: [command]
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
