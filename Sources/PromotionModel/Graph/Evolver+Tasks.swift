import EventLog

extension Evolver {
    func changes(of event: ClusterConfigured) throws(FactsFailure) -> [RowChange] {
        [.cluster(configured(event.spec, after: try facts.cluster()))]
    }

    func changes(of event: PromotionTaskConfigured) throws(FactsFailure) -> [RowChange] {
        let before = try facts.task(event.task, in: project)
        return [.task(project, event.task, configured(event.spec, after: before))]
    }

    func removal(of name: TaskName) throws(FactsFailure) -> [RowChange] {
        guard let row = try facts.task(name, in: project) else { return [] }
        return [.task(project, name, removed(row))]
    }
}
