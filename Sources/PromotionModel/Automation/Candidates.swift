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
        /// When a newer one becomes available by itself.
        package var wakeAt: Timestamp?
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
        try forEach(&entries) { freight, _ throws(FactsFailure) in
            let availability = try rule.availability(of: freight, for: request, by: consumer)
            if !availability.isAvailable {
                found.wakeAt = earlier(found.wakeAt, availability.wakeAt)
            } else if try mayBePromotedByAutomation(freight) {
                found.freight = freight
            }
            return found.freight == nil
        }
        return found
    }

    /// Available freight whose verification in one of the upstream stages is the latest.
    ///
    /// Where freight need not be verified anywhere, the newest.
    private func newestVerified(
        for request: RequestedFreight,
        of consumer: Consumer
    ) throws(FactsFailure) -> Candidate {
        let gates = try gates(of: request, consumer)
        var found = Candidate()
        var entries = gates.entries(.byVerification)
        try forEach(&entries) { freight, entry throws(FactsFailure) in
            let status = try facts.freightStatus(freight.id, in: project)
            // A mark that was withdrawn, or made anew since, stands elsewhere in the list.
            guard status.verified.contains(where: { $0.latest == entry.position }) else {
                return true
            }
            let availability = try rule.availability(of: freight, for: request, by: consumer)
            if !availability.isAvailable {
                found.wakeAt = earlier(found.wakeAt, availability.wakeAt)
            } else if try mayBePromotedByAutomation(freight) {
                found.freight = freight
            }
            return found.freight == nil
        }
        guard found.freight == nil, gates.isOpen else { return found }
        var newest = try newestFreight(for: request, of: consumer)
        newest.wakeAt = earlier(newest.wakeAt, found.wakeAt)
        return newest
    }

    /// What the one upstream stage runs, if it is available.
    private func upstreamFreight(
        for request: RequestedFreight,
        of consumer: Consumer
    ) throws(FactsFailure) -> Candidate {
        guard let upstream = request.stages.first,
            let running = try facts.stageState(upstream, in: project).current?
                .carrier(of: request.origin),
            let freight = try facts.freight(running, in: project)
        else { return Candidate() }
        let availability = try rule.availability(of: freight, for: request, by: consumer)
        let isCandidate = availability.isAvailable
        let mayBePromoted = try mayBePromotedByAutomation(freight)
        return Candidate(
            freight: isCandidate && mayBePromoted ? freight : nil,
            wakeAt: availability.wakeAt
        )
    }

    /// Freight that somebody assembled or derived is promoted by automation only where the
    /// warehouses of what is new in it say so.
    private func mayBePromotedByAutomation(_ freight: Freight) throws(FactsFailure) -> Bool {
        switch freight.making {
        case .discovered, .repackaged, .imported: return true
        case .assembled, .derived: break
        }
        for leaf in freight.leaves {
            guard let warehouse = leaf.origin.warehouse,
                let made = try facts.freight(leaf.freight, in: project)
            else { return false }
            if made.making == .discovered || made.making == .imported { continue }
            guard try facts.warehouse(warehouse, in: project)?.spec.promoteAssembled == true else {
                return false
            }
        }
        return true
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
