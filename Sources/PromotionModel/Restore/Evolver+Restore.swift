import EventLog

extension Evolver {
    func changes(of event: RestoreRequested) throws(FactsFailure) -> [RowChange] {
        var state = try facts.projectState(project)
        var restore = OpenRestore()
        restore.position = header.position
        restore.to = event.position
        // The project's state is read with every command: what a stage is to run stays with its
        // promotion.
        restore.items = event.items.map { item in
            var item = item
            item.target = FreightCollection()
            return item
        }
        state.restore = restore
        return [.projectState(project, state)]
    }

    func changes(of event: RestoreFinished) throws(FactsFailure) -> [RowChange] {
        var state = try facts.projectState(project)
        if state.restore?.position == event.restore { state.restore = nil }
        return [.projectState(project, state)]
    }
}
