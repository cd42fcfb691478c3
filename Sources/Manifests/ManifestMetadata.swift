import PromotionModel

/// What `metadata` says.
struct ManifestMetadata {
    let name: String
    let project: ProjectName
    let labels: [Variable]

    /// nil, with a problem, where name or project are missing.
    init?(_ kind: ManifestKind, _ fields: inout FieldMap) {
        guard var metadata = fields.requiredMap("metadata") else { return nil }
        let name = Self.name(&metadata, "name", byteCountMax: kind == .project ? 63 : 253)
        if !kind.isClusterWide, metadata.node("namespace") == nil {
            metadata.add("the field is missing: it names the project", about: "namespace")
        }
        let hasNamespace = metadata.node("namespace") != nil
        let namespace = hasNamespace ? Self.name(&metadata, "namespace", byteCountMax: 63) : nil
        labels = metadata.textMap("labels").map { Variable(name: $0.key, value: $0.value) }
        _ = metadata.textMap("annotations")
        metadata.ignore(
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "managedFields",
            "finalizers",
            "ownerReferences",
            "selfLink"
        )
        metadata.finish()
        guard let name else { return nil }
        Self.check(name, namespace, kind, metadata)
        let project = kind == .project ? name : kind.isClusterWide ? nil : namespace
        guard kind.isClusterWide || project != nil else { return nil }
        self.name = name
        self.project = project.map { ProjectName(unchecked: $0) } ?? .cluster
    }

    /// What the kind asks of its name and its namespace.
    private static func check(
        _ name: String,
        _ namespace: String?,
        _ kind: ManifestKind,
        _ metadata: FieldMap
    ) {
        switch kind {
        case .projectConfig:
            guard let namespace, name != namespace else { return }
            metadata.add(
                "a ProjectConfig has the name of its namespace, \(namespace)",
                about: "name"
            )
        case .project:
            guard let namespace, namespace != name else { return }
            metadata.add("a Project is in no namespace but its own, \(name)", about: "namespace")
        case .clusterConfig, .clusterTask:
            if kind == .clusterConfig, name != "cluster" {
                metadata.add("there is one ClusterConfig, with the name cluster", about: "name")
            }
            guard namespace != nil else { return }
            metadata.add("a \(kind.rawValue) is in no namespace: it is for all", about: "namespace")
        case .warehouse, .stage, .junction, .task: break
        }
    }

    private static func name(
        _ metadata: inout FieldMap,
        _ field: String,
        byteCountMax: Int
    ) -> String? {
        guard let text = metadata.requiredText(field) else { return nil }
        if NameRule.isName(text, byteCountMax: byteCountMax) { return text }
        metadata.add(NameText.rule(for: text, byteCountMax: byteCountMax), about: field)
        return nil
    }
}
