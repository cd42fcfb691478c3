import ConformanceSupport
import Expressions
import PromotionModel
import Testing

@Suite struct ArtifactEqualityConformance {
    @Test func `artifacts are equal where every field is, and the same where what names them is`()
        throws
    {
        let file = try ConformanceFile("artifact-equality.json")
        let disagreements = file.run(differences: []) { row in
            let left = row.input["a"] ?? .null
            let right = row.input["b"] ?? .null
            switch row.operation {
            case "commit-deep": return .bool(commit(left) == commit(right))
            case "image-deep": return .bool(image(left) == image(right))
            case "chart-deep": return .bool(chart(left) == chart(right))
            case "commit-same":
                guard let left = commit(left), let right = commit(right) else {
                    return .bool(left.isNull && right.isNull)
                }
                // The first name under which a commit is found says which commit it is.
                let keys = [left, right].map { ArtifactKey.keys(of: Artifact(commit: $0)).first }
                return .bool(left.repoURL == right.repoURL && keys[0] == keys[1])
            default: throw row.isUnknown
            }
        }
        #expect(disagreements == [])
    }

    private func commit(_ value: Value) -> CommitArtifact? {
        guard !value.isNull else { return nil }
        var commit = CommitArtifact(repoURL: value.text("repoURL"), id: value.text("id"))
        commit.branch = value["branch"]?.stringValue
        commit.tag = value["tag"]?.stringValue
        commit.message = value["message"]?.stringValue
        commit.author = value["author"]?.stringValue
        commit.committer = value["committer"]?.stringValue
        commit.subscription = value.text("subscriptionName")
        return commit
    }

    private func image(_ value: Value) -> ImageArtifact? {
        guard !value.isNull else { return nil }
        var image = ImageArtifact()
        image.repoURL = value.text("repoURL")
        image.tag = value.text("tag")
        image.digest = value.text("digest")
        image.subscription = value.text("subscriptionName")
        return image
    }

    private func chart(_ value: Value) -> ChartArtifact? {
        guard !value.isNull else { return nil }
        var chart = ChartArtifact()
        chart.repoURL = value.text("repoURL")
        chart.name = value.text("name")
        chart.version = value.text("version")
        chart.subscription = value.text("subscriptionName")
        return chart
    }
}
