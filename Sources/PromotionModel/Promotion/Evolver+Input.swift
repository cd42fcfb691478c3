import EventLog

extension Evolver {
    func changes(of event: InputRequested) throws(FactsFailure) -> [RowChange] {
        var state = try facts.promotionState(event.promotion, in: project)
        var awaited = AwaitedInput()
        awaited.step = event.step
        awaited.message = event.message
        awaited.url = event.url
        awaited.since = header.recorded
        state.awaited = awaited
        return [.promotionState(project, event.promotion, state)]
    }

    func changes(of event: InputGiven) throws(FactsFailure) -> [RowChange] {
        var state = try facts.promotionState(event.promotion, in: project)
        state.awaited?.value = event.value
        return [.promotionState(project, event.promotion, state)]
    }
}
