import EventLog

/// A pending promotion that starts together with another.
struct CoalescedPromotion {
    let name: PromotionName
    let freight: [Freight]
}

extension Decider {
    /// The pending promotions that start as one with `core` under `promotionQueue: Coalesce`, in
    /// their order.
    ///
    /// Automatic promotions of other origins. What is no longer available, or would be a
    /// regression, stays out and ends errored when its own turn comes.
    func coalesced(
        with core: Promotion,
        _ freight: [Freight],
        spec: StageSpec,
        stage: StageState,
        in project: ProjectName
    ) throws(Stop) -> [CoalescedPromotion] {
        guard spec.promotionQueue == .coalesce, core.kind == .automatic else { return [] }
        var origins = Set(freight.map(\.origin))
        var leaves = Set(freight.flatMap(\.leaves).map(\.origin))
        var coalesced: [CoalescedPromotion] = []
        for queued in stage.pending where queued.kind == .automatic && queued.name != core.name {
            guard origins.isDisjoint(with: queued.origins) else { continue }
            let other = try promotion(queued.name, in: project).core
            let brought = try self.freight(of: other, in: project)
            // A bundle and a piece of freight may bring the same component.
            guard leaves.isDisjoint(with: brought.flatMap(\.leaves).map(\.origin)) else { continue }
            let obstacle = try obstacle(to: brought, other, on: stage, in: project)
            guard obstacle == nil else { continue }
            origins.formUnion(queued.origins)
            leaves.formUnion(brought.flatMap(\.leaves).map(\.origin))
            coalesced.append(CoalescedPromotion(name: queued.name, freight: brought))
        }
        return coalesced
    }

    /// The freight that a promotion was asked for.
    func freight(of core: Promotion, in project: ProjectName) throws(Stop) -> [Freight] {
        var freight: [Freight] = []
        for id in core.freight { freight.append(try self.freight(id, in: project)) }
        return freight
    }

    /// Why freight that was asked for can no longer be promoted when its turn comes; nil if it
    /// can.
    ///
    /// Between request and start it may have become unavailable, and somebody may have put in
    /// what it would take back.
    func obstacle(
        to freight: [Freight],
        _ core: Promotion,
        on stage: StageState,
        in project: ProjectName
    ) throws(Stop) -> String? {
        do throws(Stop) {
            for piece in freight {
                try requireAvailable(piece, to: .stage(core.stage), in: project)
            }
            if !core.allowsRegression {
                try requireNoRegression(freight, state: stage, in: project)
            }
        } catch {
            guard case .refused(let refusal) = error else { throw error }
            return refusal.description
        }
        return nil
    }
}
