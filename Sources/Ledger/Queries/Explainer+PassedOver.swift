import EventLog
import PromotionModel

extension Explainer {
    /// Why freight that is newer than the candidate of a stage or slot, or the only one, is not
    /// taken.
    func newer(
        than candidate: CandidateRule<StoreFacts>.Candidate,
        _ request: RequestedFreight,
        by consumer: Consumer,
        selection: SelectionPolicy? = nil
    ) throws(FactsFailure) -> [Reason] {
        if (selection ?? request.selection) == .matchUpstream, let upstream = request.stages.first {
            return try upstreamReasons(candidate, upstream, request, by: consumer)
        }
        guard let newest = try newest(of: request.origin) else {
            return [try noFreight(of: request.origin)]
        }
        var reasons: [Reason] = []
        if newest.id != candidate.freight?.id {
            reasons += try notTaken(newest, request, by: consumer)
        }
        if let other = candidate.passedOver?.freight, other != newest.id,
            let freight = try facts.freight(other, in: project)
        {
            reasons += try notTaken(freight, request, by: consumer)
        }
        return reasons
    }

    /// The command that brings freight to a stage or into a slot by hand.
    func take(_ freight: String, by consumer: Consumer) -> String {
        switch consumer {
        case .stage(let stage): promote(freight, to: stage)
        case .junction(let junction): "waybill collect \(junction) --freight \(freight)"
        }
    }

    /// Why what the upstream stage runs is not the candidate.
    private func upstreamReasons(
        _ candidate: CandidateRule<StoreFacts>.Candidate,
        _ upstream: StageName,
        _ request: RequestedFreight,
        by consumer: Consumer
    ) throws(FactsFailure) -> [Reason] {
        if candidate.freight != nil { return [] }
        let running = try facts.stageState(upstream, in: project).current?
            .carrier(of: request.origin)
        guard let running, let freight = try facts.freight(running, in: project) else {
            return [
                Reason(
                    .noFreight,
                    "stage \(upstream), which is matched, runs nothing of \(request.origin)",
                    changes: ["waybill explain stage/\(upstream)"]
                )
            ]
        }
        return try notTaken(freight, request, by: consumer)
    }

    /// What freight lacks that automation passed over.
    private func notTaken(
        _ freight: Freight,
        _ request: RequestedFreight,
        by consumer: Consumer
    ) throws(FactsFailure) -> [Reason] {
        let obstacles = try obstacles(to: freight, for: request, by: consumer)
        guard obstacles.isEmpty else { return obstacles }
        let name = try name(freight.id)
        let command = take(name, by: consumer)
        if try facts.isHandMade(freight, in: project) {
            return [
                Reason(
                    .handMade,
                    "somebody put freight \(name) together by hand, and what is new in it comes "
                        + "from a warehouse that does not say promoteAssembled",
                    changes: [command]
                )
            ]
        }
        return [Reason(.available, "freight \(name) is available too", changes: [command])]
    }
}
