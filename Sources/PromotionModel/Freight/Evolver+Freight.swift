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
            var lookup = ArtifactLookup(
                found: discovery.found,
                known: state.finding(like: finding)?.artifacts ?? []
            )
            finding.artifacts = discovery.candidates.compactMap { lookup.artifact($0) }
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
        // The id of what it would make now costs hashes: most warehouses never need it.
        guard state.hasHandMade, let spec = try facts.warehouse(warehouse, in: project)?.spec,
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
        var changes: [RowChange] = []
        changes.reserveCapacity(5 + event.constituents.count)
        switch event.making {
        case .discovered, .repackaged, .imported: break
        case .assembled, .derived:
            if try isCandidate(event.freight, of: event.origin) {
                status.confirmed = header.position
            } else {
                changes += try handMadeMark(for: event.origin)
            }
        }
        changes.append(.freight(project, freight))
        changes.append(.freightStatus(project, freight.id, status))
        changes.append(.freightAlias(project, alias: event.alias, freight.id))
        changes.append(.freightOfOrigin(project, freight.origin, freight.id))
        for constituent in event.constituents {
            changes.append(.bundleOfLeaf(project, leaf: constituent.freight, bundle: freight.id))
        }
        return changes
    }

    /// That a warehouse may yet find what somebody put together in its name.
    private func handMadeMark(for origin: Origin) throws(FactsFailure) -> [RowChange] {
        guard let name = origin.warehouse else { return [] }
        var state = try facts.warehouseState(name, in: project)
        guard !state.hasHandMade else { return [] }
        state.hasHandMade = true
        return [.warehouseState(project, name, state)]
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

/// Finds artifacts by key among those that were just found, and else among those known before.
///
/// Candidates mostly come in the order in which they came last time, so each is looked for where
/// the last one was found.
private struct ArtifactLookup {
    private let found: [Artifact]
    private let known: [Artifact]
    private var nextFound = 0
    private var nextKnown = 0

    init(found: [Artifact], known: [Artifact]) {
        self.found = found
        self.known = known
    }

    mutating func artifact(_ key: String) -> Artifact? {
        if let index = Self.index(of: key, in: found, from: nextFound) {
            nextFound = index + 1
            return found[index]
        }
        guard let index = Self.index(of: key, in: known, from: nextKnown) else { return nil }
        nextKnown = index + 1
        return known[index]
    }

    /// Goes once around, beginning at `start`.
    private static func index(of key: String, in artifacts: [Artifact], from start: Int) -> Int? {
        for offset in artifacts.indices {
            var index = start + offset
            if index >= artifacts.count { index -= artifacts.count }
            if artifacts[index].hasKey(key) { return index }
        }
        return nil
    }
}
