import EventLog

extension Decider {
    /// Fills slots of a junction: with named freight, or each by the junction's own selection.
    ///
    /// Freight that is not what the selection would take holds its slot: automation leaves it
    /// alone until somebody collects without naming freight, resumes it, or the freight is gone.
    ///
    /// Refuses, in this order: unknown project or junction; freight that no reference names, or
    /// not clearly; an origin that is no slot; two pieces of freight for one slot; freight that is
    /// not available.
    func decide(_ command: CollectFreight) throws(Stop) -> [EventDraft] {
        let spec = try junctionSpec(command.junction, in: command.project)
        let state = try junctionState(command.junction, in: command.project)
        guard command.freight.isEmpty else {
            return try collectNamed(command, spec: spec, state: state)
        }
        let rule = CollectionRule(facts: facts, project: command.project, now: moment.recorded)
        let outlooks = try ask { _ throws(FactsFailure) in
            try rule.outlooks(of: command.junction, spec, state)
        }
        var drafts: [EventDraft] = []
        for outlook in outlooks {
            let step =
                isAutomation
                ? outlook.automaticStep(spec.collectionPolicy) : outlook.manualStep
            switch step {
            case .collect(let freight):
                drafts.append(
                    try collected(freight, command, held: false, instead: outlook)
                )
            case .empty(let slot, let reason):
                drafts.append(emptied(slot, reason, command))
            case .resume:
                drafts.append(resumed(outlook.request.origin, of: command))
            case nil:
                break
            }
        }
        return drafts
    }

    /// What a junction holds.
    func junctionState(
        _ junction: JunctionName,
        in project: ProjectName
    ) throws(Stop) -> JunctionState {
        try ask { facts throws(FactsFailure) in try facts.junctionState(junction, in: project) }
    }

    /// Whether a rule gave the command, not a person.
    var isAutomation: Bool { envelope.actor.assurance == .automation }

    private func collectNamed(
        _ command: CollectFreight,
        spec: JunctionSpec,
        state: JunctionState
    ) throws(Stop) -> [EventDraft] {
        var chosen: [(freight: Freight, request: RequestedFreight)] = []
        for reference in command.freight {
            let freight = try freight(named: reference, in: command.project)
            guard let request = spec.requestedFreight.first(where: { $0.origin == freight.origin })
            else {
                throw .refused(
                    .originNotRequested(freight.origin, by: .junction(command.junction))
                )
            }
            if chosen.contains(where: { $0.freight.id == freight.id }) { continue }
            chosen.append((freight, request))
        }
        for (index, choice) in chosen.enumerated()
        where chosen[..<index].contains(where: { $0.freight.origin == choice.freight.origin }) {
            throw .refused(.severalFreightOfOrigin(choice.freight.origin))
        }
        for choice in chosen {
            let consumer = Consumer.junction(command.junction)
            try requireAvailable(choice.freight, to: consumer, in: command.project)
        }
        let rule = CollectionRule(facts: facts, project: command.project, now: moment.recorded)
        var drafts: [EventDraft] = []
        for (freight, request) in chosen {
            let outlook = try ask { _ throws(FactsFailure) in
                try rule.outlook(
                    of: request,
                    in: command.junction,
                    state,
                    selection: spec.selection
                )
            }
            let isHeld = outlook.candidate?.id != freight.id
            if let slot = outlook.slot, slot.freight == freight.id, slot.held == isHeld { continue }
            drafts.append(try collected(freight, command, held: isHeld, instead: outlook))
        }
        return drafts
    }

    private func collected(
        _ freight: Freight,
        _ command: CollectFreight,
        held: Bool,
        instead outlook: SlotOutlook
    ) throws(Stop) -> EventDraft {
        var event = FreightCollected()
        event.junction = command.junction
        event.origin = freight.origin
        event.freight = freight.id
        event.automatic = isAutomation
        event.held = held
        event.reason = envelope.reason
        if let because = envelope.because {
            let name = try displayName(freight.id, in: command.project)
            let choice = try preference(name, over: outlook, in: command.project)
            event.because = "\(because): \(choice)"
        }
        return junctionDraft(.freightCollected(event), command.junction, in: command.project)
    }

    /// What was chosen for a slot, and what it held before.
    private func preference(
        _ name: String,
        over outlook: SlotOutlook,
        in project: ProjectName
    ) throws(Stop) -> String {
        guard let slot = outlook.slot else { return "\(name), where the slot was empty" }
        let before = try displayName(slot.freight, in: project)
        guard !outlook.lost.isEmpty else { return "\(name) rather than \(before)" }
        let why = outlook.lost.map(\.description).joined(separator: "; ")
        return "\(name) rather than \(before), which is no longer available (\(why))"
    }

    private func emptied(
        _ slot: Slot,
        _ reason: String,
        _ command: CollectFreight
    ) -> EventDraft {
        var event = SlotEmptied()
        event.junction = command.junction
        event.origin = slot.origin
        event.freight = slot.freight
        event.reason = reason
        event.because = envelope.because
        return junctionDraft(.slotEmptied(event), command.junction, in: command.project)
    }

    private func resumed(_ origin: Origin, of command: CollectFreight) -> EventDraft {
        resumed(origin, of: command.junction, in: command.project)
    }

    /// The event that lets automation fill a slot again.
    func resumed(
        _ origin: Origin,
        of junction: JunctionName,
        in project: ProjectName
    ) -> EventDraft {
        var event = AutoPromotionResumed()
        event.junction = junction
        event.origin = origin
        event.reason = envelope.reason
        return junctionDraft(.autoPromotionResumed(event), junction, in: project)
    }

    /// An event about a junction.
    func junctionDraft(
        _ event: Event,
        _ junction: JunctionName,
        in project: ProjectName
    ) -> EventDraft {
        EventDraft(project: project, subject: .junction(junction), event: event)
    }

    /// Lets automation fill held slots of a junction again.
    ///
    /// Refuses, in this order: unknown project or junction; an origin that is no slot; nothing
    /// held.
    func decide(_ command: ResumeCollection) throws(Stop) -> [EventDraft] {
        let spec = try junctionSpec(command.junction, in: command.project)
        let state = try junctionState(command.junction, in: command.project)
        let origins = spec.requestedFreight.map(\.origin)
        if let origin = command.origin, !origins.contains(origin) {
            throw .refused(.originNotRequested(origin, by: .junction(command.junction)))
        }
        let held = origins.filter {
            state.isHeld($0) && (command.origin == nil || $0 == command.origin)
        }
        guard !held.isEmpty else { throw .refused(.noSlotHeld(command.junction)) }
        return held.map { resumed($0, of: command.junction, in: command.project) }
    }
}
