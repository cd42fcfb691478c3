import EventLog

extension Evolver {
    func changes(of event: RestoreRequested) throws(FactsFailure) -> [RowChange] {
        var state = try facts.projectState(project)
        var restore = OpenRestore()
        restore.position = header.position
        restore.items = event.items
        state.restore = restore
        return [.projectState(project, state)]
    }

    func changes(of event: RestoreFinished) throws(FactsFailure) -> [RowChange] {
        var state = try facts.projectState(project)
        if state.restore?.position == event.restore { state.restore = nil }
        return [.projectState(project, state)]
    }
}
