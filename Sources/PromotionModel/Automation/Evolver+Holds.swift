import EventLog

extension Evolver {
    func changes(of event: AutoPromotionHeld) throws(FactsFailure) -> [RowChange] {
        if let junction = event.junction { return try hold(event.origin, of: junction, true) }
        var stage = try facts.stageState(event.stage, in: project)
        var hold = AutomationHold()
        hold.origin = event.origin
        hold.promotion = event.promotion
        hold.actor = header.actor.name
        hold.since = header.recorded
        stage.remember(event.origin, replacedBy: event.promotion)
        stage.holds.removeAll { $0.origin == event.origin }
        stage.holds.append(hold)
        stage.holds.sort { $0.origin < $1.origin }
        return [.stageState(project, event.stage, stage)]
    }

    func changes(of event: AutoPromotionResumed) throws(FactsFailure) -> [RowChange] {
        if let junction = event.junction { return try hold(event.origin, of: junction, false) }
        var stage = try facts.stageState(event.stage, in: project)
        if let promotion = event.promotion {
            stage.remember(event.origin, replacedBy: promotion)
        } else {
            stage.forgetReplacedHolds(of: event.origin)
        }
        stage.holds.removeAll { $0.origin == event.origin }
        return [.stageState(project, event.stage, stage)]
    }

    private func hold(
        _ origin: Origin,
        of junction: JunctionName,
        _ isHeld: Bool
    ) throws(FactsFailure) -> [RowChange] {
        var state = try facts.junctionState(junction, in: project)
        for index in state.slots.indices where state.slots[index].origin == origin {
            state.slots[index].held = isHeld
        }
        state.heldEmpty.removeAll { $0 == origin }
        if isHeld, state[origin: origin] == nil {
            state.heldEmpty.append(origin)
            state.heldEmpty.sort()
        }
        return [.junctionState(project, junction, state)]
    }
}
