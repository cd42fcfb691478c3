import EventLog

extension Evolver {
    func changes(of event: ArtifactsDiscovered) throws(FactsFailure) -> [RowChange] {
        var state = try facts.warehouseState(event.warehouse, in: project)
        state.findings = event.subscriptions.map { discovery in
            var finding = SubscriptionFinding(
                subscription: discovery.subscription,
                repoURL: discovery.repoURL,
                artifacts: discovery.found
            )
            // A rewritten branch may have dropped what was known: only what matches now is kept.
            let known = (state.finding(like: finding)?.artifacts ?? []) + discovery.found
            let byKey = Dictionary(known.map { ($0.key, $0) }) { _, newer in newer }
            finding.artifacts = discovery.candidates.compactMap { byKey[$0] }
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
        freight.derivedFrom = event.derivedFrom
        freight.constituents = event.constituents
        var status = FreightStatus()
        status.alias = event.alias
        let changes: [RowChange] = [
            .freight(project, freight),
            .freightStatus(project, freight.id, status),
            .freightAlias(project, alias: event.alias, freight.id),
            .freightOfOrigin(project, freight.origin, freight.id),
        ]
        return changes
            + event.constituents.map {
                .bundleOfLeaf(project, leaf: $0.freight, bundle: freight.id)
            }
    }
}
