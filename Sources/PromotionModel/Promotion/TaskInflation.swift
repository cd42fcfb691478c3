/// Puts the steps of tasks in the place of the steps that stand for them.
///
/// Happens when a promotion is asked for, so that what runs is fixed then. Every step has an alias
/// afterwards: its own, or `step-N` by its place; a step of a task has `<task alias>::<alias>`.
package enum TaskInflation {
    /// Why the steps cannot be told.
    package enum Problem: Error, Hashable, Sendable {
        case unknownTask(TaskReference)
        /// The variable has no default, and neither the promotion nor the step says it.
        case missingVariable(String, of: TaskReference)
    }

    /// `steps` with the tasks' steps in place; `variables` are the promotion's.
    ///
    /// - Throws: the first problem, in the order of the steps.
    package static func inflate(
        _ steps: [StepTemplate],
        variables: [Variable],
        lookup: (TaskReference) -> TaskSpec?
    ) throws(Problem) -> [StepTemplate] {
        var inflated: [StepTemplate] = []
        for (index, step) in steps.enumerated() {
            guard let task = step.task else {
                var step = step
                step.alias = step.alias ?? "step-\(index + 1)"
                inflated.append(step)
                continue
            }
            guard let spec = lookup(task) else { throw .unknownTask(task) }
            let alias = step.alias ?? "task-\(index + 1)"
            inflated += try expanded(spec, task, for: step, alias, variables)
        }
        return inflated
    }

    /// The steps of one task, for the step that stands for it.
    private static func expanded(
        _ spec: TaskSpec,
        _ task: TaskReference,
        for taskStep: StepTemplate,
        _ alias: String,
        _ variables: [Variable]
    ) throws(Problem) -> [StepTemplate] {
        let given = try values(for: spec.vars, of: task, given: taskStep.vars, variables)
        return spec.steps.enumerated().map { index, template in
            var step = template
            step.alias = joined(alias, template.alias ?? "step-\(index + 1)")
            step.vars = given + template.vars
            // A task that is repeated is repeated as a whole.
            step.forEach = taskStep.forEach ?? template.forEach
            step.repeatsWithTask = taskStep.forEach == nil ? nil : .some(true)
            return step
        }
    }

    /// What the steps of a task are told, the last one of a name counts.
    ///
    /// A variable that the promotion has is not given its default: the steps see the promotion's.
    package static func values(
        for declared: [Variable],
        of task: TaskReference,
        given: [Variable],
        _ variables: [Variable]
    ) throws(Problem) -> [Variable] {
        func says(_ list: [Variable], _ name: String) -> Bool {
            list.contains { $0.name == name && !$0.value.isEmpty }
        }
        var values: [Variable] = []
        for variable in declared where !says(variables, variable.name) {
            if !variable.value.isEmpty {
                values.append(variable)
            } else if !says(given, variable.name) {
                throw .missingVariable(variable.name, of: task)
            }
        }
        return values + given
    }

    /// The alias of a step of a task.
    package static func joined(_ task: String, _ step: String) -> String {
        "\(task)\(separator)\(step)"
    }

    /// The aliases of the task and of its step; nil for a step of no task.
    package static func parted(_ alias: String) -> (task: String, step: String)? {
        let parts = alias.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else { return nil }
        return (String(parts[0]), String(parts[1]))
    }

    /// Stands between the alias of a task and that of its step.
    package static let separator = "::"
}
