import Matching

extension Graph {
    /// Takes in the tasks that there are, with those of `resources` in place of what they name; of
    /// the project's own, the resources `alone`.
    mutating func addTasks(
        _ facts: some Facts,
        applying resources: [Resource],
        alone: Bool
    ) throws(FactsFailure) {
        let kinds: [TaskKind] = alone ? [.cluster] : [.project, .cluster]
        for kind in kinds {
            let owner = kind == .project ? project : .cluster
            for name in try facts.tasks(in: owner) {
                guard let row = try facts.task(name, in: owner) else { continue }
                tasks[TaskReference(kind: kind, name: name.rawValue)] = (row.spec, nil)
            }
        }
        for resource in resources {
            switch resource.specification {
            case .task(let name, let spec):
                let reference = TaskReference(kind: .project, name: name.rawValue)
                tasks[reference] = (spec, resource.place)
            case .clusterTask(let name, let spec):
                let reference = TaskReference(kind: .cluster, name: name.rawValue)
                tasks[reference] = (spec, resource.place)
            case .project, .projectConfig, .warehouse, .stage, .junction, .cluster: break
            }
        }
    }

    /// Steps of a stage that stand for tasks which are not there, or are not told enough.
    ///
    /// So a promotion that is asked for later never fails for want of a task.
    func problemsOfTasks(in stage: StageName) -> [GraphProblem] {
        guard let spec = steps[stage] else { return [] }
        let places = ["promotionTemplate.spec.steps", "verification.steps"]
        let variables = [spec.vars + spec.templateVars, spec.vars]
        let lists = [spec.steps, spec.verification?.steps ?? []]
        return zip(places, zip(lists, variables)).flatMap { place, given in
            problemsOfTasks(in: given.0, of: stage, place, variables: given.1)
        }
    }

    private func problemsOfTasks(
        in steps: [StepTemplate],
        of stage: StageName,
        _ place: String,
        variables: [Variable]
    ) -> [GraphProblem] {
        var problems: [GraphProblem] = []
        for (index, step) in steps.enumerated() {
            guard let reference = step.task else { continue }
            let field = "\(place)[\(index)]"
            guard let task = tasks[reference] else {
                let message = sentence(about: reference)
                problems.append(problem(.stage(stage), "\(field).task", message))
                continue
            }
            do throws(TaskInflation.Problem) {
                _ = try TaskInflation.values(
                    for: task.spec.vars,
                    of: reference,
                    given: step.vars,
                    variables
                )
            } catch {
                guard case .missingVariable(let name, _) = error else { continue }
                problems.append(
                    problem(
                        .stage(stage),
                        "\(field).vars",
                        "\(reference) wants the variable \(name), which has no default; give it a "
                            + "value here",
                        at: task.place
                    )
                )
            }
        }
        return problems
    }

    /// That a task is not there, and which one may have been meant.
    private func sentence(about reference: TaskReference) -> String {
        let location = reference.kind == .project ? " in project \(project)" : ""
        let names = tasks.keys.filter { $0.kind == reference.kind }.map(\.name).sorted()
        let other = TaskReference(
            kind: reference.kind == .project ? .cluster : .project,
            name: reference.name
        )
        let hint: String
        if let nearest = NearestName.nearest(to: reference.name, among: names) {
            hint = "did you mean \"\(nearest)\"?"
        } else if tasks[other] != nil {
            hint = "did you mean kind: \(other.kind.name)?"
        } else {
            hint = "apply it with this"
        }
        return "there is no \(reference)\(location); \(hint)"
    }
}

extension TaskReference: CustomStringConvertible {
    /// The task as messages name it, such as `PromotionTask/deploy`.
    package var description: String { "\(kind.name)/\(name)" }
}
