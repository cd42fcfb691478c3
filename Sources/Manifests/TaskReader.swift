import PromotionModel

/// Reads a `PromotionTask` or a `ClusterPromotionTask`.
enum TaskReader {
    static func read(_ fields: inout FieldMap) -> TaskSpec? {
        guard var spec = fields.requiredMap("spec") else { return nil }
        defer { spec.finish() }
        var task = TaskSpec()
        task.vars = StepReader.variables(&spec, .step)
        var names: Set<String> = []
        for (index, variable) in task.vars.enumerated() where !names.insert(variable.name).inserted
        {
            spec.add("element \(index): \(variable.name) is declared twice", about: "vars")
        }
        task.steps = StepReader.steps(&spec, ofTask: true)
        if spec.node("steps") == nil || spec.list("steps").isEmpty {
            spec.add("at least one step is wanted", about: "steps")
        }
        return task
    }
}
