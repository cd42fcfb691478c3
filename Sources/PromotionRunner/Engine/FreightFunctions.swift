import Expressions
import Matching
import PromotionModel

/// The functions that look into the freight of a promotion's target collection.
///
/// Kargo looks where a warehouse subscribes; a junction subscribes to nothing, so here it is
/// what the freight holds that counts.
struct FreightFunctions {
    let job: PromotionJob

    /// `commitFrom(repository[, origin])`.
    func commit(_ arguments: [Value]) throws(ExpressionError) -> Value {
        try find("commitFrom", arguments, FreightValues.commit) { artifact, repository in
            guard let commit = artifact.commit,
                GitURL.normalized(commit.repoURL) == GitURL.normalized(repository)
            else { return nil }
            return commit
        }
    }

    /// `imageFrom(repository[, origin])`.
    func image(_ arguments: [Value]) throws(ExpressionError) -> Value {
        try find("imageFrom", arguments, FreightValues.image) { artifact, repository in
            guard let image = artifact.image,
                ImageURL.normalized(image.repoURL) == ImageURL.normalized(repository)
            else { return nil }
            return image
        }
    }

    /// `chartFrom(repository[, name][, origin])`.
    func chart(_ arguments: [Value]) throws(ExpressionError) -> Value {
        var arguments = arguments
        var name: String?
        if arguments.count > 1, let text = arguments[1].stringValue {
            name = text
            arguments.remove(at: 1)
        }
        return try find("chartFrom", arguments, FreightValues.chart) { artifact, repository in
            guard let chart = artifact.chart, name == nil || chart.name == name,
                Self.normalized(chart: chart.repoURL) == Self.normalized(chart: repository)
            else { return nil }
            return chart
        }
    }

    /// `artifactFrom(subscription[, origin])`: any kind of artifact, by its subscription's name.
    func artifact(_ arguments: [Value]) throws(ExpressionError) -> Value {
        try find("artifactFrom", arguments, NamedArtifact.value) { artifact, name in
            let named = NamedArtifact(artifact)
            return named.subscription == name ? named : nil
        }
    }

    /// `changed(origin)`: whether this promotion changes what the origin brings.
    func changed(_ arguments: [Value]) throws(ExpressionError) -> Value {
        guard arguments.count == 1 else {
            throw ExpressionError("changed() wants one origin, such as warehouse(\"web\")")
        }
        let origin = try origin(arguments[0], "changed")
        let brought = (job.state.collection?.components ?? []).filter {
            $0.requestedOrigin == origin
        }
        let leaves = Set(brought.map(\.origin)).union([origin])
        return .bool(
            job.components.contains { component in
                leaves.contains(component.change.origin) && component.change.kind.countsAsChanged
            }
        )
    }

    /// The artifact of a repository: of one origin's freight, or of the one component that has it.
    private func find<Found>(
        _ function: String,
        _ arguments: [Value],
        _ describe: (Found) -> Value,
        _ match: (Artifact, _ repository: String) -> Found?
    ) throws(ExpressionError) -> Value {
        guard (1...2).contains(arguments.count), let repository = arguments[0].stringValue else {
            let what = function == "artifactFrom" ? "the name of a subscription" : "a repository"
            throw ExpressionError("\(function)() wants \(what) and, if needed, an origin")
        }
        func first(in freight: JobFreight?) -> Found? {
            for artifact in freight?.artifacts ?? [] {
                if let found = match(artifact, repository) { return found }
            }
            return nil
        }
        if arguments.count == 2, arguments[1] != .null {
            let origin = try origin(arguments[1], function)
            let known = job.freight + job.components.compactMap(\.to)
            return first(in: known.first { $0.freight.origin == origin }).map(describe) ?? .null
        }
        let found = job.components.compactMap { first(in: $0.to) }
        guard found.count <= 1 else {
            throw ExpressionError(
                "\(function)(): several origins have \(repository); say which one, as in "
                    + "\(function)(\"\(repository)\", warehouse(\"NAME\"))"
            )
        }
        return found.first.map(describe) ?? .null
    }

    private func origin(_ value: Value, _ function: String) throws(ExpressionError) -> Origin {
        guard let kind = value["kind"]?.stringValue, let name = value["name"]?.stringValue,
            let origin = Origin(rawValue: "\(kind)/\(name)")
        else {
            throw ExpressionError(
                "\(function)() wants an origin, made by warehouse(\"NAME\") or junction(\"NAME\")"
            )
        }
        return origin
    }

    private static func normalized(chart url: String) -> String {
        var text = RepositoryURL.sanitized(url).lowercased()
        if text.hasPrefix("oci://") { text.removeFirst("oci://".count) }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}

/// An artifact as `artifactFrom()` gives it.
private struct NamedArtifact {
    let subscription: String?
    let value: Value

    init(_ artifact: Artifact) {
        let kind: String
        let version: String
        if let commit = artifact.commit {
            (kind, version, subscription) = ("git", commit.tag ?? commit.id, commit.subscription)
        } else if let image = artifact.image {
            (kind, version, subscription) = ("image", image.tag, image.subscription)
        } else {
            let chart = artifact.chart
            (kind, version, subscription) = ("chart", chart?.version ?? "", chart?.subscription)
        }
        value = [
            "ArtifactType": .string(kind), "SubscriptionName": .string(subscription ?? ""),
            "Version": .string(version), "Metadata": [:],
        ]
    }

    static func value(_ artifact: NamedArtifact) -> Value { artifact.value }
}
