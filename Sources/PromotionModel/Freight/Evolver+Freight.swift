import EventLog

extension Evolver {
    /// How many candidates of a subscription are kept, newest first.
    static var candidateCountMax: Int { 100 }

    func changes(of event: ArtifactsDiscovered) throws(FactsFailure) -> [RowChange] {
        var state = try facts.warehouseState(event.warehouse, in: project)
        state.findings = event.subscriptions.map { discovery in
            var finding = SubscriptionFinding(
                subscription: discovery.subscription,
                repoURL: discovery.repoURL,
                artifacts: discovery.found
            )
            let known = state.finding(like: finding)?.artifacts ?? []
            let candidates = discovery.found + known.filter { !discovery.found.contains($0) }
            let others = candidates.filter { $0 != discovery.chosen }
            let all = discovery.chosen.map { [$0] + others } ?? others
            finding.artifacts = Array(all.prefix(Self.candidateCountMax))
            return finding
        }
        state.discovered = header.position
        state.discoveredAt = header.recorded
        return [.warehouseState(project, event.warehouse, state)]
    }

    func changes(of event: DiscoveryFailed) throws(FactsFailure) -> [RowChange] {
        var state = try facts.warehouseState(event.warehouse, in: project)
        state.failure = event.message
        return [.warehouseState(project, event.warehouse, state)]
    }

    func changes(of event: DiscoveryRecovered) throws(FactsFailure) -> [RowChange] {
        var state = try facts.warehouseState(event.warehouse, in: project)
        state.failure = nil
        return [.warehouseState(project, event.warehouse, state)]
    }

    func changes(of event: FreightCreated) -> [RowChange] {
        var freight = Freight()
        freight.id = event.freight
        freight.kargoName = event.kargoName
        freight.origin = event.origin
        freight.artifacts = event.artifacts
        freight.making = event.making
        freight.created = header.position
        freight.createdAt = header.recorded
        var status = FreightStatus()
        status.alias = event.alias
        return [
            .freight(project, freight),
            .freightStatus(project, freight.id, status),
            .freightAlias(project, alias: event.alias, freight.id),
            .freightOfOrigin(project, freight.origin, freight.id),
        ]
    }
}
