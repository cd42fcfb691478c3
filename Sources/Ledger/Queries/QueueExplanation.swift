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
        var reasons = [Reason(.running, text, changes: [abort])]
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
            let isNext = index == 0 && state.running == nil
            let why = isNext ? try waiting(queued) : "waits in the queue"
            reasons.append(
                Reason(
                    .pending,
                    "promotion \(queued.name) (\(queued.kind)\(queued.now ? ", now" : "")) \(why)",
                    changes: ["waybill abort \(queued.name)"]
                )
            )
        }
        guard !state.pending.isEmpty else { return reasons }
        switch spec.promotionQueue {
        case .all: break
        case .latest:
            reasons.append(
                Reason(
                    .queuePolicy,
                    "promotionQueue Latest: a newer one of the same kind takes the place of one "
                        + "that waits, if it is for all of its origins"
                )
            )
        case .coalesce:
            reasons.append(
                Reason(
                    .queuePolicy,
                    "promotionQueue Coalesce: automatic ones of different origins start as one"
                )
            )
        }
        return reasons
    }

    /// What the first in the queue waits for.
    private func waiting(_ queued: QueuedPromotion) throws(FactsFailure) -> String {
        if let awaited { return "waits until \(awaited.promotion) is verified" }
        guard let promotion = try base.facts.promotion(queued.name, in: base.project) else {
            throw .inconsistent("promotion \(queued.name) waits but is not there")
        }
        let stages = try base.facts.stagesToRestore(before: promotion, in: base.project)
        guard !stages.isEmpty else { return "is first in the queue" }
        let names = stages.map(\.rawValue).joined(separator: ", ")
        return "waits until the restore has ended in \(names), further downstream"
    }
}
