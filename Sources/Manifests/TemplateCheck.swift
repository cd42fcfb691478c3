import Expressions
import Matching

/// Where an expression stands, which says what it can name.
enum ExpressionPlace {
    /// The variables of a stage or promotion template.
    case stageVariables
    /// A step: its configuration, condition and variables.
    case step
    /// The arguments of a stage's verification, which Waybill hands on unevaluated.
    case verificationArguments
    /// A warehouse's freightCreationCriteria.
    case creationCriteria
    /// A junction's criteria for repackaging.
    case repackagingCriteria
    /// The expressionFilter of a git subscription that looks at a branch.
    case commitFilter
    /// The expressionFilter of a git subscription that looks at tags.
    case tagFilter

    /// The variables of the place.
    var variables: Set<String> {
        switch self {
        // The change set is fixed when a promotion starts, so variables may depend on it.
        case .stageVariables: ["ctx", "vars", "components"]
        case .step:
            [
                "ctx", "vars", "outputs", "stepMetas", "task", "target", "component", "components",
            ]
        case .verificationArguments: ["ctx", "vars"]
        case .creationCriteria: []
        case .repackagingCriteria: ["changed", "components", "lastRepackaged", "artifacts"]
        case .commitFilter: ["id", "commitDate", "author", "committer", "subject"]
        case .tagFilter:
            [
                "tag", "id", "creatorDate", "author", "committer", "subject", "tagger",
                "annotation",
            ]
        }
    }

    /// The functions of the place that are not the language's own.
    var functions: Set<String> {
        let artifacts: Set<String> = ["commitFrom", "imageFrom", "chartFrom", "artifactFrom"]
        let data: Set<String> = [
            "warehouse", "junction", "freightMetadata", "freightStatus", "stageMetadata",
            "configMap", "secret", "sharedConfigMap", "sharedSecret",
        ]
        switch self {
        case .stageVariables: return artifacts.union(data).union(["changed"])
        case .step:
            let status: Set<String> = ["success", "failure", "always", "status", "changed"]
            return artifacts.union(data).union(status)
        case .verificationArguments: return artifacts.union(data)
        case .creationCriteria: return ["commitFrom", "imageFrom", "chartFrom"]
        case .repackagingCriteria: return ["secondsSince"]
        case .commitFilter, .tagFilter: return []
        }
    }
}

/// Checks templates and expressions when a manifest is read.
enum TemplateCheck {
    /// Checks every text of a tree, never keys.
    static func check(
        _ node: YAMLNode,
        _ path: String,
        _ place: ExpressionPlace,
        _ problems: ProblemList
    ) {
        switch node.content {
        case .scalar(let text, _):
            guard Template.isTemplate(text) else { return }
            do {
                let template = try Template(parsing: text)
                for expression in template.expressions {
                    checkNames(of: expression, node.mark, path, place, problems)
                }
            } catch {
                problems.add(error.description, at: node.mark, field: path)
            }
        case .sequence(let elements):
            for (index, element) in elements.enumerated() {
                check(element, "\(path)[\(index)]", place, problems)
            }
        case .mapping(let members):
            for (key, value) in members {
                check(value, "\(path).\(key.keyText)", place, problems)
            }
        }
    }

    /// Checks a bare expression, without delimiters.
    static func check(
        bare text: String,
        _ fields: FieldMap,
        _ name: String,
        _ place: ExpressionPlace
    ) {
        do {
            let expression = try Expression(parsing: text)
            let mark = fields.mark(of: name)
            checkNames(of: expression, mark, fields.path(of: name), place, fields.problems)
        } catch {
            fields.add(error.description, about: name)
        }
    }

    private static func checkNames(
        of expression: Expression,
        _ mark: YAMLMark,
        _ path: String,
        _ place: ExpressionPlace,
        _ problems: ProblemList
    ) {
        for reference in expression.references {
            let known = reference.isFunction ? place.functions : place.variables
            guard !known.contains(reference.name) else { continue }
            let all = reference.isFunction ? known.union(Expression.functionNames) : known
            let what =
                reference.isFunction ? "function \(reference.name)()" : "variable \(reference.name)"
            let error = expression.error("there is no \(what) here", at: reference.offset)
            problems.add(
                error.description,
                at: mark,
                field: path,
                nearest: NearestName.nearest(to: reference.name, among: all.sorted())
            )
        }
    }
}
