import EventLog

extension Decider {
    /// The events of what differs from what is configured, projects before what they hold.
    ///
    /// `resets` the policies of a project whose ProjectConfig is not among the documents.
    func changes(
        _ resources: [Resource],
        row: Configured<ProjectSpec>?,
        in project: ProjectName,
        resets: Bool
    ) throws(Stop) -> [EventDraft] {
        var drafts: [EventDraft] = []
        let present = resets ? row.map { _ in ProjectSpec() } : row?.spec
        let wanted = resources.reduce(into: present) { spec, resource in
            switch resource.specification {
            case .project: spec = spec ?? ProjectSpec()
            case .projectConfig(let configured): spec = configured
            case .warehouse, .stage, .junction, .task, .clusterTask, .cluster: break
            }
        }
        if let wanted, wanted != row?.spec {
            var event = ProjectConfigured()
            event.spec = wanted
            event.reason = envelope.reason
            let draft = EventDraft(
                project: project,
                subject: .project(project),
                event: .projectConfigured(event)
            )
            drafts.append(draft)
        }
        for resource in resources { drafts += try change(resource) }
        return drafts
    }

    func change(_ resource: Resource) throws(Stop) -> [EventDraft] {
        let project = resource.project
        switch resource.specification {
        case .project, .projectConfig:
            return []
        case .task(let name, let spec), .clusterTask(let name, let spec):
            return try configured(name, spec, in: project)
        case .cluster(let spec):
            return try configured(spec)
        case .warehouse(let name, let spec):
            return try configured(name, spec, in: project)
        case .stage(let name, let spec):
            return try configured(name, spec, in: project)
        case .junction(let name, let spec):
            return try configured(name, spec, in: project)
        }
    }

    private func configured(
        _ name: WarehouseName,
        _ spec: WarehouseSpec,
        in project: ProjectName
    ) throws(Stop) -> [EventDraft] {
        let row = try ask { facts throws(FactsFailure) in try facts.warehouse(name, in: project) }
        if row?.spec == spec { return [] }
        var event = WarehouseConfigured()
        event.warehouse = name
        event.spec = spec
        event.reason = envelope.reason
        return [
            EventDraft(
                project: project,
                subject: .warehouse(name),
                event: .warehouseConfigured(event)
            )
        ]
    }

    private func configured(
        _ name: StageName,
        _ spec: StageSpec,
        in project: ProjectName
    ) throws(Stop) -> [EventDraft] {
        let row = try ask { facts throws(FactsFailure) in try facts.stage(name, in: project) }
        if row?.spec == spec { return [] }
        var event = StageConfigured()
        event.stage = name
        event.spec = spec
        event.reason = envelope.reason
        return [
            EventDraft(project: project, subject: .stage(name), event: .stageConfigured(event))
        ]
    }

    /// A junction; what it holds of origins that it no longer requests leaves it.
    private func configured(
        _ name: JunctionName,
        _ spec: JunctionSpec,
        in project: ProjectName
    ) throws(Stop) -> [EventDraft] {
        let row = try ask { facts throws(FactsFailure) in try facts.junction(name, in: project) }
        if row?.spec == spec { return [] }
        var event = JunctionConfigured()
        event.junction = name
        event.spec = spec
        event.reason = envelope.reason
        let draft = junctionDraft(.junctionConfigured(event), name, in: project)
        let requested = Set(spec.requestedFreight.map(\.origin))
        let state = try junctionState(name, in: project)
        let left = state.slots.filter { !requested.contains($0.origin) }
        return [draft]
            + left.map { slot in
                var event = SlotEmptied()
                event.junction = name
                event.origin = slot.origin
                event.freight = slot.freight
                event.reason = "\(slot.origin) is no longer requested"
                return junctionDraft(.slotEmptied(event), name, in: project)
            }
    }
}
