private import Crypto
import EventLog
import Matching

/// How freight gets its id: from what it is, so the same content is the same freight.
package enum FreightIdentity {
    /// The id of freight of a warehouse: SHA-256 over the origin and the sorted parts of its
    /// artifacts, each part and field behind its length.
    ///
    /// The fields are those that Kargo hashes (`pkg/api/freight.go`): messages, authors, branches
    /// and annotations are not part of what freight is.
    package static func id(of artifacts: [Artifact], origin: Origin) -> FreightID {
        var encoder = IdentityEncoder(domain: "waybill.freight.v1")
        encoder.add(origin.rawValue)
        for digest in artifacts.map({ part($0).digest.hex }).sorted() { encoder.add(digest) }
        return FreightID(unchecked: encoder.digest.hex)
    }

    /// The id of a bundle: the junction and the sorted (leaf origin, leaf freight) pairs.
    ///
    /// How bundles were nested does not matter, and repackaging the same leaves gives the same id.
    package static func id(of constituents: [Constituent], junction: JunctionName) -> FreightID {
        var encoder = IdentityEncoder(domain: "waybill.bundle.v1")
        encoder.add(junction.rawValue)
        for constituent in constituents.sorted(by: { $0.origin < $1.origin }) {
            encoder.add(constituent.origin.rawValue)
            encoder.add(constituent.freight.rawValue)
        }
        return FreightID(unchecked: encoder.digest.hex)
    }

    private static func part(_ artifact: Artifact) -> IdentityEncoder {
        var encoder = IdentityEncoder(domain: "artifact")
        let fields: [String] =
            if let commit = artifact.commit {
                ["commit", GitURL.normalized(commit.repoURL), commit.tag ?? "", commit.id]
            } else if let image = artifact.image {
                ["image", image.repoURL, image.tag, image.digest]
            } else if let chart = artifact.chart {
                ["chart", ChartURL.normalized(chart.repoURL), chart.name, chart.version]
            } else {
                ["nothing"]
            }
        for field in fields { encoder.add(field) }
        encoder.add(artifact.subscription)
        return encoder
    }

    /// The name that Kargo gives freight of the same content: 40 hexadecimal digits of a SHA-1.
    package static func kargoName(of artifacts: [Artifact], origin: Origin) -> String {
        let parts = artifacts.map(kargoPart).sorted { left, right in
            left.utf8.lexicographicallyPrecedes(right.utf8)
        }
        let text = "\(origin.rawValue):\(parts.joined(separator: "|"))"
        var hasher = Insecure.SHA1()
        hasher.update(data: Array(text.utf8))
        let digits = Array("0123456789abcdef".utf8)
        let hex = hasher.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: hex, as: UTF8.self)
    }

    private static func kargoPart(_ artifact: Artifact) -> String {
        let part: String
        if let commit = artifact.commit {
            let tag = commit.tag.map { "\($0):" } ?? ""
            part = "\(GitURL.normalized(commit.repoURL)):\(tag)\(commit.id)"
        } else if let image = artifact.image {
            part = "\(image.repoURL):\(image.tag)@\(image.digest)"
        } else if let chart = artifact.chart {
            part = "\(kargoChartPath(chart)):\(chart.version)"
        } else {
            part = ""
        }
        return artifact.subscription.isEmpty ? part : "\(part):\(artifact.subscription)"
    }

    /// Kargo joins with Go's `path.Join`, which makes one slash of two: kept, or the name differs.
    private static func kargoChartPath(_ chart: ChartArtifact) -> String {
        let joined = "\(ChartURL.normalized(chart.repoURL))/\(chart.name)"
        var path = joined.split(separator: "/").joined(separator: "/")
        if joined.hasPrefix("/") { path = "/" + path }
        return path
    }
}
