import ConformanceSupport
import Expressions
import PromotionModel
import Testing

@Suite struct TaskInflationConformance {
    @Test func `tasks become the steps that they become in Kargo`() throws {
        let disagreements = try ConformanceFile("task-inflation.json").run(
            comparing: { $0.withoutBlanks.isSame(as: $1.withoutBlanks) }
        ) { row in
            switch row.operation {
            case "inflate":
                let steps = try row.input.elements("steps").map { try template($0) }
                return try inflated(steps, row.input)
            case "inflate-task":
                var step = try template(row.input["taskStep"] ?? .null)
                step.alias = row.input.text("taskAlias")
                return try inflated([step], row.input)
            case "lookup-task":
                let reference = try reference(row.input["ref"] ?? .null)
                return try tasks(row.input)[reference].map { spec in
                    ["vars": written(spec.vars), "steps": .array(spec.steps.map { written($0) })]
                }
            case "alias":
                let (task, step) = (row.input.text("taskAlias"), row.input.text("stepAlias"))
                return .string(TaskInflation.joined(task, step))
            case "task-vars":
                return written(
                    try TaskInflation.values(
                        for: variables(row.input, "taskVars"),
                        of: TaskReference(kind: .project, name: "task"),
                        given: variables(row.input, "stepVars"),
                        variables(row.input, "promotionVars")
                    )
                )
            default: throw row.isUnknown
            }
        }
        #expect(disagreements == [])
    }

    private func inflated(_ steps: [StepTemplate], _ input: Value) throws -> Value {
        let tasks = try tasks(input)
        let steps = try TaskInflation.inflate(
            steps,
            variables: variables(input, "promotionVars")
        ) { tasks[$0] }
        return .array(steps.map { written($0) })
    }

    private func tasks(_ input: Value) throws -> [TaskReference: TaskSpec] {
        var tasks: [TaskReference: TaskSpec] = [:]
        for task in input.elements("tasks") {
            var spec = TaskSpec()
            spec.vars = variables(task, "vars")
            spec.steps = try task.elements("steps").map { try template($0) }
            tasks[try reference(task)] = spec
        }
        return tasks
    }

    private func reference(_ value: Value) throws -> TaskReference {
        guard let kind = TaskKind(name: value.text("kind")) else { throw UnknownKind() }
        return TaskReference(kind: kind, name: value.text("name"))
    }

    private struct UnknownKind: Error {}

    private func template(_ value: Value) throws -> StepTemplate {
        var step = StepTemplate()
        step.uses = value.text("uses")
        step.alias = value["as"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
        step.condition = value["if"]?.stringValue
        step.continueOnError = value.flag("continueOnError")
        step.vars = variables(value, "vars")
        step.config = value["config"] ?? .null
        if let task = value["task"], !task.isNull { step.task = try reference(task) }
        return step
    }

    private func variables(_ value: Value, _ name: String) -> [Variable] {
        value.elements(name).map { Variable(name: $0.text("name"), value: $0.text("value")) }
    }

    private func written(_ step: StepTemplate) -> Value {
        [
            "as": .string(step.alias ?? ""), "uses": .string(step.uses),
            "if": .string(step.condition ?? ""), "vars": written(step.vars), "config": step.config,
            "continueOnError": step.continueOnError ? true : .null,
        ]
    }

    private func written(_ variables: [Variable]) -> Value {
        .array(variables.map { ["name": .string($0.name), "value": .string($0.value)] })
    }
}
