import PromotionModel

/// Artifacts by their package URLs (purl-spec).
enum PackageURL {
    /// The package URL of an artifact.
    ///
    /// `pkg:oci/NAME@DIGEST?repository_url=…&tag=…`, `pkg:helm/NAME@VERSION?repository_url=…`, or
    /// `pkg:generic/NAME@COMMIT?vcs_url=git%2B…`; a commit of a tag says the tag.
    static func text(of artifact: Artifact) -> String {
        if let image = artifact.image {
            var url = "pkg:oci/\(encoded(lastPart(image.repoURL)))"
            if !image.digest.isEmpty { url += "@\(encoded(image.digest))" }
            url += "?repository_url=\(encoded(image.repoURL))"
            return image.tag.isEmpty ? url : url + "&tag=\(encoded(image.tag))"
        }
        if let chart = artifact.chart {
            let name = chart.name.isEmpty ? lastPart(chart.repoURL) : chart.name
            return "pkg:helm/\(encoded(name))@\(encoded(chart.version))"
                + "?repository_url=\(encoded(chart.repoURL))"
        }
        guard let commit = artifact.commit else { return "pkg:generic/nothing" }
        let place = "git+\(commit.repoURL)@\(commit.id)"
        return
            "pkg:generic/\(encoded(lastPart(commit.repoURL)))@\(encoded(commit.tag ?? commit.id))"
            + "?vcs_url=\(encoded(place))"
    }

    /// The last part of a URL's path, without `.git`.
    private static func lastPart(_ url: String) -> String {
        let parts = url.split { $0 == "/" || $0 == ":" }
        let last = parts.last.map(String.init) ?? url
        return last.hasSuffix(".git") && last.utf8.count > 4 ? String(last.dropLast(4)) : last
    }

    /// Percent-encoded but for the characters that never need it (RFC 3986, 2.3).
    private static func encoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
