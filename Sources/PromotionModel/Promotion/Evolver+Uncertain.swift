import EventLog

/// What nobody can say any more, because a promotion did not succeed, and what ends that.
extension Evolver {
    /// What is uncertain after `promotion` ended without success, or took effect although
    /// another had taken its place: what was, and all that it meant to change.
    func uncertain(
        in stage: StageState,
        after promotion: Promotion,
        _ state: PromotionState
    ) -> [UncertainComponent] {
        var uncertain = stage.uncertain
        for change in state.changes where change.kind.countsAsChanged {
            let isKnown = uncertain.contains { $0.origin == change.origin }
            // Whoever only tried to make sure of it is not why it is uncertain.
            if isKnown, !promotion.isOf(change.origin, state, on: stage.current) { continue }
            var component = UncertainComponent()
            component.origin = change.origin
            component.promotion = promotion.name
            uncertain.removeAll { $0.origin == change.origin }
            uncertain.append(component)
        }
        return uncertain.sorted { $0.origin < $1.origin }
    }

    /// What is still uncertain after `promotion` succeeded.
    ///
    /// What was uncertain when it started is certain again where the promotion was of that
    /// component, or performed a step for it. What became uncertain meanwhile stays so.
    func stillUncertain(
        in stage: StageState,
        after promotion: Promotion,
        _ state: PromotionState
    ) throws(FactsFailure) -> [UncertainComponent] {
        var still: [UncertainComponent] = []
        for component in stage.uncertain {
            let wasKnown = state.changes.contains {
                $0.origin == component.origin && $0.isUncertain
            }
            if wasKnown, promotion.isOf(component.origin, state, on: stage.current) { continue }
            if wasKnown, try wasPerformed(for: component.origin, promotion, state) { continue }
            still.append(component)
        }
        return still
    }

    /// Whether a promotion that succeeded performed a step for a component, and all that it
    /// performed for it went well.
    private func wasPerformed(
        for origin: Origin,
        _ promotion: Promotion,
        _ state: PromotionState
    ) throws(FactsFailure) -> Bool {
        var wasPerformed = false
        for (index, planned) in state.plan.enumerated() where planned.component == origin {
            switch try facts.step(UInt64(index), of: promotion.name, in: project)?.status {
            case .succeeded: wasPerformed = true
            case .failed, .errored, .aborted, .running: return false
            case .skipped, nil: break
            }
        }
        return wasPerformed
    }
}

extension Promotion {
    /// Whether it is a promotion of the component of `origin`: its freight brings it or fills the
    /// requested origin that brought it, or it brings a whole stage or that origin back.
    ///
    /// `before` is what ran when it started.
    func isOf(
        _ origin: Origin,
        _ state: PromotionState,
        on before: FreightCollection?
    ) -> Bool {
        let after = state.collection?[origin: origin]
        let requested = (after ?? before?[origin: origin])?.requestedOrigin
        guard target == nil else {
            guard let limit = self.origin else { return true }
            return limit == origin || limit == requested
        }
        let brought = Set(freight + state.coalesced)
        if let after { return brought.contains(after.carrier) }
        return (state.collection?.components ?? []).contains { component in
            component.requestedOrigin == requested && brought.contains(component.carrier)
        }
    }
}
