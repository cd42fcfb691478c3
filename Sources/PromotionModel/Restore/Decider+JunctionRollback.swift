import EventLog

extension Decider {
    /// Fills the slots of a junction with what they held earlier, and holds them; its bundles
    /// stay.
    ///
    /// Quiet where they hold that and are held.
    ///
    /// A slot that there was not at the time stays as it is.
    ///
    /// Refuses, in this order: unknown project or junction; a target that names nothing: a
    /// position that there is not yet, a junction that was not there then, freight that is no
    /// bundle of it, no earlier bundle; an origin that is no slot, or was none then; a junction
    /// that held nothing then; slots that cannot be brought back, all of them by name, because
    /// they are no longer requested or their freight is no longer available (with `partial`: if
    /// that is so of all of them).
    func decide(_ command: RollBackJunction) throws(Stop) -> [EventDraft] {
        let spec = try junctionSpec(command.junction, in: command.project)
        let origins = spec.requestedFreight.map(\.origin)
        let state = try junctionState(command.junction, in: command.project)
        let target = try target(of: command, state: state)
        if let origin = command.origin {
            let wasFilled = target.slots.contains { $0.origin == origin }
            guard origins.contains(origin) || wasFilled else {
                throw .refused(.originNotRequested(origin, by: .junction(command.junction)))
            }
            guard wasFilled || target.empty.contains(origin) else {
                throw .refused(
                    .slotNotThere(origin, of: command.junction, at: target.position)
                )
            }
        }
        func isMeant(_ origin: Origin) -> Bool { command.origin == nil || command.origin == origin }
        guard !target.slots.isEmpty else {
            throw .refused(.heldNothing(command.junction, at: target.position))
        }
        var drafts: [EventDraft] = []
        var problems: [String] = []
        var restoredCount = 0
        for slot in target.slots where isMeant(slot.origin) {
            if let problem = try problem(with: slot, spec, command) {
                problems.append(problem)
                continue
            }
            restoredCount += 1
            let present = state[origin: slot.origin]
            if present?.freight == slot.freight, present?.held == true { continue }
            drafts.append(restored(slot, from: target.position, command))
        }
        guard problems.isEmpty || (command.partial && restoredCount > 0) else {
            throw .refused(
                .slotsNotRestorable(command.junction, at: target.position, problems)
            )
        }
        for request in spec.requestedFreight
        where isMeant(request.origin) && target.empty.contains(request.origin) {
            let slot = state[origin: request.origin]
            if slot == nil, state.isHeld(request.origin) { continue }
            drafts.append(emptied(slot, request.origin, from: target.position, command))
        }
        return drafts
    }

    /// What the slots are to hold.
    private struct Target {
        /// Where they held it.
        let position: Position
        let slots: [SlotContent]
        /// Slots that there were, and that held nothing.
        let empty: Set<Origin>
    }

    private func target(
        of command: RollBackJunction,
        state: JunctionState
    ) throws(Stop) -> Target {
        switch command.target {
        case .previous: return try previous(command, state)
        case .position(let position):
            let last = Position(rawValue: moment.next.rawValue - 1)
            guard position <= last else { throw .refused(.positionNotThere(position, last: last)) }
            return try target(at: position, command)
        case .bundle(let text):
            let bundle = try freight(named: text, in: command.project)
            guard bundle.origin == .junction(command.junction) else {
                throw .refused(
                    .notABundle(
                        try displayName(bundle.id, in: command.project),
                        of: command.junction
                    )
                )
            }
            if bundle.making == .repackaged { return try target(at: bundle.created, command) }
            // Nobody collected what was derived or imported: its leaves stand for themselves.
            let slots = bundle.constituents.map {
                SlotContent(origin: $0.origin, freight: $0.freight)
            }
            return Target(position: bundle.created, slots: slots, empty: [])
        }
    }

    /// What the slots held after the event at `position`.
    private func target(
        at position: Position,
        _ command: RollBackJunction
    ) throws(Stop) -> Target {
        let found = try ask { facts throws(FactsFailure) -> Target? in
            let past = facts.asOf(position)
            let now = try facts.junction(command.junction, in: command.project)
            let row = try past.junction(command.junction, in: command.project)
            guard let row, row.incarnation == now?.incarnation else { return nil }
            let state = try past.junctionState(command.junction, in: command.project)
            let origins = row.spec.requestedFreight.map(\.origin)
            return Target(
                position: position,
                slots: state.content,
                empty: Set(origins.filter { state[origin: $0] == nil })
            )
        }
        guard let found else {
            throw .refused(.junctionNotThere(command.junction, at: position))
        }
        return found
    }

    /// The latest repackaging whose slots differ from the present ones; a rollback goes on from
    /// where it went back to, so that asking again goes only further back.
    private func previous(
        _ command: RollBackJunction,
        _ state: JunctionState
    ) throws(Stop) -> Target {
        let incarnation = try ask { facts throws(FactsFailure) in
            try facts.junction(command.junction, in: command.project)?.incarnation ?? .origin
        }
        var before = state.restored ?? Position(rawValue: .max)
        while true {
            let page = try ask { facts throws(FactsFailure) in
                try facts.freight(
                    of: .junction(command.junction),
                    in: command.project,
                    before: before,
                    limit: 10
                )
            }
            for entry in page where entry.position > incarnation {
                let made = try freight(entry.freight, in: command.project)
                // Nobody repackaged what was derived or imported when it was made.
                if made.created == entry.position, made.making != .repackaged { continue }
                let target = try target(at: entry.position, command)
                if target.slots != state.content { return target }
            }
            guard let last = page.last, last.position > incarnation else {
                throw .refused(.noEarlierBundle(command.junction))
            }
            before = last.position
        }
    }

    /// Why a slot cannot hold again what it held; nil if it can.
    private func problem(
        with slot: SlotContent,
        _ spec: JunctionSpec,
        _ command: RollBackJunction
    ) throws(Stop) -> String? {
        guard let request = spec.requestedFreight.first(where: { $0.origin == slot.origin }) else {
            return "\(slot.origin) is no longer requested"
        }
        let freight = try freight(slot.freight, in: command.project)
        let rule = availabilityRule(in: command.project)
        let availability = try ask { _ throws(FactsFailure) in
            try rule.availability(of: freight, for: request, by: .junction(command.junction))
        }
        guard case .unavailable(let unmet) = availability else { return nil }
        let name = try displayName(freight.id, in: command.project)
        return "freight \(name) of \(slot.origin) is not available: "
            + unmet.map(\.description).joined(separator: ", ")
    }

    private func restored(
        _ slot: SlotContent,
        from position: Position,
        _ command: RollBackJunction
    ) -> EventDraft {
        var event = FreightCollected()
        event.junction = command.junction
        event.origin = slot.origin
        event.freight = slot.freight
        event.held = true
        event.reason = envelope.reason
        event.restored = position
        return junctionDraft(.freightCollected(event), command.junction, in: command.project)
    }

    private func emptied(
        _ slot: Slot?,
        _ origin: Origin,
        from position: Position,
        _ command: RollBackJunction
    ) -> EventDraft {
        guard let slot else {
            // Nothing to take out: automation is only kept from putting something in.
            var event = AutoPromotionHeld()
            event.junction = command.junction
            event.origin = origin
            return junctionDraft(.autoPromotionHeld(event), command.junction, in: command.project)
        }
        var event = SlotEmptied()
        event.junction = command.junction
        event.origin = origin
        event.freight = slot.freight
        event.reason = "it was empty at \(position)"
        event.held = true
        event.restored = position
        return junctionDraft(.slotEmptied(event), command.junction, in: command.project)
    }
}
