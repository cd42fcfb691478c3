/// Finds the artifact that a person means by a version.
///
/// Pure: looks only at what a warehouse discovered. What was not discovered is taken for what it
/// says only where it says exactly what it is.
enum VersionResolution {
    /// The shortest beginning of a commit id that is accepted.
    static let commitPrefixCountMin = 7

    /// The artifact of `source` that `version` means; refused where there is none, or several.
    static func artifact(
        _ version: VersionChoice.Version,
        of source: ArtifactSource,
        discovered: [Artifact]
    ) -> Result<Artifact, Refusal> {
        switch version {
        case .resolved(let artifact):
            guard source.isSource(of: artifact) else {
                return .failure(unknown(artifact.key, source, discovered))
            }
            return .success(artifact.taken(from: source))
        case .named(let text):
            let matches = self.matches(text, kind: source.kind, discovered)
            let keys = Set(matches.map(\.key))
            if keys.count > 1 {
                return .failure(
                    .ambiguousVersion(text, of: source.title, matches: keys.sorted())
                )
            }
            guard let match = matches.first ?? literal(text, of: source) else {
                return .failure(unknown(text, source, discovered))
            }
            return .success(match.taken(from: source))
        }
    }

    private static func unknown(
        _ text: String,
        _ source: ArtifactSource,
        _ discovered: [Artifact]
    ) -> Refusal {
        .unknownVersion(
            text,
            of: source.title,
            kind: source.kind,
            discovered: discovered.map(\.shortVersion)
        )
    }

    /// What was discovered under a name: exactly, or else commits whose id begins so.
    private static func matches(
        _ text: String,
        kind: ArtifactKind,
        _ discovered: [Artifact]
    ) -> [Artifact] {
        let exact = discovered.filter { artifact in
            if let commit = artifact.commit { return commit.tag == text || commit.id == text }
            if let image = artifact.image {
                return [image.tag, image.digest, artifact.key].contains(text)
            }
            return artifact.chart?.version == text
        }
        guard exact.isEmpty, kind == .commit else { return exact }
        guard text.utf8.count >= commitPrefixCountMin, text.isLowercaseHex else { return [] }
        return discovered.filter { $0.commit?.id.hasPrefix(text) ?? false }
    }

    /// The artifact that a text says completely.
    ///
    /// `tag@sha256:…` of an image, all 40 digits of a commit; a chart has no such form.
    private static func literal(_ text: String, of source: ArtifactSource) -> Artifact? {
        switch source.kind {
        case .commit:
            guard text.utf8.count == 40, text.isLowercaseHex else { return nil }
            return Artifact(commit: CommitArtifact(repoURL: source.repoURL, id: text))
        case .image:
            let parts = text.split(separator: "@", omittingEmptySubsequences: false)
            guard parts.count == 2, isTag(parts[0]), isDigest(parts[1]) else { return nil }
            return Artifact(
                image: ImageArtifact(
                    repoURL: source.repoURL,
                    tag: String(parts[0]),
                    digest: String(parts[1])
                )
            )
        case .chart: return nil
        }
    }

    /// Whether `text` is a tag as the OCI distribution specification has it.
    private static func isTag(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 128 else { return false }
        return isWord(first) && text.utf8.allSatisfy { isWord($0) || $0 == 0x2e || $0 == 0x2d }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte)
            || (0x30...0x39).contains(byte) || byte == 0x5f
    }

    private static func isDigest(_ text: Substring) -> Bool {
        guard text.hasPrefix("sha256:") else { return false }
        let digits = String(text.dropFirst(7))
        return digits.utf8.count == 64 && digits.isLowercaseHex
    }
}

extension Artifact {
    /// The same artifact, under the name and the spelling that its source has.
    func taken(from source: ArtifactSource) -> Artifact {
        var artifact = self
        artifact.commit?.subscription = source.subscription
        artifact.commit?.repoURL = source.repoURL
        artifact.image?.subscription = source.subscription
        artifact.image?.repoURL = source.repoURL
        artifact.chart?.subscription = source.subscription
        artifact.chart?.repoURL = source.repoURL
        return artifact
    }
}
