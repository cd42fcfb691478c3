import EventLog
package import PromotionModel

/// Why a warehouse makes no freight, or what it made last.
package struct WarehouseExplanation: Sendable {
    package let warehouse: WarehouseName
    /// Time between two looks.
    package let intervalMs: Int64
    package let creationPolicy: FreightCreationPolicy
    /// Its newest freight, by alias; nil while there is none.
    package let freight: String?
    /// Never empty.
    package let reasons: [Reason]
    /// One for each subscription, in their order.
    package let subscriptions: [SubscriptionExplanation]
}

/// What a subscription looks for, and what it found.
package struct SubscriptionExplanation: Sendable {
    /// Its name, or the repository where it has none.
    package let name: String
    package let repoURL: String
    /// What it takes, as its manifest says.
    package let selection: String
    /// How many candidates it found last.
    package let candidateCount: Int
    /// What freight is made of; nil if nothing was found.
    package let chosen: String?
}

extension View {
    /// Everything that keeps a warehouse from making freight.
    package func explain(
        _ warehouse: WarehouseName,
        in project: ProjectName
    ) throws(LedgerError) -> WarehouseExplanation {
        var failure = AuditFilter()
        failure.narrow(to: .warehouse(warehouse), in: project)
        failure.types = [.discoveryFailed]
        let failedAt = try events(failure, limit: 1).items.first?.header.recorded
        let found = try ask { facts throws(FactsFailure) -> WarehouseExplanation? in
            guard let row = try facts.warehouse(warehouse, in: project) else { return nil }
            let base = Explainer(facts: facts, project: project, now: moment.time)
            return try WarehouseExplainer(
                base: base,
                name: warehouse,
                spec: row.spec,
                state: try facts.warehouseState(warehouse, in: project),
                failedAt: failedAt
            ).explain()
        }
        return try found.orUnknown(.unknownWarehouse(warehouse, in: project))
    }
}

/// Explains one warehouse.
private struct WarehouseExplainer {
    let base: Explainer
    let name: WarehouseName
    let spec: WarehouseSpec
    let state: WarehouseState
    /// When looking began to fail the way it fails.
    let failedAt: Timestamp?

    func explain() throws(FactsFailure) -> WarehouseExplanation {
        let newest = try base.newest(of: .warehouse(name))
        let freight = try newest.map { freight throws(FactsFailure) in try base.name(freight.id) }
        return WarehouseExplanation(
            warehouse: name,
            intervalMs: spec.intervalMs,
            creationPolicy: spec.creationPolicy,
            freight: freight,
            reasons: try base.possible(base.observed() + reasons()),
            subscriptions: spec.subscriptions.map(explain)
        )
    }

    private func reasons() throws(FactsFailure) -> [Reason] {
        guard !spec.subscriptions.isEmpty else {
            return [
                Reason(
                    .nothingFound,
                    "warehouse \(name) has no subscriptions, so it finds nothing; freight of it "
                        + "cannot be made",
                    changes: ["waybill apply -f FILE"]
                )
            ]
        }
        var reasons: [Reason] = []
        if let failure = state.failure {
            let since = failedAt.map { " since \($0.text)" } ?? ""
            let pause = LookPauses.longestMs(intervalMs: spec.intervalMs)
            reasons.append(
                Reason(
                    .discoveryFailed,
                    "it cannot be looked at\(since): \(failure); waybill run tries it again after "
                        + "longer and longer pauses, of at most \(pause / 1_000) s",
                    changes: ["waybill discover \(name)"]
                )
            )
        } else if state.discovered == .origin {
            return [base.neverLookedAt(name)]
        }
        guard state.discovered != .origin else { return reasons }
        let obstacle = try CreationRule(facts: base.facts, project: base.project)
            .obstacle(of: name, spec, state.findings)
        return reasons + [reason(for: obstacle)]
    }

    private func reason(for obstacle: CreationObstacle?) -> Reason {
        guard let obstacle else { return base.creating(name) }
        switch obstacle {
        case .exists(_, let alias):
            return Reason(
                .current,
                "freight \(alias) is made of the newest of each subscription; the last look that "
                    + "found something new was at \(state.discoveredAt.text), and waybill run "
                    + "looks every \(spec.intervalMs / 1_000) s",
                changes: ["waybill discover \(name)"]
            )
        case .nothingFound:
            return Reason(
                .nothingFound,
                "\(obstacle), so no freight can be made; push something that matches, or change "
                    + "what it selects",
                changes: ["waybill discover \(name)", "waybill apply -f FILE"]
            )
        case .byHand, .criteriaNotMet, .criteriaFailed:
            return base.notCreated(obstacle, name) ?? base.creating(name)
        }
    }

    private func explain(_ subscription: Subscription) -> SubscriptionExplanation {
        let finding = state.findings.finding(of: subscription)
        return SubscriptionExplanation(
            name: subscription.name.isEmpty ? subscription.repoURL : subscription.name,
            repoURL: subscription.repoURL,
            selection: subscription.selectionText,
            candidateCount: finding?.artifacts.count ?? 0,
            chosen: finding?.artifacts.first?.shortVersion
        )
    }
}
