package import EventLog

/// Whether freight may be promoted to a stage or collected by a junction, and why.
package enum Availability: Hashable, Sendable {
    /// It may, since the time at which the last condition came true.
    case available(since: Timestamp)
    /// It may not; everything that stands in its way.
    case unavailable([Unmet])

    /// A condition that does not hold.
    package enum Unmet: Hashable, Sendable {
        case originNotRequested(Origin)
        /// Not verified in a stage that it must pass.
        case notVerified(in: StageName)
        /// Verified in a stage that it must pass, and a later verification failed.
        case withdrawn(in: StageName, at: Timestamp)
        /// Verified there, but not long enough in it; nil where it has left before.
        case notSoaked(in: StageName, until: Timestamp?)
        /// A stage that it must pass does not exist.
        case noSuchStage(StageName)
        /// It, or a constituent of it, must not go anywhere.
        case quarantined(FreightID, alias: String, reason: String)
        /// A bundle with a constituent that its junction could not have collected.
        case needsApproval(constituent: FreightID, alias: String)
    }

    package var isAvailable: Bool {
        switch self {
        case .available: true
        case .unavailable: false
        }
    }

    /// When it comes true by itself, if nothing happens but time.
    package var wakeAt: Timestamp? {
        guard case .unavailable(let unmet) = self else { return nil }
        return unmet.compactMap { condition in
            if case .notSoaked(_, let until) = condition { until } else { nil }
        }.min()
    }
}

/// The one function that decides whether freight is available (design 7.2).
///
/// Listing, promoting, automation, pages and API all call it.
package struct AvailabilityRule<F: Facts> {
    private let facts: F
    private let project: ProjectName
    /// Soak is measured up to here.
    private let now: Timestamp

    /// The rule over `facts`, at the time `now`.
    package init(facts: F, project: ProjectName, now: Timestamp) {
        self.facts = facts
        self.project = project
        self.now = now
    }

    /// Whether `freight` is available to a stage or junction that exists.
    package func availability(
        of freight: Freight,
        to consumer: Consumer
    ) throws(FactsFailure) -> Availability {
        let requests: [RequestedFreight] =
            switch consumer {
            case .stage(let name): try facts.stage(name, in: project)?.spec.requestedFreight ?? []
            case .junction(let name):
                try facts.junction(name, in: project)?.spec.requestedFreight ?? []
            }
        guard let request = requests.first(where: { $0.origin == freight.origin }) else {
            return .unavailable([.originNotRequested(freight.origin)])
        }
        return try availability(of: freight, for: request, by: consumer)
    }

    /// Whether `freight` fulfils `request` of `consumer`, whose origin it has.
    package func availability(
        of freight: Freight,
        for request: RequestedFreight,
        by consumer: Consumer
    ) throws(FactsFailure) -> Availability {
        let status = try facts.freightStatus(freight.id, in: project)
        let quarantined = try quarantined(freight, status)
        guard quarantined.isEmpty else { return .unavailable(quarantined) }
        let incarnation = try incarnation(of: consumer)
        if let approval = status.approval(for: consumer, since: incarnation) {
            return .available(since: approval.at)
        }
        if let outsider = try outsider(in: freight) { return .unavailable([outsider]) }
        return try passage(of: freight, status: status, for: request)
    }

    private func incarnation(of consumer: Consumer) throws(FactsFailure) -> Position {
        switch consumer {
        case .stage(let name): try facts.stage(name, in: project)?.incarnation ?? .origin
        case .junction(let name): try facts.junction(name, in: project)?.incarnation ?? .origin
        }
    }

    /// What of the freight is quarantined: itself, or its constituents, which are looked up.
    package func quarantined(
        _ freight: Freight,
        _ status: FreightStatus
    ) throws(FactsFailure) -> [Availability.Unmet] {
        var found: [Availability.Unmet] = []
        if let quarantine = status.quarantine {
            found.append(
                .quarantined(freight.id, alias: status.alias, reason: quarantine.reason ?? "")
            )
        }
        for leaf in freight.constituents {
            let status = try facts.freightStatus(leaf.freight, in: project)
            guard let quarantine = status.quarantine else { continue }
            found.append(
                .quarantined(leaf.freight, alias: status.alias, reason: quarantine.reason ?? "")
            )
        }
        return found
    }

    /// A constituent that was put into a derived bundle and that the junction could not have
    /// collected itself: such a bundle needs an approval, even where freight comes `direct`.
    private func outsider(in freight: Freight) throws(FactsFailure) -> Availability.Unmet? {
        guard let source = freight.derivedFrom, let junction = freight.origin.junction,
            let before = try facts.freight(source, in: project)
        else { return nil }
        for leaf in freight.constituents where !before.constituents.contains(leaf) {
            guard let constituent = try facts.freight(leaf.freight, in: project) else {
                throw .inconsistent("freight \(freight.id) holds \(leaf.freight), not there")
            }
            let collectable = try availability(of: constituent, to: .junction(junction))
            guard !collectable.isAvailable else { continue }
            let status = try facts.freightStatus(leaf.freight, in: project)
            return .needsApproval(constituent: leaf.freight, alias: status.alias)
        }
        return nil
    }

    /// Whether freight that nobody approved came straight from its origin or passed the stages.
    private func passage(
        of freight: Freight,
        status: FreightStatus,
        for request: RequestedFreight
    ) throws(FactsFailure) -> Availability {
        if request.direct { return .available(since: freight.createdAt) }
        var passedSince: [Timestamp] = []
        var unmet: [Availability.Unmet] = []
        for stage in request.stages {
            let passage = try passage(
                of: freight,
                status: status,
                through: stage,
                soakMs: request.requiredSoakMs
            )
            switch passage {
            case .available(let since): passedSince.append(since)
            case .unavailable(let conditions): unmet += conditions
            }
        }
        switch request.availability {
        case .oneOf:
            return passedSince.min().map { .available(since: $0) } ?? .unavailable(unmet)
        case .all:
            guard unmet.isEmpty, let since = passedSince.max() else { return .unavailable(unmet) }
            return .available(since: since)
        }
    }

    /// Whether automation must leave a slot alone: somebody chose its freight by hand against the
    /// selection, and it is still available.
    package func keepsHold(
        of slot: Slot,
        for request: RequestedFreight,
        by junction: JunctionName
    ) throws(FactsFailure) -> Bool {
        guard slot.held, let freight = try facts.freight(slot.freight, in: project) else {
            return false
        }
        return try availability(of: freight, for: request, by: .junction(junction)).isAvailable
    }

    /// Whether freight has passed one upstream stage, with soak.
    private func passage(
        of freight: Freight,
        status: FreightStatus,
        through stage: StageName,
        soakMs: Int64
    ) throws(FactsFailure) -> Availability {
        guard let row = try facts.stage(stage, in: project) else {
            return .unavailable([.noSuchStage(stage)])
        }
        if row.spec.isControlFlow {
            return try passageThroughControlFlow(of: freight, stage: stage, soakMs: soakMs)
        }
        guard let stay = status.stay(in: stage, since: row.incarnation) else {
            if let mark = status.withdrawal(in: stage, since: row.incarnation) {
                return .unavailable([.withdrawn(in: stage, at: mark.at)])
            }
            return .unavailable([.notVerified(in: stage)])
        }
        if stay.longestEndedMs >= soakMs { return .available(since: stay.verifiedAt) }
        let due = stay.presentSince?.adding(milliseconds: soakMs)
        guard let due, stay.hasSoaked(soakMs, at: now) else {
            return .unavailable([.notSoaked(in: stage, until: due)])
        }
        return .available(since: max(due, stay.verifiedAt))
    }

    /// A control-flow stage records nothing: freight has passed it iff it is available to it.
    private func passageThroughControlFlow(
        of freight: Freight,
        stage: StageName,
        soakMs: Int64
    ) throws(FactsFailure) -> Availability {
        let inner = try availability(of: freight, to: .stage(stage))
        guard case .available(let since) = inner else { return inner }
        let due = since.adding(milliseconds: soakMs)
        guard due <= now else { return .unavailable([.notSoaked(in: stage, until: due)]) }
        return .available(since: due)
    }
}
