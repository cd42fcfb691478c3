import ConformanceSupport
import Expressions
import PromotionModel
import Testing

@Suite struct FreightIDConformance {
    private static let generic =
        "Only commits, images and charts are artifacts: this version knows no generic ones"

    private let differences = [
        Difference(
            file: "freight-id.json",
            operation: "id",
            reason: generic,
            where: { !Self.generics($0.input["freight"]).isEmpty }
        ),
        Difference(
            file: "freight-id.json",
            operation: "same-id",
            reason: generic,
            where: { Self.generics($0.input["a"]) != Self.generics($0.input["b"]) }
        ),
    ]

    @Test func `the same content is the same freight, and has the name that Kargo gives it`() throws
    {
        let file = try ConformanceFile("freight-id.json")
        let disagreements = file.run(differences: differences) { row in
            switch row.operation {
            case "id":
                let (artifacts, origin) = try content(row.input["freight"])
                return .string(FreightIdentity.kargoName(of: artifacts, origin: origin))
            case "same-id":
                let (left, leftOrigin) = try content(row.input["a"])
                let (right, rightOrigin) = try content(row.input["b"])
                let isSame =
                    FreightIdentity.id(of: left, origin: leftOrigin)
                    == FreightIdentity.id(of: right, origin: rightOrigin)
                let isSameInKargo =
                    FreightIdentity.kargoName(of: left, origin: leftOrigin)
                    == FreightIdentity.kargoName(of: right, origin: rightOrigin)
                // Two identities of one thing: they must not disagree.
                return isSame == isSameInKargo ? .bool(isSame) : nil
            default: throw row.isUnknown
            }
        }
        #expect(disagreements == [])
    }

    /// The generic artifacts of freight by what counts of them, sorted.
    private static func generics(_ freight: Value?) -> [[String]] {
        (freight?.elements("artifacts") ?? [])
            .map { [$0.text("artifactType"), $0.text("subscriptionName"), $0.text("version")] }
            .sorted { $0.lexicographicallyPrecedes($1) }
    }

    private func content(_ freight: Value?) throws -> ([Artifact], Origin) {
        guard let freight else { throw UnreadableCase("a case without freight") }
        let commits = freight.elements("commits").map { commit in
            var artifact = CommitArtifact(repoURL: commit.text("repoURL"), id: commit.text("id"))
            artifact.tag = optional(commit, "tag")
            artifact.branch = optional(commit, "branch")
            artifact.message = optional(commit, "message")
            artifact.author = optional(commit, "author")
            artifact.committer = optional(commit, "committer")
            artifact.subscription = commit.text("subscriptionName")
            return Artifact(commit: artifact)
        }
        let images = freight.elements("images").map { image in
            var artifact = ImageArtifact(
                repoURL: image.text("repoURL"),
                tag: image.text("tag"),
                digest: image.text("digest")
            )
            artifact.annotations = image.members("annotations").sorted { $0.key < $1.key }
                .map { Variable(name: $0.key, value: $0.value.stringValue ?? "") }
            artifact.subscription = image.text("subscriptionName")
            return Artifact(image: artifact)
        }
        let charts = freight.elements("charts").map { chart in
            var artifact = ChartArtifact(
                repoURL: chart.text("repoURL"),
                name: chart.text("name"),
                version: chart.text("version")
            )
            artifact.subscription = chart.text("subscriptionName")
            return Artifact(chart: artifact)
        }
        return (commits + images + charts, (freight["origin"] ?? .null).origin)
    }

    private func optional(_ value: Value, _ name: String) -> String? {
        value.text(name).isEmpty ? nil : value.text(name)
    }
}
