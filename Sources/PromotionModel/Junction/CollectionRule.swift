package import EventLog

/// How the slots of a junction are filled (design 7.5).
///
/// The one rule: what automation proposes, what collecting comes to, and what answers show about
/// slots are taken from it.
package struct CollectionRule<F: Facts> {
    private let facts: F
    private let project: ProjectName
    private let candidates: CandidateRule<F>
    private let availability: AvailabilityRule<F>

    /// The rule over `facts`, at the time `now`.
    package init(facts: F, project: ProjectName, now: Timestamp) {
        self.facts = facts
        self.project = project
        candidates = CandidateRule(facts: facts, project: project, now: now)
        availability = AvailabilityRule(facts: facts, project: project, now: now)
    }

    /// How the slots of a junction stand, in the order of its requests.
    package func outlooks(
        of junction: JunctionName,
        _ spec: JunctionSpec,
        _ state: JunctionState
    ) throws(FactsFailure) -> [SlotOutlook] {
        var outlooks: [SlotOutlook] = []
        for request in spec.requestedFreight {
            outlooks.append(
                try outlook(of: request, in: junction, state, selection: spec.selection)
            )
        }
        return outlooks
    }

    /// How one slot stands; without a selection no candidate is looked for.
    package func outlook(
        of request: RequestedFreight,
        in junction: JunctionName,
        _ state: JunctionState,
        selection: SelectionPolicy?
    ) throws(FactsFailure) -> SlotOutlook {
        let candidate = try selection.map { selection throws(FactsFailure) in
            try candidates.candidate(
                for: request,
                of: .junction(junction),
                selection: selection
            )
        }
        let slot = state[origin: request.origin]
        return SlotOutlook(
            request: request,
            slot: slot,
            candidate: candidate?.freight,
            lost: try lost(slot, request, junction, candidate?.freight),
            isHeld: state.isHeld(request.origin),
            wakeAt: candidate?.wakeAt
        )
    }

    /// What speaks against the freight of a slot; nothing against a candidate.
    private func lost(
        _ slot: Slot?,
        _ request: RequestedFreight,
        _ junction: JunctionName,
        _ candidate: Freight?
    ) throws(FactsFailure) -> [Availability.Unmet] {
        guard let slot, slot.freight != candidate?.id else { return [] }
        guard let freight = try facts.freight(slot.freight, in: project) else {
            throw .inconsistent("slot \(slot.origin) holds \(slot.freight), which is not there")
        }
        switch try availability.availability(of: freight, for: request, by: .junction(junction)) {
        case .available: return []
        case .unavailable(let unmet): return unmet
        }
    }
}
