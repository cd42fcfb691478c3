import EventLog

extension Facts {
    /// Whether a promotion that runs only waits for input and has changed nothing that others
    /// see, so that another may take its place in the same commit.
    ///
    /// One that was given what it waits for goes on at any moment, so it no longer gives way. A
    /// step that an earlier attempt began and nobody ended may have done anything.
    package func givesWay(
        _ name: PromotionName,
        in project: ProjectName
    ) throws(FactsFailure) -> Bool {
        let state = try promotionState(name, in: project)
        guard state.phase == .running, !state.hasTakenEffect, let awaited = state.awaited,
            awaited.value == nil
        else { return false }
        for index in state.plan.indices where UInt64(index) != awaited.step {
            if try step(UInt64(index), of: name, in: project)?.status == .running { return false }
        }
        return true
    }

    /// The freight that a promotion brings, that of others that went with it included; empty for
    /// a rollback, which says its whole target.
    package func freightIDs(
        of promotion: PromotionName,
        in project: ProjectName
    ) throws(FactsFailure) -> [FreightID] {
        guard let core = try self.promotion(promotion, in: project) else { return [] }
        return core.freight + (try promotionState(promotion, in: project)).coalesced
    }

    /// Whether a bundle was repackaged later than another of the same junction.
    package func isNewer(
        _ bundle: FreightID,
        than other: FreightID,
        of origin: Origin,
        in project: ProjectName
    ) throws(FactsFailure) -> Bool {
        guard bundle != other else { return false }
        var before = Position(rawValue: .max)
        for _ in 0..<10 {
            let page = try freight(of: origin, in: project, before: before, limit: 50)
            if let first = page.first(where: { $0.freight == bundle || $0.freight == other }) {
                return first.freight == bundle
            }
            guard let last = page.last else { return false }
            before = last.position
        }
        // Both are so old that it does not matter which was made again since.
        guard let left = try freight(bundle, in: project),
            let right = try freight(other, in: project)
        else { return false }
        return left.created > right.created
    }
}
