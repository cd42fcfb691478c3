import EventLog
import PromotionModel

/// Whether queues and restores of a project are never left in between.
struct QueueCheck {
    let facts: DictionaryFacts
    let project: ProjectName

    /// The promotions of a stage that are looked at, newest first.
    private static let promotionCountMax = 25

    /// The first rule that is broken; nil if none is.
    func finding() -> String? {
        for stage in facts.stages(in: project) {
            if let found = finding(of: stage) { return "\(project)/\(stage): \(found)" }
        }
        return findingOfRestore().map { "\(project): \($0)" }
    }

    private func finding(of stage: StageName) -> String? {
        let state = facts.stageState(stage, in: project)
        let places = state.pending.map { PromotionPlace($0) }
        guard places == places.sorted() else { return "out of order: \(state.pending)" }
        guard Set(state.holds.map(\.origin)).count == state.holds.count else {
            return "an origin is held twice"
        }
        let known = Set(state.pending.map(\.name) + [state.running].compactMap { $0 })
        let entries = facts.promotions(
            of: stage,
            in: project,
            before: Position(rawValue: .max),
            limit: Self.promotionCountMax
        )
        for entry in entries {
            let promotion = facts.promotionState(entry.promotion, in: project)
            if promotion.phase.isTerminal == known.contains(entry.promotion) {
                return "\(entry.promotion) is \(promotion.phase)"
            }
            let isRunning = state.running == entry.promotion
            if isRunning != (promotion.phase == .running) {
                return "\(entry.promotion) is \(promotion.phase), running \(isRunning)"
            }
            if promotion.phase != .running, promotion.awaited != nil {
                return "\(entry.promotion) has ended and waits"
            }
        }
        return nil
    }

    private func findingOfRestore() -> String? {
        guard let restore = facts.projectState(project).restore else { return nil }
        let open = restore.items.filter { !phase(of: $0).isTerminal }
        if open.isEmpty { return "the restore of \(restore.position) has no end" }
        let level = open.map(\.level).min() ?? 0
        if let early = open.first(where: { phase(of: $0) == .running && $0.level > level }) {
            return "\(early.promotion) started before what is downstream was restored"
        }
        return nil
    }

    private func phase(of item: RestoreItem) -> PromotionPhase {
        facts.promotionState(item.promotion, in: project).phase
    }
}
