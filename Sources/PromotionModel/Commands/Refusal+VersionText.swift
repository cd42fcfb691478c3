extension Refusal {
    /// How many versions a sentence names.
    private static let versionCountMax = 5

    /// The sentence about an artifact or version that cannot be had.
    var versionText: String {
        switch self {
        case .unknownArtifact(let name, let owner, let known):
            "\(name.quotedForDisplay) is no subscription or repository of \(owner); "
                + "name one of \(list(known))"
        case .ambiguousArtifact(let name, let owner, let matches):
            "\(name.quotedForDisplay) is several artifacts of \(owner); "
                + "name one of \(list(matches))"
        case .versionGivenTwice(let title):
            "\(title) is given two versions; give one"
        case .unknownVersion(let version, let title, let kind, let discovered):
            "\(version.quotedForDisplay) was not discovered of \(title); "
                + "\(Self.whatToGive(kind, discovered))"
        case .ambiguousVersion(let version, let title, let matches):
            "\(version.quotedForDisplay) is several versions of \(title); "
                + "give one of \(Self.some(matches)) in full"
        default: preconditionFailure("not a refusal about a version")
        }
    }

    private static func whatToGive(_ kind: ArtifactKind, _ discovered: [String]) -> String {
        let known = discovered.isEmpty ? nil : "give one of \(some(discovered))"
        let literal: String? =
            switch kind {
            case .commit: "the full commit id, 40 digits"
            case .image: "TAG@sha256:DIGEST"
            case .chart: nil
            }
        switch (known, literal) {
        case (let known?, let literal?): return "\(known), or \(literal)"
        case (let known?, nil): return known
        case (nil, let literal?): return "nothing was yet, so give \(literal)"
        case (nil, nil): return "nothing was yet; let waybill run look first"
        }
    }

    private static func some(_ versions: [String]) -> String {
        let named = versions.prefix(versionCountMax).joined(separator: ", ")
        let more = versions.count - versionCountMax
        return more > 0 ? "\(named) and \(more) more" : named
    }
}
