package import Expressions

/// Freight and its parts as values that expressions can take apart, with the names of Kargo's
/// fields.
package enum FreightValues {
    /// What `warehouse()` and `junction()` give.
    package static func origin(_ origin: Origin) -> Value {
        ["kind": .string(origin.kind.rawValue), "name": .string(origin.name)]
    }

    /// A component of a change set.
    package static func component(_ component: JobComponent) -> Value {
        [
            "origin": origin(component.change.origin),
            "name": .string(component.change.origin.name),
            "freight": (component.to ?? component.from).map(freight) ?? .null,
            "from": component.from.map(freight) ?? .null,
            "to": component.to.map(freight) ?? .null,
            "change": .string(name(of: component.change.kind)),
            "uncertain": .bool(component.change.isUncertain),
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

    /// A piece of freight with its artifacts, each kind in a list of its own.
    package static func freight(_ freight: JobFreight) -> Value {
        [
            "id": .string(freight.freight.id.rawValue),
            "alias": .string(freight.alias),
            "origin": origin(freight.freight.origin),
            "commits": .array(freight.artifacts.compactMap(\.commit).map(commit)),
            "images": .array(freight.artifacts.compactMap(\.image).map(image)),
            "charts": .array(freight.artifacts.compactMap(\.chart).map(chart)),
        ]
    }

    /// An artifact with its kind: `commit`, `image` or `chart`; and what it comes from.
    package static func artifact(_ artifact: Artifact, of origin: Origin) -> Value {
        var members: [String: Value] = ["origin": self.origin(origin)]
        func add(_ kind: String, _ value: Value) {
            members["kind"] = .string(kind)
            for (name, member) in value.objectValue ?? [:] { members[name] = member }
        }
        if let commit = artifact.commit { add("commit", self.commit(commit)) }
        if let image = artifact.image { add("image", self.image(image)) }
        if let chart = artifact.chart { add("chart", self.chart(chart)) }
        return .object(members)
    }

    /// A commit.
    package static func commit(_ commit: CommitArtifact) -> Value {
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

    /// An image.
    package static func image(_ image: ImageArtifact) -> Value {
        let annotations = image.annotations.map { ($0.name, Value.string($0.value)) }
        return [
            "RepoURL": .string(image.repoURL),
            "Tag": .string(image.tag),
            "Digest": .string(image.digest),
            "Annotations": .object(Dictionary(annotations) { _, last in last }),
        ]
    }

    /// A chart.
    package static func chart(_ chart: ChartArtifact) -> Value {
        [
            "RepoURL": .string(chart.repoURL),
            "Name": .string(chart.name),
            "Version": .string(chart.version),
        ]
    }
}
