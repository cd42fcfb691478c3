import Expressions
package import PromotionModel

/// What a manifest says, and what is wrong with it.
package struct ManifestReading: Sendable {
    /// The documents without problems, in their order.
    package let resources: [Resource]
    /// What hinders nothing: documents that are not ours, fields without effect.
    package let notices: [Notice]
    /// All that is wrong, in the order of the places.
    package let problems: [ManifestProblem]
}

/// Reads manifests: Kargo's kinds and ours, as YAML of any number of documents.
///
/// Only rules of single documents are checked here; whether what they refer to exists is the
/// model's business.
package enum ManifestReader {
    /// The group and version of Kargo's kinds.
    package static let kargoVersion = "kargo.akuity.io/v1alpha1"
    /// The group and version of ours.
    package static let waybillVersion = "waybill.dev/v1alpha1"

    /// Reads `text`; `file` names it in messages.
    package static func read(_ text: String, file: String) -> ManifestReading {
        let problems = ProblemList(file: file)
        let parser = YAMLParser(text)
        for problem in parser.problems {
            problems.add(problem.message, at: problem.mark, field: "")
        }
        var resources: [Resource] = []
        for document in parser.documents where !document.isNull {
            resources += read(document, path: "", problems)
        }
        return ManifestReading(
            resources: resources,
            notices: problems.notices,
            problems: problems.problems.sorted {
                ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column)
            }
        )
    }

    /// The resources of one document: one, or those of a `List`.
    private static func read(
        _ document: YAMLNode,
        path: String,
        _ problems: ProblemList
    ) -> [Resource] {
        guard var fields = FieldMap(document, path: path, problems) else { return [] }
        let version = fields.requiredText("apiVersion")
        let kind = fields.requiredText("kind")
        guard let version, let kind else { return [] }
        if version == "v1", kind == "List" {
            return fields.list("items").flatMap { read($0.node, path: $0.path, problems) }
        }
        let group = version.prefix { $0 != "/" }
        guard group == "kargo.akuity.io" || group == "waybill.dev" else {
            problems.notice(
                "\(kind) of \(version) is skipped: Waybill applies kinds of kargo.akuity.io and "
                    + "waybill.dev",
                at: document.mark
            )
            return []
        }
        guard let kind = knownKind(kind, version, fields) else { return [] }
        let countBefore = problems.problems.count
        let resource = read(kind, document, &fields)
        fields.finish()
        guard let resource, problems.problems.count == countBefore else { return [] }
        return [resource]
    }

    /// The kind, if it is one that is applied.
    private static func knownKind(
        _ name: String,
        _ version: String,
        _ fields: FieldMap
    ) -> ManifestKind? {
        guard [kargoVersion, waybillVersion].contains(version) else {
            let group = version.prefix { $0 != "/" }
            fields.add(
                "this version of \(group) is not known",
                about: "apiVersion",
                nearest: group == "waybill.dev" ? waybillVersion : kargoVersion
            )
            return nil
        }
        if let kind = ManifestKind(rawValue: name) {
            if kind.apiVersion == version { return kind }
            fields.add("\(name) is a kind of \(kind.apiVersion)", about: "apiVersion")
        } else if ManifestKind.notApplied.contains(name) {
            fields.add("\(name) is not applied by this version", about: "kind")
        } else {
            let names = ManifestKind.allCases.filter { $0.apiVersion == version }.map(\.rawValue)
            fields.add(
                "there is no kind \"\(name)\" in \(version)",
                about: "kind",
                nearest: NearestName.nearest(to: name, among: names)
            )
        }
        return nil
    }

    private static func read(
        _ kind: ManifestKind,
        _ document: YAMLNode,
        _ fields: inout FieldMap
    ) -> Resource? {
        let metadata = Metadata(kind, &fields)
        // What a cluster wrote into it.
        fields.ignore("status")
        let specification = specification(kind, metadata, &fields)
        guard let metadata, let specification else { return nil }
        return Resource(
            project: metadata.project,
            specification: specification,
            place: fields.problems.place(document.mark)
        )
    }

    /// What the document configures; without metadata it is read for its problems only.
    private static func specification(
        _ kind: ManifestKind,
        _ metadata: Metadata?,
        _ fields: inout FieldMap
    ) -> Specification? {
        let name = metadata?.name ?? ""
        switch kind {
        case .project:
            fields.refuse(
                "spec",
                because: "a Project has no spec: its policies are a ProjectConfig"
            )
            return .project
        case .projectConfig:
            return .projectConfig(ProjectConfigReader.read(&fields))
        case .warehouse:
            return WarehouseReader.read(&fields).map {
                .warehouse(WarehouseName(unchecked: name), $0)
            }
        case .stage:
            return StageReader.read(&fields, labels: metadata?.labels ?? []).map {
                .stage(StageName(unchecked: name), $0)
            }
        case .junction:
            return JunctionReader.read(&fields).map { .junction(JunctionName(unchecked: name), $0) }
        }
    }
}

/// The kinds that are applied.
enum ManifestKind: String, CaseIterable {
    case project = "Project"
    case projectConfig = "ProjectConfig"
    case warehouse = "Warehouse"
    case stage = "Stage"
    case junction = "Junction"

    var apiVersion: String {
        self == .junction ? ManifestReader.waybillVersion : ManifestReader.kargoVersion
    }

    /// Kargo's other kinds.
    static let notApplied: Set<String> = [
        "ClusterConfig", "PromotionTask", "ClusterPromotionTask", "Freight", "Promotion",
        "PromotionRequest", "Target",
    ]
}

/// What `metadata` says.
private struct Metadata {
    let name: String
    let project: ProjectName
    let labels: [Variable]

    /// nil, with a problem, where name or project are missing.
    init?(_ kind: ManifestKind, _ fields: inout FieldMap) {
        guard var metadata = fields.requiredMap("metadata") else { return nil }
        let isClusterWide = kind == .project
        let name = Self.name(&metadata, "name", byteCountMax: isClusterWide ? 63 : 253)
        if !isClusterWide, metadata.node("namespace") == nil {
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
        guard let name, let project = isClusterWide ? name : namespace else { return nil }
        if kind == .projectConfig, name != project {
            metadata.add("a ProjectConfig has the name of its namespace, \(project)", about: "name")
        }
        if isClusterWide, let namespace, namespace != name {
            metadata.add("a Project is in no namespace but its own, \(name)", about: "namespace")
        }
        self.name = name
        self.project = ProjectName(unchecked: project)
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

/// The sentence about names.
enum NameText {
    static func rule(for text: String, byteCountMax: Int = 253) -> String {
        let shown = text.count <= 64 ? text : text.prefix(61) + "..."
        return "\"\(shown)\" is no name: lower-case letters, digits, - and ., at most "
            + "\(byteCountMax) bytes, a letter or digit first and last"
    }
}
