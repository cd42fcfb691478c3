import Expressions
import PromotionModel

/// What expressions of a step can name.
struct StepEnvironment: Environment {
    /// `ctx`, `vars`, `outputs`, `stepMetas`, `task`, `components`, `component`.
    var variables: [String: Value] = [:]
    /// Whether `success()` and its sisters are known here: in configurations and conditions.
    var knowsStatus = false
    private let job: PromotionJob
    private let progress: StepProgress
    private let index: Int
    private let data: DataFunctions

    init(
        job: PromotionJob,
        progress: StepProgress,
        index: Int,
        sources: StepSources,
        secrets: SecretUse
    ) {
        self.job = job
        self.progress = progress
        self.index = index
        data = DataFunctions(project: job.project, sources: sources, secrets: secrets)
    }

    func hasRead(_ value: Value) { data.secrets.hasRead(value) }

    func hasMade(_ value: Value, isVerbatim: Bool) {
        data.secrets.hasMade(value, isVerbatim: isVerbatim)
    }

    func variable(_ name: String) -> Value? { variables[name] }

    func call(_ function: String, _ arguments: [Value]) throws(ExpressionError) -> Value? {
        let freight = FreightFunctions(job: job)
        switch function {
        case "warehouse": return try Self.origin(.warehouse, function, arguments)
        case "junction": return try Self.origin(.junction, function, arguments)
        case "commitFrom": return try freight.commit(arguments)
        case "imageFrom": return try freight.image(arguments)
        case "chartFrom": return try freight.chart(arguments)
        case "artifactFrom": return try freight.artifact(arguments)
        case "changed": return try freight.changed(arguments)
        default:
            if let value = try data.call(function, arguments) { return value }
            return knowsStatus ? try status(function, arguments) : nil
        }
    }

    private func status(
        _ function: String,
        _ arguments: [Value]
    ) throws(ExpressionError) -> Value? {
        switch function {
        case "always": return true
        case "success": return .bool(!progress.hasFailed(before: index))
        case "failure": return .bool(progress.hasFailed(before: index))
        case "status":
            guard arguments.count == 1, let alias = arguments[0].stringValue, !alias.isEmpty
            else { throw ExpressionError("status() wants the alias of a step") }
            return .string(progress.status(of: alias, before: index)?.name ?? "")
        default: return nil
        }
    }

    private static func origin(
        _ kind: Origin.Kind,
        _ function: String,
        _ arguments: [Value]
    ) throws(ExpressionError) -> Value {
        guard arguments.count == 1, let name = arguments[0].stringValue,
            let origin = Origin(rawValue: "\(kind.rawValue)/\(name)")
        else { throw ExpressionError("\(function)() wants the name of a \(function)") }
        return FreightValues.origin(origin)
    }
}
