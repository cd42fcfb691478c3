import EventLog
import PromotionModel

extension Explainer {
    /// How far freight has come in a stage that has not verified it.
    struct Whereabouts {
        /// A clause that goes on after “it is not verified in stage S”; may be empty.
        let text: String
        /// What would bring it on.
        let changes: [String]
    }

    /// How far freight has come in a stage that has not verified it, and what would bring it on.
    func whereabouts(
        of freight: Freight,
        _ name: String,
        in stage: StageName
    ) throws(FactsFailure) -> Whereabouts {
        let state = try facts.stageState(stage, in: project)
        if let report = try reports(freight, from: stage) {
            return Whereabouts(text: try judgement(of: state), changes: [report])
        }
        if let promotion = try promotion(bringing: freight.id, to: state) {
            let text =
                promotion == state.running
                ? ", to which promotion \(promotion) is bringing it"
                : ", for which promotion \(promotion) waits"
            return Whereabouts(text: text, changes: ["waybill explain promotion/\(promotion)"])
        }
        if try isProposed(freight.id, for: stage) {
            return Whereabouts(
                text: ", to which automation promotes it next",
                changes: ["waybill explain stage/\(stage)"]
            )
        }
        let way = try wayInto(stage, freight, name)
        guard let ended = try unsuccessful(freight.id, state, stage) else {
            return Whereabouts(text: "", changes: [way])
        }
        return Whereabouts(
            text: ", where promotion \(ended.name) of it \(ended.words)",
            changes: [way, "waybill explain promotion/\(ended.name)"]
        )
    }

    /// How what a stage runs is judged, where it is not verified.
    private func judgement(of state: StageState) throws(FactsFailure) -> String {
        if let open = state.verification {
            return ", where \(open.promotion) is being verified since \(open.since.text)"
        }
        guard let current = state.currentPromotion,
            let record = try facts.promotionState(current, in: project).verification
        else { return ", where it runs" }
        return ", where its verification ended \(record.result) at \(record.at.text)"
    }

    /// The promotion that runs or waits to bring freight to a stage.
    func promotion(
        bringing freight: FreightID,
        to state: StageState
    ) throws(FactsFailure) -> PromotionName? {
        if let running = state.running,
            try facts.freightIDs(of: running, in: project).contains(freight)
        {
            return running
        }
        return state.pending.first { $0.freight.contains(freight) }?.name
    }

    /// Whether automation is about to promote freight to a stage.
    private func isProposed(
        _ freight: FreightID,
        for stage: StageName
    ) throws(FactsFailure) -> Bool {
        try NextStepsRule(facts: facts, project: project, now: now)
            .nextSteps(for: .stage(stage)).commands.contains { proposed in
                guard case .requestPromotion(let request) = proposed.command else { return false }
                return request.selection == .named([freight.rawValue])
            }
    }

    /// A promotion that ended without success.
    struct Unsuccessful {
        let name: PromotionName
        let state: PromotionState

        /// A clause such as “failed at 2026-03-02T14:46:00Z: step push: …”.
        var words: String {
            let verb =
                switch state.phase {
                case .failed: "failed"
                case .errored: "ended with an error"
                case .aborted: "was aborted"
                case .pending, .running, .succeeded, .superseded: "did not succeed"
                }
            let time = state.finishedAt.map { " at \($0.text)" } ?? ""
            return verb + time + (state.message.map { ": \($0)" } ?? "")
        }
    }

    /// The last promotion of freight to a stage, where that ended without success.
    func unsuccessful(
        _ freight: FreightID,
        _ state: StageState,
        _ stage: StageName
    ) throws(FactsFailure) -> Unsuccessful? {
        guard state.unsuccessful.contains(freight) else { return nil }
        var before = Position(rawValue: .max)
        for _ in 0..<Self.lookBackPageCountMax {
            let page = try facts.promotions(of: stage, in: project, before: before, limit: 50)
            for entry in page {
                let brought = try facts.freightIDs(of: entry.promotion, in: project)
                guard brought.contains(freight) else { continue }
                let ended = try facts.promotionState(entry.promotion, in: project)
                guard [.failed, .errored, .aborted].contains(ended.phase) else { continue }
                return Unsuccessful(name: entry.promotion, state: ended)
            }
            guard let last = page.last, page.count == 50 else { return nil }
            before = last.position
        }
        return nil
    }

    /// How many pages of promotions are read to find the one that did not succeed.
    private static let lookBackPageCountMax = 4
}
