import EventLog

extension Decider {
    /// Fills slots of a junction: with named freight, or each by the junction's own selection.
    ///
    /// Freight that is not what the selection would take holds its slot: automation leaves it
    /// alone until somebody collects without naming freight, or the freight is gone.
    ///
    /// Refuses, in this order: unknown project or junction; freight that no reference names; an
    /// origin that is no slot; freight that is not available.
    func decide(_ command: CollectFreight) throws(Stop) -> [EventDraft] {
        let spec = try junctionSpec(command.junction, in: command.project)
        let state = try ask { facts throws(FactsFailure) in
            try facts.junctionState(command.junction, in: command.project)
        }
        guard command.freight.isEmpty else {
            return try collectNamed(command, spec: spec, state: state)
        }
        var drafts: [EventDraft] = []
        let rule = candidateRule(in: command.project)
        for request in spec.requestedFreight {
            let candidate = try ask { _ throws(FactsFailure) in
                try rule.candidate(
                    for: request,
                    of: .junction(command.junction),
                    selection: spec.selection
                ).freight
            }
            let slot = state[origin: request.origin]
            if let slot, isAutomation, try keepsHold(of: slot, for: request, command) { continue }
            if let candidate {
                guard slot?.freight != candidate.id || slot?.held == true else { continue }
                drafts.append(collected(candidate, command, held: false))
            } else if let slot {
                drafts.append(try emptied(slot, for: request, command))
            }
        }
        return drafts
    }

    /// Whether a rule gave the command, not a person.
    private var isAutomation: Bool { envelope.actor.assurance == .automation }

    private func keepsHold(
        of slot: Slot,
        for request: RequestedFreight,
        _ command: CollectFreight
    ) throws(Stop) -> Bool {
        let rule = availabilityRule(in: command.project)
        return try ask { _ throws(FactsFailure) in
            try rule.keepsHold(of: slot, for: request, by: command.junction)
        }
    }

    private func collectNamed(
        _ command: CollectFreight,
        spec: JunctionSpec,
        state: JunctionState
    ) throws(Stop) -> [EventDraft] {
        var drafts: [EventDraft] = []
        let rule = candidateRule(in: command.project)
        for reference in command.freight {
            let freight = try freight(named: reference, in: command.project)
            try requireAvailable(freight, to: .junction(command.junction), in: command.project)
            guard let request = spec.requestedFreight.first(where: { $0.origin == freight.origin })
            else { continue }
            let candidate = try ask { _ throws(FactsFailure) in
                try rule.candidate(
                    for: request,
                    of: .junction(command.junction),
                    selection: spec.selection
                ).freight
            }
            let isHeld = candidate?.id != freight.id
            let slot = state[origin: freight.origin]
            if slot?.freight == freight.id, slot?.held == isHeld { continue }
            drafts.append(collected(freight, command, held: isHeld))
        }
        return drafts
    }

    private func collected(
        _ freight: Freight,
        _ command: CollectFreight,
        held: Bool
    ) -> EventDraft {
        var event = FreightCollected()
        event.junction = command.junction
        event.origin = freight.origin
        event.freight = freight.id
        event.automatic = isAutomation
        event.because = envelope.because
        event.held = held
        event.reason = envelope.reason
        return EventDraft(
            project: command.project,
            subject: .junction(command.junction),
            event: .freightCollected(event)
        )
    }

    private func emptied(
        _ slot: Slot,
        for request: RequestedFreight,
        _ command: CollectFreight
    ) throws(Stop) -> EventDraft {
        var event = SlotEmptied()
        event.junction = command.junction
        event.origin = slot.origin
        event.freight = slot.freight
        event.reason = try whyEmptied(slot, for: request, command)
        return EventDraft(
            project: command.project,
            subject: .junction(command.junction),
            event: .slotEmptied(event)
        )
    }

    /// Which condition fell away, and that nothing takes the freight's place.
    private func whyEmptied(
        _ slot: Slot,
        for request: RequestedFreight,
        _ command: CollectFreight
    ) throws(Stop) -> String {
        let freight = try freight(slot.freight, in: command.project)
        let rule = availabilityRule(in: command.project)
        let availability = try ask { _ throws(FactsFailure) in
            try rule.availability(of: freight, for: request, by: .junction(command.junction))
        }
        guard case .unavailable(let unmet) = availability else {
            return "no freight of \(slot.origin) is what the junction selects"
        }
        return unmet.map(\.description).joined(separator: "; ")
            + "; no other freight of \(slot.origin) is available"
    }

    /// Makes one bundle of what a junction holds; quiet where it is the junction's bundle already.
    ///
    /// Refuses, in this order: unknown project or junction; slots that are empty and not
    /// optional; freight that is no longer available; another alias for the bundle that it is;
    /// an alias that other freight has.
    func decide(_ command: Repackage) throws(Stop) -> [EventDraft] {
        let spec = try junctionSpec(command.junction, in: command.project)
        let state = try ask { facts throws(FactsFailure) in
            try facts.junctionState(command.junction, in: command.project)
        }
        let empty = spec.requestedFreight.filter {
            !$0.optional && state[origin: $0.origin] == nil
        }
        let filled = spec.requestedFreight.compactMap { state[origin: $0.origin] }
        guard empty.isEmpty, !filled.isEmpty else {
            throw .refused(.slotsEmpty(command.junction, origins: empty.map(\.origin)))
        }
        var leaves: [Constituent] = []
        for slot in filled {
            let freight = try freight(slot.freight, in: command.project)
            try requireAvailable(freight, to: .junction(command.junction), in: command.project)
            leaves += freight.leaves
        }
        leaves.sort { $0.origin < $1.origin }
        let id = FreightIdentity.id(of: leaves, junction: command.junction)
        if id == state.bundle {
            let name = try displayName(id, in: command.project)
            guard command.alias == nil || command.alias == name else {
                throw .refused(.bundleExists(command.junction, alias: name))
            }
            return []
        }
        let event = try repackaged(id, leaves: leaves, spec: spec, state: state, command)
        return [
            EventDraft(
                project: command.project,
                subject: .junction(command.junction),
                event: .freightRepackaged(event)
            )
        ]
    }

    private func repackaged(
        _ id: FreightID,
        leaves: [Constituent],
        spec: JunctionSpec,
        state: JunctionState,
        _ command: Repackage
    ) throws(Stop) -> FreightRepackaged {
        let existing = try ask { facts throws(FactsFailure) in
            try facts.freight(id, in: command.project)
        }
        var event = FreightRepackaged()
        event.junction = command.junction
        event.freight = id
        event.isNew = existing == nil
        event.alias = try bundleAlias(for: id, isNew: event.isNew, command)
        event.constituents = leaves
        var before = FreightCollection()
        if let bundle = state.bundle {
            before = try FreightCollection(bundle: freight(bundle, in: command.project))
        }
        event.changes = before.changes(
            to: FreightCollection(leaves: leaves, of: command.junction, id: id)
        )
        event.verifiedTogether = try ask { facts throws(FactsFailure) in
            try facts.stages(verifyingTogether: leaves, for: spec, in: command.project)
        }
        event.because = envelope.because
        event.reason = envelope.reason
        return event
    }

    private func bundleAlias(
        for id: FreightID,
        isNew: Bool,
        _ command: Repackage
    ) throws(Stop) -> String {
        guard let alias = command.alias else {
            guard !isNew else { return try freeAlias(for: id, in: command.project) }
            return try displayName(id, in: command.project)
        }
        try requireFreeAlias(alias, for: id, in: command.project)
        return alias
    }
}

extension FreightCollection {
    /// What `bundle` would make a stage run by itself.
    package init(bundle: Freight) {
        self.init(
            bundle.leaves.map { leaf in
                Component(
                    origin: leaf.origin,
                    freight: leaf.freight,
                    requestedOrigin: bundle.origin,
                    carrier: bundle.id,
                    promotion: PromotionName(unchecked: "")
                )
            }
        )
    }

    /// What a bundle of `leaves` would make a stage run by itself.
    package init(leaves: [Constituent], of junction: JunctionName, id: FreightID) {
        var bundle = Freight()
        bundle.id = id
        bundle.origin = .junction(junction)
        bundle.constituents = leaves
        self.init(bundle: bundle)
    }
}
