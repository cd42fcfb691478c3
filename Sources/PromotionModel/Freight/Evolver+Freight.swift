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
            var known = ArtifactLookup(
                discovery.found,
                before: state.finding(like: finding)?.artifacts ?? []
            )
            finding.artifacts = discovery.candidates.compactMap { known.artifact($0) }
            return finding
        }
        state.discovered = header.position
        state.discoveredAt = header.recorded
        return [.warehouseState(project, event.warehouse, state)]
            + (try confirmation(of: event.warehouse, that: state))
    }

    /// A warehouse that now finds what somebody put together before makes it its own.
    private func confirmation(
        of warehouse: WarehouseName,
        that state: WarehouseState
    ) throws(FactsFailure) -> [RowChange] {
        guard let spec = try facts.warehouse(warehouse, in: project)?.spec,
            let id = state.candidate(for: spec, of: warehouse),
            let freight = try facts.freight(id, in: project),
            try facts.isHandMade(freight, in: project)
        else { return [] }
        return [try confirmed(id)]
    }

    /// What a hand put together is from now on like what its origin made.
    func confirmed(_ id: FreightID) throws(FactsFailure) -> RowChange {
        var status = try facts.freightStatus(id, in: project)
        status.confirmed = header.position
        return .freightStatus(project, id, status)
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

    func changes(of event: FreightCreated) throws(FactsFailure) -> [RowChange] {
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
        switch event.making {
        case .discovered, .repackaged, .imported: break
        case .assembled, .derived:
            if try isCandidate(event.freight, of: event.origin) {
                status.confirmed = header.position
            }
        }
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

    /// Whether freight is what its warehouse would make now.
    private func isCandidate(
        _ id: FreightID,
        of origin: Origin
    ) throws(FactsFailure) -> Bool {
        guard let name = origin.warehouse,
            let spec = try facts.warehouse(name, in: project)?.spec
        else { return false }
        return try facts.warehouseState(name, in: project).candidate(for: spec, of: name) == id
    }
}

/// Finds artifacts by key among those that were just found and those that were known before.
///
/// Candidates mostly come in the order in which they came last time, so each is looked for where
/// the last one was found.
private struct ArtifactLookup {
    private let artifacts: [Artifact]
    private let keys: [String]
    private var next = 0

    /// What was found replaces what was known under the same key.
    init(_ found: [Artifact], before known: [Artifact]) {
        let foundKeys = found.map(\.key)
        let others = known.map { (key: $0.key, artifact: $0) }.filter {
            !foundKeys.contains($0.key)
        }
        artifacts = found + others.map(\.artifact)
        keys = foundKeys + others.map(\.key)
    }

    mutating func artifact(_ key: String) -> Artifact? {
        for offset in keys.indices {
            var index = next + offset
            if index >= keys.count { index -= keys.count }
            guard keys[index] == key else { continue }
            next = index + 1 < keys.count ? index + 1 : 0
            return artifacts[index]
        }
        return nil
    }
}
