package import Wire

/// A promotion task as configured: steps that promotion templates share.
package struct TaskSpec: Message, Hashable {
    /// What the steps want to be told; a variable without a value must be given one.
    package var vars: [Variable] = []
    /// None of them is a task.
    package var steps: [StepTemplate] = []

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "vars", &vars)
        try visitor.field(2, "steps", &steps)
    }
}

/// Which task a step stands for.
package struct TaskReference: Message, Hashable {
    package var kind = TaskKind.project
    package var name = ""

    package init() {}

    /// The task `name` of a kind.
    package init(kind: TaskKind, name: String) {
        self.kind = kind
        self.name = name
    }

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "kind", &kind)
        try visitor.field(2, "name", &name)
    }
}

/// Whose task it is.
package enum TaskKind: UInt32, WireEnum {
    /// `PromotionTask`: the project's.
    case project = 1
    /// `ClusterPromotionTask`: everybody's.
    case cluster = 2

    /// The kind as manifests write it.
    package var name: String {
        switch self {
        case .project: "PromotionTask"
        case .cluster: "ClusterPromotionTask"
        }
    }

    /// The kind that manifests write; nothing written means the project's.
    package init?(name: String) {
        guard let kind = TaskKind.allCases.first(where: { $0.name == name || name.isEmpty }) else {
            return nil
        }
        self = kind
    }
}
