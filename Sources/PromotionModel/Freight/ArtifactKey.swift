/// The texts under which freight is found by an artifact.
package enum ArtifactKey {
    /// The longest key, in bytes; longer ones are cut.
    package static let byteCountMax = 200

    /// The keys of an artifact: `<commit id>`, `<git tag>`, `<repository>:<tag>`, `<image tag>`,
    /// `sha256:<digest>`, `<repository or chart>:<version>`, `<chart version>`.
    package static func keys(of artifact: Artifact) -> [String] {
        var keys: [String] = []
        if let commit = artifact.commit {
            keys = [commit.id] + (commit.tag.map { [$0] } ?? [])
        }
        if let image = artifact.image {
            keys = ["\(image.repoURL):\(image.tag)", image.tag, image.digest]
        }
        if let chart = artifact.chart {
            let name = chart.name.isEmpty ? chart.repoURL : chart.name
            keys = ["\(name):\(chart.version)", chart.version]
        }
        return keys.filter { !$0.isEmpty && !$0.utf8.contains(0) }.map(cut)
    }

    /// What somebody typed, as far as keys go.
    package static func cut(_ text: String) -> String {
        guard text.utf8.count > byteCountMax else { return text }
        return String(decoding: text.utf8.prefix(byteCountMax), as: UTF8.self)
    }
}
