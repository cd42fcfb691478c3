import EventLog

extension Decider {
    /// Configures what manifests say; quiet where all of it is so.
    ///
    /// Refuses with every problem of the whole graph at once; nothing of a refused apply is kept.
    func decide(_ command: ApplyManifests) throws(Stop) -> [EventDraft] {
        var problems: [GraphProblem] = []
        var drafts: [EventDraft] = []
        let byProject = Dictionary(grouping: command.resources, by: \.project)
        for project in byProject.keys.sorted() {
            let resources = byProject[project] ?? []
            let row = try ask { facts throws(FactsFailure) in try facts.project(project) }
            let isDeclared = resources.contains { $0.specification == .project }
            if row == nil, !isDeclared {
                problems.append(undeclared(project, resources))
                continue
            }
            let graph = try ask { facts throws(FactsFailure) in
                try Graph(of: project, facts: facts, applying: resources)
            }
            problems += graph.problems() + repetitions(resources)
            let changed = try ask { facts throws(FactsFailure) in
                try changes(resources, row: row, in: project, facts: facts)
            }
            drafts += changed
        }
        guard problems.isEmpty else { throw .refused(.manifestProblems(problems)) }
        return drafts
    }

    /// Documents that configure what an earlier one of the same apply configures.
    private func repetitions(_ resources: [Resource]) -> [GraphProblem] {
        var seen: Set<String> = []
        return resources.filter { !seen.insert($0.specification.title).inserted }.map { resource in
            GraphProblem(
                resource: resource.specification.title,
                place: resource.place,
                field: "metadata.name",
                message: "it is in another document too; keep one of them"
            )
        }
    }

    private func undeclared(_ project: ProjectName, _ resources: [Resource]) -> GraphProblem {
        GraphProblem(
            resource: resources.first?.specification.title ?? "Project/\(project)",
            place: resources.first?.place,
            field: "metadata.namespace",
            message: "there is no project \(project); apply a Project document of that name first"
        )
    }

    /// The events of what differs from what is configured, projects before what they hold.
    private func changes(
        _ resources: [Resource],
        row: Configured<ProjectSpec>?,
        in project: ProjectName,
        facts: F
    ) throws(FactsFailure) -> [EventDraft] {
        var drafts: [EventDraft] = []
        let wanted = resources.reduce(into: row?.spec) { spec, resource in
            switch resource.specification {
            case .project: spec = spec ?? ProjectSpec()
            case .projectConfig(let configured): spec = configured
            case .warehouse, .stage, .junction: break
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
        for resource in resources {
            if let draft = try change(resource, facts: facts) { drafts.append(draft) }
        }
        return drafts
    }

    private func change(
        _ resource: Resource,
        facts: F
    ) throws(FactsFailure) -> EventDraft? {
        let project = resource.project
        switch resource.specification {
        case .project, .projectConfig:
            return nil
        case .warehouse(let name, let spec):
            if try facts.warehouse(name, in: project)?.spec == spec { return nil }
            var event = WarehouseConfigured()
            event.warehouse = name
            event.spec = spec
            event.reason = envelope.reason
            return EventDraft(
                project: project,
                subject: .warehouse(name),
                event: .warehouseConfigured(event)
            )
        case .stage(let name, let spec):
            if try facts.stage(name, in: project)?.spec == spec { return nil }
            var event = StageConfigured()
            event.stage = name
            event.spec = spec
            event.reason = envelope.reason
            return EventDraft(
                project: project,
                subject: .stage(name),
                event: .stageConfigured(event)
            )
        case .junction(let name, let spec):
            if try facts.junction(name, in: project)?.spec == spec { return nil }
            var event = JunctionConfigured()
            event.junction = name
            event.spec = spec
            event.reason = envelope.reason
            return EventDraft(
                project: project,
                subject: .junction(name),
                event: .junctionConfigured(event)
            )
        }
    }
}

extension Specification {
    /// The resource as messages name it, such as `Stage/prod`.
    package var title: String {
        switch self {
        case .project: "Project"
        case .projectConfig: "ProjectConfig"
        case .warehouse(let name, _): "Warehouse/\(name)"
        case .stage(let name, _): "Stage/\(name)"
        case .junction(let name, _): "Junction/\(name)"
        }
    }
}
