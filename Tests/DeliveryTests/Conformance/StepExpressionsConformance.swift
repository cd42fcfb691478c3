import ConformanceSupport
import Expressions
import PromotionModel
import PromotionRunner
import Testing

@Suite struct StepExpressionsConformance {
    private static let environmentFile = "expressions-step-env.json"
    private static let conditionFile = "expressions-step-if.json"

    @Test func `conditions skip the steps that they skip in Kargo`() throws {
        let disagreements = try ConformanceFile(Self.conditionFile).run(
            differences: differences(Self.conditionFile, operation: "")
        ) { row in
            let step = try CaseJob(row)
            let expressions = StepExpressions(step.job, at: step.index)
            return .bool(try expressions.reasonToSkip() != nil)
        }
        #expect(disagreements == [])
    }

    @Test func `steps see the variables, outputs and context that they see in Kargo`() throws {
        let rules = ["vars", "config", "environment"].flatMap {
            differences(Self.environmentFile, operation: $0)
        }
        let disagreements = try ConformanceFile(Self.environmentFile).run(differences: rules) {
            row in
            let step = try CaseJob(row)
            let pagesURL = row.input.text("uiBaseUrl")
            let expressions = StepExpressions(step.job, at: step.index, pagesURL: pagesURL)
            switch row.operation {
            case "vars": return try expressions.variables()["vars"]
            case "config": return try expressions.configuration()
            case "environment":
                let alias = row.input["taskOutputs"]?["alias"]
                let inTask = try CaseJob(row, alias: alias)
                return offered(
                    try expressions.variables(),
                    task: try StepExpressions(inTask.job, at: inTask.index).variables()["task"],
                    row.input
                )
            default: throw row.isUnknown
            }
        }
        #expect(disagreements == [])
    }

    /// Of what the step can name, the parts that the case supplies.
    ///
    /// Kargo puts each of them in by itself; here they come out of one promotion.
    private func offered(_ variables: [String: Value], task: Value?, _ input: Value) -> Value {
        var offered = ["ctx": variables["ctx"] ?? .null]
        if input["vars"] != nil { offered["vars"] = variables["vars"] }
        if input["taskOutputs"] != nil { offered["task"] = task }
        if let outputs = input["outputs"]?.objectValue {
            offered["outputs"] = part(of: variables["outputs"], outputs.keys)
        }
        if input["steps"] != nil {
            let aliases = input.elements("steps").map { $0.text("alias") }
            offered["stepMetas"] = part(of: variables["stepMetas"], aliases)
        }
        return .object(offered)
    }

    private func part(of value: Value?, _ names: some Sequence<String>) -> Value {
        let names = Set(names)
        return .object((value?.objectValue ?? [:]).filter { names.contains($0.key) })
    }

    private func differences(_ file: String, operation: String) -> [Difference] {
        [
            Difference(
                file: file,
                operation: operation,
                reason: "`target` is not known: targets belong to Kargo's enterprise edition.",
                where: { $0.input["target"] != nil },
                promise: { row, answer in
                    answer?["target"] == nil && answer?["ctx"] == row.expect["ctx"]
                }
            ),
            Difference(
                file: file,
                operation: operation,
                reason: "Artifacts are looked up in what the freight holds, not in what a "
                    + "warehouse subscribes to.",
                where: { row in
                    // Kargo finds two warehouses, or none, that subscribe to the repository.
                    row.expectsError
                        && ["commitFrom(", "imageFrom(", "chartFrom("].contains {
                            row.input.json.contains($0)
                        }
                }
            ),
        ]
    }
}
