import EventLog

extension Decider {
    /// Deletes a warehouse, junction, stage or task; what waits for the stage is aborted.
    ///
    /// Refuses, in this order: unknown project; a project, or what cannot be deleted; unknown
    /// warehouse, junction, stage or task; one that others need, naming them; a stage on which a
    /// promotion runs.
    func decide(_ command: DeleteResource) throws(Stop) -> [EventDraft] {
        let resource = command.resource
        if resource.kind == .clusterTask { return try removalOfClusterTask(resource) }
        try requireProject(command.project)
        let name = resource.name
        switch resource.kind {
        case .project: throw .refused(.projectStays(ProjectName(unchecked: name)))
        case .warehouse: _ = try warehouseSpec(WarehouseName(unchecked: name), in: command.project)
        case .junction: _ = try junctionSpec(JunctionName(unchecked: name), in: command.project)
        case .stage: _ = try stageSpec(StageName(unchecked: name), in: command.project)
        case .task: try requireTask(TaskName(unchecked: name), in: command.project)
        case .freight, .promotion, .clusterTask, .cluster, .token, .user, .group, nil:
            throw .refused(.cannotBeDeleted(resource))
        }
        let consumers = try ask { facts throws(FactsFailure) in
            try facts.consumers(of: resource, in: command.project)
        }
        guard consumers.isEmpty else { throw .refused(.stillNeeded(resource, by: consumers)) }
        return try removal(of: resource, in: command.project)
    }

    /// The events that delete something: what waits for it ends first.
    ///
    /// Refuses a stage on which a promotion runs.
    func removal(of resource: Subject, in project: ProjectName) throws(Stop) -> [EventDraft] {
        var drafts: [EventDraft] = []
        if resource.kind == .stage {
            let stage = StageName(unchecked: resource.name)
            let state = try stageState(stage, in: project)
            if let running = state.running {
                throw .refused(.promotionUnderWay(running, on: stage))
            }
            drafts = state.pending.map { queued in
                var event = PromotionAborted()
                event.promotion = queued.name
                event.stage = stage
                event.reason = "stage \(stage) was deleted"
                return EventDraft(
                    project: project,
                    subject: .promotion(queued.name),
                    event: .promotionAborted(event)
                )
            }
        }
        var event = ResourceRemoved()
        event.resource = resource
        event.reason = envelope.reason
        return drafts + [
            EventDraft(project: project, subject: resource, event: .resourceRemoved(event))
        ]
    }
}
