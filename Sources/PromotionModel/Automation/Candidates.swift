package import EventLog

/// Which freight automation would take.
package struct CandidateRule<F: Facts> {
    private let facts: F
    private let project: ProjectName
    private let rule: AvailabilityRule<F>

    /// How many pieces of freight one look goes back, newest first.
    ///
    /// An older one that is the newest available is found by hand, not by automation.
    package static var lookBackCountMax: Int { 500 }

    /// What a look for a candidate found.
    package struct Candidate: Hashable, Sendable {
        /// nil if nothing is available.
        package var freight: Freight?
        /// Where it stands in the order that the selection goes by.
        package var position = Position.origin
        /// When a newer one becomes available by itself.
        package var wakeAt: Timestamp?
        /// What came first in that order, and was passed over.
        package var passedOver: PassedOver?
    }

    /// Freight that automation does not take, and why.
    package struct PassedOver: Hashable, Sendable {
        package let freight: FreightID
        package let why: Reason
    }

    /// Why automation does not take freight.
    package enum Reason: Hashable, Sendable {
        case unavailable([Availability.Unmet])
        /// Somebody put it together by hand, and the warehouse does not say `promoteAssembled`.
        case handMade(Origin)
    }

    /// The rule over `facts`, at the time `now`.
    package init(facts: F, project: ProjectName, now: Timestamp) {
        self.facts = facts
        self.project = project
        rule = AvailabilityRule(facts: facts, project: project, now: now)
    }

    /// The freight that `request` of `consumer` would be filled with under `selection`.
    package func candidate(
        for request: RequestedFreight,
        of consumer: Consumer,
        selection: SelectionPolicy
    ) throws(FactsFailure) -> Candidate {
        switch selection {
        case .newestFreight: try newestFreight(for: request, of: consumer)
        case .newestVerified: try newestVerified(for: request, of: consumer)
        case .matchUpstream: try upstreamFreight(for: request, of: consumer)
        }
    }

    private func newestFreight(
        for request: RequestedFreight,
        of consumer: Consumer
    ) throws(FactsFailure) -> Candidate {
        var found = Candidate()
        var entries = try gates(of: request, consumer).entries(.byCreation)
        try forEach(&entries) { freight, entry throws(FactsFailure) in
            try consider(freight, entry, for: request, of: consumer, into: &found)
            return found.freight == nil
        }
        return found
    }

    /// Available freight whose verification in one of the upstream stages is the latest.
    ///
    /// Where none of it is available, the newest that is, without having been verified there.
    private func newestVerified(
        for request: RequestedFreight,
        of consumer: Consumer
    ) throws(FactsFailure) -> Candidate {
        var found = Candidate()
        var entries = try gates(of: request, consumer).entries(.byVerification)
        try forEach(&entries) { freight, entry throws(FactsFailure) in
            guard try isPresent(entry, of: freight) else { return true }
            try consider(freight, entry, for: request, of: consumer, into: &found)
            return found.freight == nil
        }
        guard found.freight == nil else { return found }
        var newest = try newestFreight(for: request, of: consumer)
        newest.wakeAt = earlier(newest.wakeAt, found.wakeAt)
        newest.passedOver = found.passedOver ?? newest.passedOver
        return newest
    }

    /// Whether the mark of an entry by verification is still there: one that was withdrawn, or
    /// made anew since, stands elsewhere in the list, and one that is older than its stage nowhere.
    private func isPresent(
        _ entry: FreightEntry,
        of freight: Freight
    ) throws(FactsFailure) -> Bool {
        let status = try facts.freightStatus(freight.id, in: project)
        guard let mark = status.verified.first(where: { $0.latest == entry.position }),
            let stage = try facts.stage(mark.stage, in: project)
        else { return false }
        return mark.position > stage.incarnation
    }

    /// What the one upstream stage runs, if it is available.
    private func upstreamFreight(
        for request: RequestedFreight,
        of consumer: Consumer
    ) throws(FactsFailure) -> Candidate {
        var found = Candidate()
        guard let upstream = request.stages.first,
            let running = try facts.stageState(upstream, in: project).current?
                .carrier(of: request.origin),
            let freight = try facts.freight(running, in: project)
        else { return found }
        let entry = FreightEntry(position: freight.created, freight: freight.id)
        try consider(freight, entry, for: request, of: consumer, into: &found)
        return found
    }

    /// Takes freight for the candidate if it is one, or notes why it is not.
    private func consider(
        _ freight: Freight,
        _ entry: FreightEntry,
        for request: RequestedFreight,
        of consumer: Consumer,
        into found: inout Candidate
    ) throws(FactsFailure) {
        let availability = try rule.availability(of: freight, for: request, by: consumer)
        let reason: Reason
        if case .unavailable(let unmet) = availability {
            found.wakeAt = earlier(found.wakeAt, availability.wakeAt)
            reason = .unavailable(unmet)
        } else if let warehouse = try refusingWarehouse(of: freight) {
            reason = .handMade(warehouse)
        } else {
            found.freight = freight
            found.position = entry.position
            return
        }
        guard found.passedOver == nil else { return }
        found.passedOver = PassedOver(freight: freight.id, why: reason)
    }

    /// The warehouse that keeps automation from freight that somebody assembled or derived.
    ///
    /// One of what is new in it, that does not say `promoteAssembled`; nil where automation may
    /// have the freight.
    package func refusingWarehouse(of freight: Freight) throws(FactsFailure) -> Origin? {
        guard try facts.isHandMade(freight, in: project) else { return nil }
        let inserted =
            freight.isBundle
            ? try facts.insertedLeaves(of: freight, in: project).map(\.origin) : [freight.origin]
        for origin in inserted {
            guard let name = origin.warehouse,
                try facts.warehouse(name, in: project)?.spec.promoteAssembled == true
            else { return origin }
        }
        return nil
    }

    private func gates(
        of request: RequestedFreight,
        _ consumer: Consumer
    ) throws(FactsFailure) -> FreightGates<F> {
        try FreightGates(request, of: consumer, facts: facts, project: project)
    }

    /// Hands `body` the freight of these entries until it returns false, each piece once.
    private func forEach(
        _ entries: inout MergedEntries<F>,
        _ body: (Freight, FreightEntry) throws(FactsFailure) -> Bool
    ) throws(FactsFailure) {
        var seen: Set<FreightEntry> = []
        while seen.count < Self.lookBackCountMax, let entry = try entries.next() {
            guard seen.insert(entry).inserted else { continue }
            guard let freight = try facts.freight(entry.freight, in: project) else {
                throw .inconsistent("freight \(entry.freight) is listed but not there")
            }
            guard try body(freight, entry) else { return }
        }
    }

    private func earlier(_ left: Timestamp?, _ right: Timestamp?) -> Timestamp? {
        [left, right].compactMap { $0 }.min()
    }
}

extension FreightCollection {
    /// The freight of `origin` that runs: a leaf of a warehouse, or the bundle of a junction.
    package func carrier(of origin: Origin) -> FreightID? {
        if origin.kind == .warehouse { return self[origin: origin]?.freight }
        return components.first { $0.requestedOrigin == origin }?.carrier
    }
}
