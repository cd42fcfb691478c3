import EventLog

extension Decider {
    /// Records what a look at a warehouse found; quiet where all of it is known.
    ///
    /// Refuses, in this order: unknown project, unknown warehouse.
    func decide(_ command: RecordDiscovery) throws(Stop) -> [EventDraft] {
        let spec = try warehouseSpec(command.warehouse, in: command.project)
        let state = try ask { facts throws(FactsFailure) in
            try facts.warehouseState(command.warehouse, in: command.project)
        }
        var drafts: [EventDraft] = []
        let subject = Subject.warehouse(command.warehouse)
        if state.failure != nil {
            var event = DiscoveryRecovered()
            event.warehouse = command.warehouse
            drafts.append(
                EventDraft(
                    project: command.project,
                    subject: subject,
                    event: .discoveryRecovered(event)
                )
            )
        }
        let discoveries = command.findings.map { finding in
            discovery(finding, known: state.finding(like: finding))
        }
        let isNews = zip(command.findings, discoveries).contains { finding, discovery in
            let known = state.finding(like: finding)?.artifacts.map(\.key) ?? []
            return !discovery.found.isEmpty || known != discovery.candidates
        }
        if isNews || state.findings.count != command.findings.count {
            var event = ArtifactsDiscovered()
            event.warehouse = command.warehouse
            event.subscriptions = discoveries
            event.noFreightBecause = try obstacle(of: command, spec)?.description
            drafts.append(
                EventDraft(
                    project: command.project,
                    subject: subject,
                    event: .artifactsDiscovered(event)
                )
            )
        }
        return drafts
    }

    private func obstacle(
        of command: RecordDiscovery,
        _ spec: WarehouseSpec
    ) throws(Stop) -> CreationObstacle? {
        try ask { facts throws(FactsFailure) in
            try CreationRule(facts: facts, project: command.project)
                .obstacle(of: command.warehouse, spec, command.findings)
        }
    }

    private func discovery(
        _ finding: SubscriptionFinding,
        known: SubscriptionFinding?
    ) -> SubscriptionDiscovery {
        let knownArtifacts = Set(known?.artifacts.map(\.key) ?? [])
        var discovery = SubscriptionDiscovery()
        discovery.subscription = finding.subscription
        discovery.repoURL = finding.repoURL
        discovery.found = finding.artifacts.filter { !knownArtifacts.contains($0.key) }
        discovery.chosen = finding.artifacts.first
        discovery.candidates = finding.artifacts.map(\.key)
        return discovery
    }

    /// Records that a warehouse cannot be looked at; quiet while it fails the same way.
    ///
    /// Refuses, in this order: unknown project, unknown warehouse.
    func decide(_ command: RecordDiscoveryFailure) throws(Stop) -> [EventDraft] {
        _ = try warehouseSpec(command.warehouse, in: command.project)
        let state = try ask { facts throws(FactsFailure) in
            try facts.warehouseState(command.warehouse, in: command.project)
        }
        guard state.failure != command.message else { return [] }
        var event = DiscoveryFailed()
        event.warehouse = command.warehouse
        event.message = command.message
        return [
            EventDraft(
                project: command.project,
                subject: .warehouse(command.warehouse),
                event: .discoveryFailed(event)
            )
        ]
    }

    /// Makes freight of the first candidate of each subscription; quiet where it exists.
    ///
    /// Refuses, in this order: unknown project, unknown warehouse, a subscription without any
    /// candidate; for automation, that freight is made by hand or that the criteria do not hold.
    func decide(_ command: CreateFreight) throws(Stop) -> [EventDraft] {
        let spec = try warehouseSpec(command.warehouse, in: command.project)
        let state = try ask { facts throws(FactsFailure) in
            try facts.warehouseState(command.warehouse, in: command.project)
        }
        let obstacle = try ask { facts throws(FactsFailure) in
            try CreationRule(facts: facts, project: command.project)
                .obstacle(of: command.warehouse, spec, state.findings)
        }
        switch obstacle {
        case .nothingFound(let subscription):
            throw .refused(.nothingDiscovered(command.warehouse, subscription: subscription))
        case .exists: return []
        case .byHand, .criteriaNotMet, .criteriaFailed:
            if isAutomation, let obstacle {
                throw .refused(.creationWaits(command.warehouse, why: obstacle.description))
            }
        case nil: break
        }
        let artifacts = spec.subscriptions.compactMap { state.chosen(for: $0) }
        guard !artifacts.isEmpty else {
            throw .refused(.nothingDiscovered(command.warehouse, subscription: "any subscription"))
        }
        let origin = Origin.warehouse(command.warehouse)
        let id = FreightIdentity.id(of: artifacts, origin: origin)
        var event = FreightCreated()
        event.freight = id
        event.kargoName = FreightIdentity.kargoName(of: artifacts, origin: origin)
        event.origin = origin
        event.artifacts = artifacts
        event.making = .discovered
        event.alias = try freeAlias(for: id, in: command.project)
        event.because = envelope.because
        event.reason = envelope.reason
        return [
            EventDraft(
                project: command.project,
                subject: .freight(id),
                event: .freightCreated(event),
                cause: state.discovered
            )
        ]
    }

    /// An alias for `id` that no other freight of the project has, nor is about to have.
    func freeAlias(
        for id: FreightID,
        in project: ProjectName,
        besides taken: Set<String> = []
    ) throws(Stop) -> String {
        try ask { facts throws(FactsFailure) in
            try FreightAlias.alias(for: id) { alias throws(FactsFailure) in
                if taken.contains(alias) { return true }
                return try facts.freight(withAlias: alias, in: project) != nil
            }
        }
    }
}

extension WarehouseState {
    /// What the same subscription found before.
    func finding(like finding: SubscriptionFinding) -> SubscriptionFinding? {
        findings.first { $0.isLike(finding) }
    }

    /// The candidate of a subscription that freight is made of.
    package func chosen(for subscription: Subscription) -> Artifact? {
        findings.chosen(for: subscription)
    }

    /// The id of the freight that a warehouse would make now; nil where a subscription has no
    /// candidate.
    func candidate(for spec: WarehouseSpec, of warehouse: WarehouseName) -> FreightID? {
        let artifacts = spec.subscriptions.compactMap { chosen(for: $0) }
        guard artifacts.count == spec.subscriptions.count, !artifacts.isEmpty else { return nil }
        return FreightIdentity.id(of: artifacts, origin: .warehouse(warehouse))
    }
}
