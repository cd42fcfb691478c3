import Expressions
import PromotionModel
import Secrets

/// Warns of secrets and settings that manifests name and that are not there.
///
/// No error: they may come later, and what is absent is empty, as in Kargo.
enum KeyWarnings {
    /// A line for each of them.
    static func lines(of resources: [Resource], besideLedgerAt path: String) -> [String] {
        var lines: [String] = []
        for resource in resources {
            guard case .stage(let name, let spec) = resource.specification else { continue }
            for use in uses(in: spec).sorted(by: { ($0.function, $0.name) < ($1.function, $1.name) }
            ) {
                let isShared = use.function.hasPrefix("shared")
                let project = isShared ? nil : resource.project
                let isThere = Outside.hasKeys(
                    use.kind,
                    use.name,
                    in: project,
                    besideLedgerAt: path
                )
                guard !isThere else { continue }
                let place = isShared ? "_shared" : resource.project.rawValue
                let folder = use.kind == .config ? "config" : "secrets"
                lines.append(
                    "warning: stage/\(name): \(use.function)(\"\(use.name)\") is empty until there "
                        + "are keys in \(folder)/\(place)/\(use.name) beside the ledger"
                )
            }
        }
        return lines
    }

    private struct Use: Hashable {
        let function: String
        let name: String
        var kind: KeyKind { function.hasSuffix("ecret") ? .secret : .config }
    }

    private static let functions: Set<String> = [
        "secret", "sharedSecret", "configMap", "sharedConfigMap",
    ]

    private static func uses(in spec: StageSpec) -> Set<Use> {
        var uses: Set<Use> = []
        func look(_ text: String) {
            guard Template.isTemplate(text), let template = try? Template(parsing: text) else {
                return
            }
            for call in template.expressions.flatMap(\.callsWithText)
            where functions.contains(call.function) {
                uses.insert(Use(function: call.function, name: call.text))
            }
        }
        func look(_ value: Value) {
            switch value {
            case .null, .bool, .int, .double: break
            case .string(let text): look(text)
            case .array(let elements): for element in elements { look(element) }
            case .object(let members): for member in members.values { look(member) }
            }
        }
        for variable in spec.vars + spec.templateVars { look(variable.value) }
        for step in spec.steps + (spec.verification?.steps ?? []) {
            look(step.config)
            if let condition = step.condition { look(condition) }
            for variable in step.vars { look(variable.value) }
        }
        return uses
    }
}
