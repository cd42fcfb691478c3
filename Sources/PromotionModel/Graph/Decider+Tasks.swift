import EventLog

// What stages share: promotion tasks, and what holds for all projects.
extension Decider {
    /// The event of a task of a project, or of `.cluster`, if it differs from what is configured.
    func configured(
        _ name: TaskName,
        _ spec: TaskSpec,
        in project: ProjectName
    ) throws(Stop) -> [EventDraft] {
        let row = try ask { facts throws(FactsFailure) in try facts.task(name, in: project) }
        if row?.spec == spec { return [] }
        var event = PromotionTaskConfigured()
        event.task = name
        event.spec = spec
        event.reason = envelope.reason
        return [
            EventDraft(
                project: project,
                subject: project == .cluster ? .clusterTask(name) : .task(name),
                event: .promotionTaskConfigured(event)
            )
        ]
    }

    /// The event of what holds for all projects, if it differs from what is configured.
    func configured(_ spec: ClusterSpec) throws(Stop) -> [EventDraft] {
        let row = try ask { facts throws(FactsFailure) in try facts.cluster() }
        if row?.spec == spec { return [] }
        var event = ClusterConfigured()
        event.spec = spec
        event.reason = envelope.reason
        return [EventDraft(project: .cluster, subject: .cluster, event: .clusterConfigured(event))]
    }

    /// Refuses if there is no such task.
    func requireTask(_ task: TaskName, in project: ProjectName) throws(Stop) {
        let row = try ask { facts throws(FactsFailure) in try facts.task(task, in: project) }
        guard row != nil else {
            throw .refused(.unknownTask(task, in: project == .cluster ? nil : project))
        }
    }

    /// The event that deletes a task for everybody.
    ///
    /// Refuses, in this order: unknown task; stages that use it, in any project.
    func removalOfClusterTask(_ task: Subject) throws(Stop) -> [EventDraft] {
        try requireTask(TaskName(unchecked: task.name), in: .cluster)
        let users = try usersOfClusterTask(task)
        guard users.isEmpty else {
            let stages = users.flatMap { user in
                user.stages.map { "\($0) of project \(user.project)" }
            }
            throw .refused(.clusterTaskNeeded(TaskName(unchecked: task.name), by: stages))
        }
        return try removal(of: task, in: .cluster)
    }

    /// The projects with stages that use a task for everybody.
    func usersOfClusterTask(
        _ task: Subject
    ) throws(Stop) -> [(project: ProjectName, stages: [Subject])] {
        try ask { facts throws(FactsFailure) in
            var users: [(project: ProjectName, stages: [Subject])] = []
            for project in try facts.projects() {
                let stages = try facts.consumers(of: task, in: project)
                if !stages.isEmpty { users.append((project, stages)) }
            }
            return users
        }
    }

    /// The steps of a promotion that is asked for now: those of tasks are in their places, so
    /// that what runs is fixed.
    func steps(of spec: StageSpec, in project: ProjectName) throws(Stop) -> [StepTemplate] {
        try inflated(spec.steps, variables: spec.vars + spec.templateVars, in: project)
    }

    /// The steps of a verification that begins now, likewise.
    func verificationSteps(
        of spec: StageSpec,
        in project: ProjectName
    ) throws(Stop) -> [StepTemplate] {
        try inflated(spec.verification?.steps ?? [], variables: spec.vars, in: project)
    }

    private func inflated(
        _ steps: [StepTemplate],
        variables: [Variable],
        in project: ProjectName
    ) throws(Stop) -> [StepTemplate] {
        let references = Set(steps.compactMap(\.task))
        if references.isEmpty { return steps }
        var tasks: [TaskReference: TaskSpec] = [:]
        for reference in references {
            let row = try ask { facts throws(FactsFailure) in
                try facts.task(
                    TaskName(unchecked: reference.name),
                    in: reference.kind == .project ? project : .cluster
                )
            }
            tasks[reference] = row?.spec
        }
        do throws(TaskInflation.Problem) {
            return try TaskInflation.inflate(
                steps,
                variables: variables,
                lookup: { tasks[$0] }
            )
        } catch {
            // Applying and deleting see to it that each task is there, and told what it wants.
            throw .failed(.inconsistent("\(error)"))
        }
    }
}

extension TaskInflation.Problem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownTask(let task):
            "a stage has a step that stands for \(task), which is not there"
        case .missingVariable(let name, let task):
            "a stage has a step that does not give the variable \(name) of \(task)"
        }
    }
}
