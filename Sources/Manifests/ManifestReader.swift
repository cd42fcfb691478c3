import Expressions
import Matching
package import PromotionModel

/// What a manifest says, and what is wrong with it.
package struct ManifestReading: Sendable {
    /// The documents without problems, in their order.
    package let resources: [Resource]
    /// What hinders nothing: documents that are not ours, fields without effect.
    package let notices: [Notice]
    /// All that is wrong, in the order of the places.
    package let problems: [ManifestProblem]
    /// How many documents there are, without empty ones.
    package let documentCount: Int
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
        read(text, ProblemList(file: file))
    }

    /// The fields that reading `text` asks for, whether or not they are there, such as
    /// `Stage: spec.requestedFreight[].origin.kind`.
    ///
    /// For whoever describes them: documents that have every map between them show all fields.
    package static func knownFields(readFor text: String) -> Set<String> {
        var known: Set<String> = []
        for document in YAMLParser(text).documents {
            let problems = ProblemList(file: "")
            problems.knownFields = []
            _ = read(document, path: "", problems)
            let kind = document.value["kind"]?.stringValue ?? ""
            known.formUnion((problems.knownFields ?? []).map { "\(kind): \($0)" })
        }
        return known
    }

    private static func read(_ text: String, _ problems: ProblemList) -> ManifestReading {
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
            },
            documentCount: parser.documents.count { !$0.isNull }
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
        } else if version == kargoVersion, let advice = ManifestKind.notApplied[name] {
            fields.add("a \(name) is not applied: \(advice)", about: "kind")
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
        let metadata = ManifestMetadata(kind, &fields)
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
        _ metadata: ManifestMetadata?,
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
        case .clusterConfig:
            return .cluster(ClusterConfigReader.read(&fields))
        case .task:
            return TaskReader.read(&fields).map { .task(TaskName(unchecked: name), $0) }
        case .clusterTask:
            return TaskReader.read(&fields).map { .clusterTask(TaskName(unchecked: name), $0) }
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
