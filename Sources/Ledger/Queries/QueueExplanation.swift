import EventLog
import PromotionModel

extension StageExplainer {
    /// What runs, and whether something may take its place.
    func underWay() throws(FactsFailure) -> [Reason] {
        guard let name = state.running else { return [] }
        let promotion = try base.facts.promotionState(name, in: base.project)
        let index = Int(clamping: promotion.currentStep)
        var text = "promotion \(name) is running"
        if promotion.plan.indices.contains(index) {
            text +=
                ": step \(index + 1) of \(promotion.plan.count), \(promotion.plan[index].alias)"
        }
        let abort = "waybill abort \(name)"
        var reasons = [
            Reason(.running, text, changes: ["waybill explain promotion/\(name)", abort])
        ]
        guard let awaited = promotion.awaited, awaited.value == nil else { return reasons }
        let place = awaited.url.map { " (\($0))" } ?? ""
        reasons.append(
            Reason(
                .awaitingInput,
                "it waits since \(awaited.since.text): \(awaited.message)\(place)",
                changes: ["waybill answer \(name) ANSWER", abort]
            )
        )
        reasons.append(
            try base.facts.givesWay(name, in: base.project)
                ? Reason(
                    .givesWay,
                    "it has changed nothing that others see: a rollback, a promotion asked for "
                        + "with --now or one with a newer bundle takes its place"
                )
                : Reason(
                    .takenEffect,
                    "it has taken effect, so whatever is asked for now comes after it"
                )
        )
        return reasons
    }

    /// What waits for its turn, and for what.
    func queued() throws(FactsFailure) -> [Reason] {
        var reasons: [Reason] = []
        for (index, queued) in state.pending.enumerated() {
            let (why, changes) = try waiting(queued, at: index)
            reasons.append(
                Reason(
                    .pending,
                    "promotion \(queued.name) (\(queued.kind)\(queued.now ? ", now" : "")) \(why)",
                    changes: changes + ["waybill abort \(queued.name)"]
                )
            )
        }
        return reasons + (state.pending.isEmpty ? [] : policyOfQueue())
    }

    /// What becomes of promotions that wait, where it is not that each starts in its turn.
    func policyOfQueue() -> [Reason] {
        switch spec.promotionQueue {
        case .all: []
        case .latest:
            [
                Reason(
                    .queuePolicy,
                    "promotionQueue Latest: a newer one of the same kind takes the place of one "
                        + "that waits, if it is for all of its origins"
                )
            ]
        case .coalesce:
            [
                Reason(
                    .queuePolicy,
                    "promotionQueue Coalesce: automatic ones of different origins start as one"
                )
            ]
        }
    }

    /// The verification that the first in the queue waits for.
    func judgedBeforeQueue() -> [Reason] {
        guard let awaited else { return [] }
        return [
            Reason(
                .verifying,
                "\(awaited.promotion) is being verified since \(awaited.since.text), and the queue "
                    + "waits for it",
                changes: ways(to: awaited)
            )
        ]
    }

    /// What a promotion in the queue waits for, and what would end that.
    func waiting(
        _ queued: QueuedPromotion,
        at index: Int
    ) throws(FactsFailure) -> (text: String, changes: [String]) {
        let explain = "waybill explain promotion/\(queued.name)"
        if index > 0 {
            return ("waits in the queue behind \(state.pending[index - 1].name)", [explain])
        }
        if let running = state.running { return ("waits until \(running) has ended", [explain]) }
        if let awaited {
            return ("waits until \(awaited.promotion) is verified", ways(to: awaited))
        }
        guard let promotion = try base.facts.promotion(queued.name, in: base.project) else {
            throw .inconsistent("promotion \(queued.name) waits but is not there")
        }
        let stages = try base.facts.stagesToRestore(before: promotion, in: base.project)
        guard !stages.isEmpty else { return ("is first in the queue", ["waybill run"]) }
        let names = stages.map(\.rawValue).joined(separator: ", ")
        return (
            "waits until the restore has ended in \(names), further downstream",
            stages.map { "waybill explain stage/\($0)" }
        )
    }

    /// What gives an open verification a result.
    func ways(to open: OpenVerification) -> [String] {
        (open.steps.isEmpty ? [] : ["waybill run"])
            + ["waybill report --promotion \(open.promotion) --result passed"]
    }
}
