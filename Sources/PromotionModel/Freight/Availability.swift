package import EventLog

/// Whether freight may be promoted to a stage or collected by a junction, and why.
package enum Availability: Hashable, Sendable {
    /// It may, since the time at which the last condition came true.
    case available(since: Timestamp)
    /// It may not; everything that stands in its way.
    case unavailable([Unmet])

    /// A condition that does not hold.
    package enum Unmet: Hashable, Sendable {
        case originNotRequested(Origin, by: Subject)
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
        /// A bundle with a constituent that its junction could not have collected; until when, if
        /// only time is wanting.
        case needsApproval(constituent: FreightID, alias: String, until: Timestamp?)
        /// None of several stages was passed, of which one would do; what each of them lacks.
        case noneOf([[Unmet]])
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
        return Self.wakeAt(unmet)
    }

    /// When all of `unmet` have come true by themselves; nil if time alone does not do it.
    private static func wakeAt(_ unmet: [Unmet]) -> Timestamp? {
        let times = unmet.map(\.wakeAt)
        return times.contains(nil) ? nil : times.compactMap { $0 }.max()
    }
}

extension Availability.Unmet {
    /// When the condition comes true by itself.
    fileprivate var wakeAt: Timestamp? {
        switch self {
        case .originNotRequested, .notVerified, .withdrawn, .noSuchStage, .quarantined: nil
        case .notSoaked(_, let until): until
        case .needsApproval(_, _, let until): until
        case .noneOf(let ways):
            ways.compactMap { Availability.unavailable($0).wakeAt }.min()
        }
    }
}

/// The one function that decides whether freight is available (design 7.2).
///
/// Listing, promoting, automation, pages and API all call it.
package struct AvailabilityRule<F: Facts> {
    let facts: F
    let project: ProjectName
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
        let requests = try facts.requests(of: consumer, in: project)
        guard let request = requests.first(where: { $0.origin == freight.origin }) else {
            return .unavailable([.originNotRequested(freight.origin, by: consumer.subject)])
        }
        return try availability(of: freight, for: request, by: consumer)
    }

    /// Whether `freight` fulfils `request` of `consumer`, whose origin it has.
    ///
    /// Of approval, `direct` and the stages one is enough; where several hold, it is available
    /// since the first of them.
    package func availability(
        of freight: Freight,
        for request: RequestedFreight,
        by consumer: Consumer
    ) throws(FactsFailure) -> Availability {
        var known: [StageName: Availability] = [:]
        return try availability(of: freight, for: request, by: consumer, known: &known)
    }

    /// The same, where `known` keeps what was found out about control-flow stages: several ways
    /// may lead through each.
    private func availability(
        of freight: Freight,
        for request: RequestedFreight,
        by consumer: Consumer,
        known: inout [StageName: Availability]
    ) throws(FactsFailure) -> Availability {
        let status = try facts.freightStatus(freight.id, in: project)
        let quarantined = try quarantined(freight, status)
        guard quarantined.isEmpty else { return .unavailable(quarantined) }
        let unapproved: Availability =
            if let outsider = try outsider(in: freight) {
                .unavailable([outsider])
            } else {
                try passage(of: freight, status: status, for: request, known: &known)
            }
        guard let approval = try approval(in: status, for: consumer) else { return unapproved }
        guard case .available(let since) = unapproved else { return .available(since: approval.at) }
        return .available(since: min(since, approval.at))
    }

    /// The approval for a consumer, unless it is older than the consumer.
    private func approval(
        in status: FreightStatus,
        for consumer: Consumer
    ) throws(FactsFailure) -> Approval? {
        guard status.approved.contains(where: { $0.consumer == consumer.subject }) else {
            return nil
        }
        let incarnation = try facts.incarnation(of: consumer, in: project) ?? .origin
        return status.approval(for: consumer, since: incarnation)
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

    /// Whether freight that nobody approved came straight from its origin or passed the stages.
    private func passage(
        of freight: Freight,
        status: FreightStatus,
        for request: RequestedFreight,
        known: inout [StageName: Availability]
    ) throws(FactsFailure) -> Availability {
        if request.direct { return .available(since: freight.createdAt) }
        var passedSince: [Timestamp] = []
        var lacking: [[Availability.Unmet]] = []
        for stage in request.stages {
            let passage = try passage(
                of: freight,
                status: status,
                through: stage,
                soakMs: request.requiredSoakMs,
                known: &known
            )
            switch passage {
            case .available(let since): passedSince.append(since)
            case .unavailable(let conditions): lacking.append(conditions)
            }
        }
        switch request.availability {
        case .oneOf:
            if let since = passedSince.min() { return .available(since: since) }
            return .unavailable(Self.anyOf(lacking))
        case .all:
            // No stage at all is a manifest's error, not a way in.
            guard lacking.isEmpty, let since = passedSince.max() else {
                return .unavailable(lacking.flatMap { $0 }.withoutRepetition)
            }
            return .available(since: since)
        }
    }

    /// What is wanting where one of several ways would do.
    ///
    /// What stages further up want comes along each way, and is said once.
    private static func anyOf(_ ways: [[Availability.Unmet]]) -> [Availability.Unmet] {
        var flat: [[Availability.Unmet]] = []
        for way in ways {
            if way.count == 1, case .noneOf(let inner) = way[0] {
                flat += inner
            } else {
                flat.append(way)
            }
        }
        flat = flat.withoutRepetition
        return flat.count > 1 ? [.noneOf(flat)] : flat.first ?? []
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
        soakMs: Int64,
        known: inout [StageName: Availability]
    ) throws(FactsFailure) -> Availability {
        guard let row = try facts.stage(stage, in: project) else {
            return .unavailable([.noSuchStage(stage)])
        }
        if row.spec.isControlFlow {
            return try passageThroughControlFlow(
                of: freight,
                stage: stage,
                requests: row.spec.requestedFreight,
                soakMs: soakMs,
                known: &known
            )
        }
        guard let stay = status.stay(in: stage, since: row.incarnation) else {
            if let mark = status.withdrawal(in: stage, since: row.incarnation) {
                return .unavailable([.withdrawn(in: stage, at: mark.at)])
            }
            return .unavailable([.notVerified(in: stage)])
        }
        if let since = stay.soakedSince(soakMs, at: now) { return .available(since: since) }
        let due = stay.presentSince?.adding(milliseconds: soakMs)
        return .unavailable([.notSoaked(in: stage, until: due)])
    }

    /// A control-flow stage records nothing: freight has passed it iff it is available to it.
    private func passageThroughControlFlow(
        of freight: Freight,
        stage: StageName,
        requests: [RequestedFreight],
        soakMs: Int64,
        known: inout [StageName: Availability]
    ) throws(FactsFailure) -> Availability {
        let inner: Availability
        let consumer = Consumer.stage(stage)
        if let found = known[stage] {
            inner = found
        } else if let request = requests.first(where: { $0.origin == freight.origin }) {
            inner = try availability(of: freight, for: request, by: consumer, known: &known)
        } else {
            inner = .unavailable([.originNotRequested(freight.origin, by: consumer.subject)])
        }
        known[stage] = inner
        guard case .available(let since) = inner else { return inner }
        let due = since.adding(milliseconds: soakMs)
        guard due <= now else { return .unavailable([.notSoaked(in: stage, until: due)]) }
        return .available(since: due)
    }
}

extension Array where Element: Hashable {
    /// The elements in their order, each once.
    fileprivate var withoutRepetition: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
