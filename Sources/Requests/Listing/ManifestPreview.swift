import Expressions
import Ledger
import LedgerAPI
import Manifests
import PromotionModel

/// What applying documents would change, resource by resource.
struct ManifestPreview {
    let differences: [ManifestDifference]

    /// The differences between what is configured in `view` and what the documents say.
    init(of resources: [Resource], prune: Bool, _ view: View) throws {
        let configured = ConfiguredResources(view: view)
        var differences = try resources.map { resource in
            ManifestDifference(
                from: try configured.resource(
                    like: resource.specification,
                    in: resource.project
                ),
                to: resource
            )
        }
        if prune {
            let named = Set(resources.map { Key($0) })
            for project in Set(resources.map(\.project)).subtracting([.cluster]).sorted() {
                for resource in try configured.prunable(in: project)
                where !named.contains(Key(resource)) {
                    differences.append(ManifestDifference(from: resource, to: nil))
                }
                let policies = Resource(
                    project: project,
                    specification: .projectConfig(ProjectSpec())
                )
                guard !named.contains(Key(policies)) else { continue }
                let before = try configured.resource(like: policies.specification, in: project)
                let lost = ManifestDifference(from: before ?? policies, to: policies)
                if lost.action != .unchanged { differences.append(lost) }
            }
        }
        self.differences = differences
    }

    private struct Key: Hashable {
        let project: ProjectName
        let title: String

        init(_ resource: Resource) {
            project = resource.project
            title = resource.specification.title
        }
    }

    /// For people: a line for each resource, and one for each field that changes.
    var text: String {
        var lines: [String] = []
        let projects = Set(differences.map(\.project)).subtracting([.cluster])
        for difference in differences {
            let isInOneOfSeveral = projects.count > 1 && difference.project != .cluster
            let project = isInOneOfSeveral ? " (\(difference.project))" : ""
            let action = difference.action.rawValue
            let padding = String(repeating: " ", count: max(1, 11 - action.count))
            lines.append("\(action)\(padding)\(difference.resource)\(project)")
            lines += difference.fields.map { "  \(Self.line($0))" }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func line(_ field: ManifestDifference.Field) -> String {
        switch (field.before, field.after) {
        case (let before?, let after?):
            "~ \(field.path): \(shown(before)) -> \(shown(after))"
        case (let before?, nil): "- \(field.path): \(shown(before))"
        case (nil, let after?): "+ \(field.path): \(shown(after))"
        case (nil, nil): field.path
        }
    }

    /// A value on one line, cut where nobody would read on.
    private static func shown(_ value: Value) -> String {
        let text = value.json
        return text.count > 120 ? "\(text.prefix(117))..." : text
    }

    /// For programs.
    var value: Value {
        .array(
            differences.map { difference in
                Shape.object([
                    ("resource", .string(difference.resource)),
                    (
                        "project",
                        difference.project == .cluster
                            ? .null : .string(difference.project.rawValue)
                    ),
                    ("action", .string(difference.action.rawValue)),
                    (
                        "fields",
                        difference.fields.isEmpty
                            ? .null : .array(difference.fields.map(Self.value))
                    ),
                ])
            }
        )
    }

    private static func value(_ field: ManifestDifference.Field) -> Value {
        var members: [(String, Value)] = [("path", .string(field.path))]
        if let before = field.before { members.append(("from", before)) }
        if let after = field.after { members.append(("to", after)) }
        return Shape.object(members)
    }
}
