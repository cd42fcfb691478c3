import Expressions
import PromotionModel
import Secrets

/// The functions that look outside of the promotion.
struct DataFunctions {
    let project: ProjectName
    let sources: StepSources
    let secrets: SecretUse

    /// What a function answers; nil if it is none of these.
    func call(_ function: String, _ arguments: [Value]) throws(ExpressionError) -> Value? {
        switch function {
        case "secret", "sharedSecret":
            let keys = try keys(.secret, function, arguments)
            secrets.hand(keys)
            return .object(keys.mapValues { .string($0) })
        case "configMap", "sharedConfigMap":
            return .object(try keys(.config, function, arguments).mapValues { .string($0) })
        case "freightMetadata":
            let name = try name(function, arguments, "freight, its id or alias")
            return try freight(name, function)?.metadata ?? .null
        case "freightStatus":
            let name = try name(function, arguments, "freight, its id or alias")
            return try freight(name, function)?.status ?? .null
        // Nothing is ever noted on a stage: set-metadata refuses it.
        case "stageMetadata":
            _ = try name(function, arguments, "a stage")
            return .null
        default: return nil
        }
    }

    private func keys(
        _ kind: KeyKind,
        _ function: String,
        _ arguments: [Value]
    ) throws(ExpressionError) -> [String: String] {
        let name = try name(function, arguments, "the name of a folder of keys")
        let place = function.hasPrefix("shared") ? nil : project.rawValue
        do {
            // What is not there is empty, as in Kargo; apply warns of it.
            return try sources.keys?.keys(kind, name, in: place) ?? [:]
        } catch {
            throw ExpressionError("\(function)(): \(error)")
        }
    }

    private func freight(
        _ name: String,
        _ function: String
    ) throws(ExpressionError) -> FreightNotes? {
        do {
            return try sources.freight(project, name)
        } catch {
            throw ExpressionError("\(function)(): \(error)")
        }
    }

    private func name(
        _ function: String,
        _ arguments: [Value],
        _ what: String
    ) throws(ExpressionError) -> String {
        guard arguments.count == 1, let name = arguments[0].stringValue, !name.isEmpty else {
            throw ExpressionError("\(function)() wants \(what), as one text")
        }
        return name
    }
}
