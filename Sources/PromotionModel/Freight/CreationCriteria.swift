package import Expressions
import EventLog
import Matching

/// When a warehouse makes freight of what it discovered by itself (`freightCreationCriteria`).
package enum CreationCriteria {
    /// Whether freight may be made of `findings`, newest first in each.
    ///
    /// No expression holds always, and so does any where nothing was looked at.
    package static func hold(
        _ expression: String?,
        for findings: [SubscriptionFinding]
    ) throws(ExpressionError) -> Bool {
        let source = expression ?? ""
        guard source.contains(where: { !$0.isWhitespace }), !findings.isEmpty else { return true }
        return try Expression(parsing: source).holds(in: DiscoveredArtifacts(findings: findings))
    }
}

/// What the expression of creation criteria can name: the newest artifact of each subscription.
private struct DiscoveredArtifacts: Environment {
    let findings: [SubscriptionFinding]

    func variable(_ name: String) -> Value? { nil }

    func call(_ function: String, _ arguments: [Value]) throws(ExpressionError) -> Value? {
        switch function {
        case "commitFrom": try commit(arguments)
        case "imageFrom": try image(arguments)
        case "chartFrom": try chart(arguments)
        default: nil
        }
    }

    private func commit(_ arguments: [Value]) throws(ExpressionError) -> Value {
        let url = GitURL.normalized(try texts(arguments, of: "commitFrom", atMost: 1)[0])
        let commit = newest(\.commit) { GitURL.normalized($0.repoURL) == url }
        guard let commit else { return .null }
        return [
            "ID": .string(commit.id),
            "Branch": .string(commit.branch ?? ""),
            "Tag": .string(commit.tag ?? ""),
            "Subject": .string(commit.message ?? ""),
            "Author": .string(commit.author ?? ""),
            "Committer": .string(commit.committer ?? ""),
            "CreatorDate": time(commit.committedAtMs),
        ]
    }

    private func image(_ arguments: [Value]) throws(ExpressionError) -> Value {
        let url = ImageURL.normalized(try texts(arguments, of: "imageFrom", atMost: 1)[0])
        let image = newest(\.image) { ImageURL.normalized($0.repoURL) == url }
        guard let image else { return .null }
        let annotations = image.annotations.map { ($0.name, Value.string($0.value)) }
        return [
            "Tag": .string(image.tag),
            "Digest": .string(image.digest),
            "Annotations": .object(Dictionary(annotations) { _, last in last }),
            "CreatedAt": time(image.createdAtMs),
        ]
    }

    private func chart(_ arguments: [Value]) throws(ExpressionError) -> Value {
        let texts = try texts(arguments, of: "chartFrom", atMost: 2)
        let url = ChartURL.normalized(texts[0])
        let name = texts.count > 1 ? texts[1] : ""
        let chart = newest(\.chart) { chart in
            ChartURL.normalized(chart.repoURL) == url && (name.isEmpty || chart.name == name)
        }
        guard let chart else { return .null }
        return [
            "RepoURL": .string(url),
            "Name": .string(chart.name),
            "Version": .string(chart.version),
        ]
    }

    /// The newest artifact of the first subscription whose newest one `matches`.
    private func newest<Found>(
        _ kind: KeyPath<Artifact, Found?>,
        where matches: (Found) -> Bool
    ) -> Found? {
        for finding in findings {
            if let found = finding.artifacts.first?[keyPath: kind], matches(found) {
                return found
            }
        }
        return nil
    }

    private func texts(
        _ arguments: [Value],
        of function: String,
        atMost countMax: Int
    ) throws(ExpressionError) -> [String] {
        let texts = arguments.compactMap(\.stringValue)
        guard (1...countMax).contains(texts.count), texts.count == arguments.count else {
            let rest = countMax > 1 ? " and, if needed, a name" : ""
            throw ExpressionError("\(function)() wants a repository\(rest), as text")
        }
        return texts
    }

    private func time(_ milliseconds: Int64?) -> Value {
        milliseconds.map { .string(Timestamp(rawValue: $0).text) } ?? .null
    }
}
