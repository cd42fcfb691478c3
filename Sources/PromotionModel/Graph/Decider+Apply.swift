import EventLog

extension Decider {
    /// Configures what manifests say; quiet where all of it is so.
    ///
    /// What holds for all projects comes first, then project by project. With `prune`, what the
    /// projects have and the manifests do not name is deleted with it: stages and junctions before
    /// what they take freight from, and tasks behind the stages that use them.
    ///
    /// Refuses, in this order: every problem of the whole graph at once; a promotion that runs on
    /// a stage that would be deleted. Nothing of a refused apply is kept.
    func decide(_ command: ApplyManifests) throws(Stop) -> [EventDraft] {
        var problems: [GraphProblem] = []
        var drafts: [EventDraft] = []
        var removed: [(project: ProjectName, resource: Subject)] = []
        var byProject = Dictionary(grouping: command.resources, by: \.project)
        let shared = byProject.removeValue(forKey: .cluster) ?? []
        problems += repetitions(shared)
        problems += try problemsOfUsers(of: shared, besides: Set(byProject.keys))
        for resource in shared { drafts += try change(resource) }
        for project in byProject.keys.sorted() {
            let resources = byProject[project] ?? []
            let row = try ask { facts throws(FactsFailure) in try facts.project(project) }
            let isDeclared = resources.contains { $0.specification == .project }
            if row == nil, !isDeclared {
                problems.append(undeclared(project, resources))
                continue
            }
            let graph = try ask { facts throws(FactsFailure) in
                try Graph(
                    of: project,
                    facts: facts,
                    applying: resources + shared,
                    alone: command.prune
                )
            }
            problems += graph.problems() + repetitions(resources)
            problems += try losses(resources, in: project)
            drafts += try changes(resources, row: row, in: project, resets: command.prune)
            guard command.prune else { continue }
            removed += try unnamed(resources, in: project).map { (project, $0) }
        }
        guard problems.isEmpty else { throw .refused(.manifestProblems(problems)) }
        for (project, resource) in removed {
            drafts += try removal(of: resource, in: project)
        }
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

    /// What is wrong in other projects once the tasks for everybody are what `shared` says.
    private func problemsOfUsers(
        of shared: [Resource],
        besides applied: Set<ProjectName>
    ) throws(Stop) -> [GraphProblem] {
        var projects: Set<ProjectName> = []
        for resource in shared {
            guard case .clusterTask(let name, _) = resource.specification else { continue }
            projects.formUnion(try usersOfClusterTask(.clusterTask(name)).map(\.project))
        }
        var problems: [GraphProblem] = []
        for project in projects.subtracting(applied).sorted() {
            problems += try ask { facts throws(FactsFailure) in
                try Graph(of: project, facts: facts, applying: shared, alone: false).problems()
            }
        }
        return problems
    }

    private func undeclared(_ project: ProjectName, _ resources: [Resource]) -> GraphProblem {
        GraphProblem(
            resource: resources.first?.specification.title ?? "Project/\(project)",
            place: resources.first?.place,
            field: "metadata.namespace",
            message: "there is no project \(project); apply a Project document of that name first"
        )
    }

    /// Stages that would lose their steps while promotions to them wait or run: nothing would
    /// ever come of these.
    private func losses(
        _ resources: [Resource],
        in project: ProjectName
    ) throws(Stop) -> [GraphProblem] {
        var problems: [GraphProblem] = []
        for resource in resources {
            guard case .stage(let name, let spec) = resource.specification, spec.isControlFlow
            else { continue }
            let state = try stageState(name, in: project)
            guard let promotion = state.running ?? state.pending.first?.name else { continue }
            problems.append(
                GraphProblem(
                    resource: resource.specification.title,
                    place: resource.place,
                    field: "spec.promotionTemplate",
                    message: "the stage would have no steps while promotion \(promotion) is under "
                        + "way; wait until it ends or abort it"
                )
            )
        }
        return problems
    }

    /// What the project has and no document names, consumers before what they take freight from.
    private func unnamed(
        _ resources: [Resource],
        in project: ProjectName
    ) throws(Stop) -> [Subject] {
        let named = Set(resources.compactMap(\.specification.subject))
        return try ask { facts throws(FactsFailure) in
            var subjects =
                try facts.stages(in: project).map { Subject.stage($0) }
                + facts.junctions(in: project).map { Subject.junction($0) }
                + facts.warehouses(in: project).map { Subject.warehouse($0) }
                + facts.tasks(in: project).map { Subject.task($0) }
            subjects.removeAll { named.contains($0) }
            var providers: [Subject: [Subject]] = [:]
            var consumerCount: [Subject: Int] = [:]
            for provider in subjects {
                let consumers = Set(try facts.consumers(of: provider, in: project))
                    .intersection(subjects)
                consumerCount[provider] = consumers.count
                for consumer in consumers { providers[consumer, default: []].append(provider) }
            }
            var ordered = subjects.filter { consumerCount[$0] == 0 }
            var index = 0
            while index < ordered.count {
                for provider in providers[ordered[index]] ?? [] {
                    consumerCount[provider, default: 0] -= 1
                    if consumerCount[provider] == 0 { ordered.append(provider) }
                }
                index += 1
            }
            return ordered
        }
    }
}

extension Specification {
    /// What it configures; nil for a project and its policies.
    var subject: Subject? {
        switch self {
        case .project, .projectConfig: nil
        case .task(let name, _): .task(name)
        case .clusterTask(let name, _): .clusterTask(name)
        case .cluster: .cluster
        case .warehouse(let name, _): .warehouse(name)
        case .stage(let name, _): .stage(name)
        case .junction(let name, _): .junction(name)
        }
    }

    /// The resource as messages name it, such as `Stage/prod`.
    package var title: String {
        switch self {
        case .project: "Project"
        case .projectConfig: "ProjectConfig"
        case .warehouse(let name, _): "Warehouse/\(name)"
        case .stage(let name, _): "Stage/\(name)"
        case .junction(let name, _): "Junction/\(name)"
        case .task(let name, _): "PromotionTask/\(name)"
        case .clusterTask(let name, _): "ClusterPromotionTask/\(name)"
        case .cluster: "ClusterConfig"
        }
    }
}
