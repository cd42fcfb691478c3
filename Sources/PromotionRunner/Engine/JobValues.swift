import Expressions
import PromotionModel

/// A promotion's freight and components as values that expressions can take apart.
enum JobValues {
    /// `ctx`.
    static func context(_ job: PromotionJob, alias: String, _ pagesURL: String) -> Value {
        let target = targetFreight(job)
        let isRollback = job.promotion.kind == .rollback || job.promotion.kind == .restore
        return [
            "uiBaseUrl": .string(pagesURL),
            "project": .string(job.project.rawValue),
            "stage": .string(job.promotion.stage.rawValue),
            "promotion": .string(job.promotion.name.rawValue),
            "targetFreight": [
                "name": .string(target?.freight.id.rawValue ?? ""),
                "alias": .string(target?.alias ?? ""),
                "origin": ["name": .string(target?.freight.origin.name ?? "")],
            ],
            "meta": [
                "promotion": [
                    "actor": .string(job.promotion.actor), "rollback": .bool(isRollback),
                ],
                "step": ["alias": .string(alias)],
            ],
        ]
    }

    /// The one piece of freight that is promoted; nil where several are, or a whole combination
    /// that no single piece brought.
    private static func targetFreight(_ job: PromotionJob) -> JobFreight? {
        let ids =
            job.promotion.freight.isEmpty
            ? Set((job.state.collection?.components ?? []).map(\.carrier))
            : Set(job.promotion.freight)
        guard ids.count == 1, let id = ids.first else { return nil }
        let known = job.freight + job.components.compactMap(\.to)
        return known.first { $0.freight.id == id }
    }

    /// `component`, and an element of `components`.
    static func component(_ component: JobComponent) -> Value {
        [
            "origin": origin(component.change.origin),
            "name": .string(component.change.origin.name),
            "freight": (component.to ?? component.from).map(freight) ?? .null,
            "from": component.from.map(freight) ?? .null,
            "to": component.to.map(freight) ?? .null,
            "change": .string(name(of: component.change.kind)),
        ]
    }

    private static func name(of kind: ChangeKind) -> String {
        switch kind {
        case .added: "added"
        case .changed: "changed"
        case .unchanged: "unchanged"
        case .removed: "removed"
        case .uncertain: "uncertain"
        }
    }

    private static func freight(_ freight: JobFreight) -> Value {
        [
            "id": .string(freight.freight.id.rawValue),
            "alias": .string(freight.alias),
            "origin": origin(freight.freight.origin),
            "commits": .array(freight.artifacts.compactMap(\.commit).map(commit)),
            "images": .array(freight.artifacts.compactMap(\.image).map(image)),
            "charts": .array(freight.artifacts.compactMap(\.chart).map(chart)),
        ]
    }

    /// What `warehouse()` and `junction()` give.
    static func origin(_ origin: Origin) -> Value {
        ["kind": .string(origin.kind.rawValue), "name": .string(origin.name)]
    }

    /// A commit, with the names of Kargo's fields.
    static func commit(_ commit: CommitArtifact) -> Value {
        [
            "RepoURL": .string(commit.repoURL),
            "ID": .string(commit.id),
            "Branch": .string(commit.branch ?? ""),
            "Tag": .string(commit.tag ?? ""),
            "Message": .string(commit.message ?? ""),
            "Author": .string(commit.author ?? ""),
            "Committer": .string(commit.committer ?? ""),
        ]
    }

    /// An image, with the names of Kargo's fields.
    static func image(_ image: ImageArtifact) -> Value {
        let annotations = image.annotations.map { ($0.name, Value.string($0.value)) }
        return [
            "RepoURL": .string(image.repoURL),
            "Tag": .string(image.tag),
            "Digest": .string(image.digest),
            "Annotations": .object(Dictionary(annotations) { _, last in last }),
        ]
    }

    /// A chart, with the names of Kargo's fields.
    static func chart(_ chart: ChartArtifact) -> Value {
        [
            "RepoURL": .string(chart.repoURL),
            "Name": .string(chart.name),
            "Version": .string(chart.version),
        ]
    }
}
