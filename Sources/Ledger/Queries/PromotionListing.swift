package import EventLog
package import PromotionModel

/// Which promotions a listing is about; what is nil or empty does not narrow it.
package struct PromotionFilter: Sendable {
    package var stage: StageName?
    package var phases: Set<PromotionPhase> = []
    package var kinds: Set<PromotionKind> = []

    /// All of them.
    package init() {}

    /// Whether only promotions that have not ended are asked for.
    fileprivate var isOpenOnly: Bool {
        !phases.isEmpty && phases.allSatisfy { !$0.isTerminal }
    }
}

extension View {
    /// Promotions that a filter lets through, newest first, from before `before`.
    ///
    /// Those that have not ended are found at their stages, others by going back a bounded number
    /// of promotions.
    package func promotions(
        _ filter: PromotionFilter,
        in project: ProjectName,
        before: Position = Position(rawValue: .max),
        limit: Int
    ) throws(LedgerError) -> Page<PromotionName> {
        try ask { facts throws(FactsFailure) in
            let finder = PromotionFinder(facts: facts, project: project, filter: filter)
            return try filter.isOpenOnly
                ? finder.open(before: before, limit: limit)
                : finder.page(before: before, limit: limit)
        }
    }
}

/// Finds promotions.
private struct PromotionFinder {
    let facts: StoreFacts
    let project: ProjectName
    let filter: PromotionFilter

    func page(before: Position, limit: Int) throws(FactsFailure) -> Page<PromotionName> {
        let isFiltered = !filter.phases.isEmpty || !filter.kinds.isEmpty
        let count = isFiltered ? LookLimits.promotionCountMax : limit
        let entries =
            if let stage = filter.stage {
                try facts.promotions(of: stage, in: project, before: before, limit: count + 1)
            } else {
                try facts.promotions(in: project, before: before, limit: count + 1)
            }
        var items: [PromotionName] = []
        for (index, entry) in entries.prefix(count).enumerated()
        where try matches(entry.promotion) {
            items.append(entry.promotion)
            if items.count == limit {
                let isLast = index == entries.count - 1
                return Page(items: items, next: isLast ? nil : entry.position)
            }
        }
        return Page(
            items: items,
            next: entries.count > count ? entries[count - 1].position : nil
        )
    }

    private func matches(_ name: PromotionName) throws(FactsFailure) -> Bool {
        if !filter.phases.isEmpty {
            let phase = try facts.promotionState(name, in: project).phase
            guard filter.phases.contains(phase) else { return false }
        }
        if !filter.kinds.isEmpty {
            guard let kind = try facts.promotion(name, in: project)?.kind else { return false }
            guard filter.kinds.contains(kind) else { return false }
        }
        return true
    }

    /// Promotions that wait or run, from the states of the stages.
    func open(before: Position, limit: Int) throws(FactsFailure) -> Page<PromotionName> {
        let stages =
            if let stage = filter.stage { [stage] } else { try facts.stages(in: project) }
        var entries: [PromotionEntry] = []
        for stage in stages {
            let state = try facts.stageState(stage, in: project)
            for name in [state.running].compactMap({ $0 }) + state.pending.map(\.name)
            where try matches(name) {
                guard let core = try facts.promotion(name, in: project) else { continue }
                entries.append(PromotionEntry(position: core.requested, promotion: name))
            }
        }
        let left = entries.filter { $0.position < before }.sorted { $0.position > $1.position }
        return Page(
            items: left.prefix(limit).map(\.promotion),
            next: left.count > limit ? left[limit - 1].position : nil
        )
    }
}
