import EventLog

extension Evolver {
    func changes(of event: FreightCollected) throws(FactsFailure) -> [RowChange] {
        var state = try facts.junctionState(event.junction, in: project)
        let before = state.content
        var slot = Slot()
        slot.origin = event.origin
        slot.freight = event.freight
        slot.position = header.position
        slot.since = header.recorded
        slot.automatic = event.automatic
        slot.held = event.held
        state.slots.removeAll { $0.origin == event.origin }
        state.slots.append(slot)
        state.slots.sort { $0.origin < $1.origin }
        state.heldEmpty.removeAll { $0 == event.origin }
        noteChange(of: &state, from: before, restored: event.restored)
        return [.junctionState(project, event.junction, state)]
    }

    func changes(of event: SlotEmptied) throws(FactsFailure) -> [RowChange] {
        var state = try facts.junctionState(event.junction, in: project)
        let before = state.content
        state.slots.removeAll { $0.origin == event.origin }
        state.heldEmpty.removeAll { $0 == event.origin }
        if event.held {
            state.heldEmpty.append(event.origin)
            state.heldEmpty.sort()
        }
        noteChange(of: &state, from: before, restored: event.restored)
        return [.junctionState(project, event.junction, state)]
    }

    /// Debouncing counts from the last change of what a slot holds, and at the longest from the
    /// first one that no bundle has yet; slots that hold what the bundle has again end it.
    private func noteChange(
        of state: inout JunctionState,
        from before: [SlotContent],
        restored: Position?
    ) {
        if let restored { state.restored = restored }
        let content = state.content
        guard content != before else { return }
        state.restored = restored
        state.changedAt = header.recorded
        state.unbundledSince =
            content == state.bundled ? nil : state.unbundledSince ?? header.recorded
    }

    func changes(of event: FreightRepackaged) throws(FactsFailure) -> [RowChange] {
        var state = try facts.junctionState(event.junction, in: project)
        state.bundle = event.freight
        state.bundlePosition = header.position
        state.bundleSince = header.recorded
        state.bundled = state.content
        state.unbundledSince = nil
        var changes: [RowChange] = [.junctionState(project, event.junction, state)]
        let origin = Origin.junction(event.junction)
        if event.isNew {
            var bundle = Freight()
            bundle.id = event.freight
            bundle.origin = origin
            bundle.making = .repackaged
            bundle.constituents = event.constituents
            bundle.created = header.position
            bundle.createdAt = header.recorded
            changes.append(.freight(project, bundle))
            changes += event.constituents.map {
                .bundleOfLeaf(project, leaf: $0.freight, bundle: bundle.id)
            }
        }
        let before = try facts.freightStatus(event.freight, in: project)
        var status = before
        status.alias = event.alias
        // A bundle that somebody derived before is like any other once the junction makes it.
        if !event.isNew, let bundle = try facts.freight(event.freight, in: project),
            try facts.isHandMade(bundle, in: project)
        {
            status.confirmed = header.position
        }
        if status != before { changes.append(.freightStatus(project, event.freight, status)) }
        if status.alias != before.alias {
            changes.append(.freightAlias(project, alias: event.alias, event.freight))
        }
        changes.append(.freightOfOrigin(project, origin, event.freight))
        return changes
    }
}
