import ConformanceSupport
import EventLog
import Expressions
import PromotionModel
import Testing

@Suite struct FreightCreationCriteriaConformance {
    private let differences = [
        Difference(
            file: "freight-creation-criteria.json",
            reason: "Creation criteria do not know `artifactFrom()`, because generic artifacts are "
                + "not known.",
            where: { row in
                let expression = row.input["criteria"]?.text("expression") ?? ""
                return expression.contains("artifactFrom") && !Self.findings(row.input).isEmpty
            },
            promise: { _, said in said == nil }
        )
    ]

    @Test func `freight is made where the criteria hold of the newest artifacts`() throws {
        let file = try ConformanceFile("freight-creation-criteria.json")
        let disagreements = file.run(differences: differences) { row in
            let expression = row.input["criteria"]?["expression"]?.stringValue
            return .bool(try CreationCriteria.hold(expression, for: Self.findings(row.input)))
        }
        #expect(disagreements == [])
    }

    /// What was found; generic results are nothing that this version knows.
    private static func findings(_ input: Value) -> [SubscriptionFinding] {
        let discovered = input["discovered"] ?? .null
        return discovered.elements("git").map { finding($0, commits($0)) }
            + discovered.elements("images").map { finding($0, images($0)) }
            + discovered.elements("charts").map { finding($0, charts($0)) }
    }

    private static func finding(_ value: Value, _ artifacts: [Artifact]) -> SubscriptionFinding {
        SubscriptionFinding(
            subscription: value.text("subscriptionName"),
            repoURL: value.text("repoURL"),
            artifacts: artifacts
        )
    }

    private static func commits(_ result: Value) -> [Artifact] {
        result.elements("commits").map { commit in
            var artifact = CommitArtifact(
                repoURL: result.text("repoURL"),
                id: commit.text("id"),
                branch: commit["branch"]?.stringValue,
                tag: commit["tag"]?.stringValue
            )
            artifact.message = commit["subject"]?.stringValue
            artifact.author = commit["author"]?.stringValue
            artifact.committer = commit["committer"]?.stringValue
            artifact.committedAtMs = Timestamp(text: commit.text("creatorDate"))?.rawValue
            return Artifact(commit: artifact)
        }
    }

    private static func images(_ result: Value) -> [Artifact] {
        result.elements("references").map { reference in
            var artifact = ImageArtifact(
                repoURL: result.text("repoURL"),
                tag: reference.text("tag"),
                digest: reference.text("digest")
            )
            artifact.annotations = reference.members("annotations").sorted { $0.key < $1.key }
                .map { Variable(name: $0.key, value: $0.value.stringValue ?? "") }
            artifact.createdAtMs = Timestamp(text: reference.text("createdAt"))?.rawValue
            return Artifact(image: artifact)
        }
    }

    private static func charts(_ result: Value) -> [Artifact] {
        result.elements("versions").map { version in
            Artifact(
                chart: ChartArtifact(
                    repoURL: result.text("repoURL"),
                    name: result.text("name"),
                    version: version.stringValue ?? ""
                )
            )
        }
    }
}
