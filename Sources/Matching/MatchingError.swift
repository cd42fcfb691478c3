/// Why a pattern, version or range is refused, or a match was given up.
package enum MatchingError: Error, Hashable, Sendable {
    /// A regular expression that RE2's syntax does not allow; `offset` counts bytes from 0.
    case regularExpression(pattern: String, offset: Int, reason: String)
    /// A glob that does not compile.
    case glob(pattern: String, reason: String)
    /// A match that took more than `MatchingLimits` grants.
    case tooExpensive(pattern: String)
    /// Text that is no semantic version.
    case version(text: String, reason: String)
    /// Text that is no range of semantic versions.
    case range(text: String, reason: String)
}

extension MatchingError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .regularExpression(let pattern, let offset, let reason):
            "the regular expression \"\(pattern.shortened)\" is not valid at character "
                + "\(offset + 1): \(reason)"
        case .glob(let pattern, let reason):
            "the glob \"\(pattern.shortened)\" is not valid: \(reason)"
        case .tooExpensive(let pattern):
            "matching \"\(pattern.shortened)\" took too long and was given up: write the pattern "
                + "with fewer nested repetitions"
        case .version(let text, let reason):
            "\"\(text.shortened)\" is not a semantic version: \(reason)"
        case .range(let text, let reason):
            "\"\(text.shortened)\" is not a range of semantic versions: \(reason)"
        }
    }
}

extension String {
    /// At most 80 characters, with three dots where some are missing.
    fileprivate var shortened: String {
        count <= 80 ? self : String(prefix(77)) + "..."
    }
}

/// Bounds on what a pattern may be and what matching it may cost.
package enum MatchingLimits {
    /// Bytes of a pattern; Go's RE2 gives up at about the same size of program.
    package static let patternBytesMax = 4_096
    /// How often one element may be repeated by `{n,m}`, as in RE2.
    package static let repetitionMax = 1_000
    /// Calls of PCRE2's internal match function: about 10 ms.
    package static let matchStepsMax: UInt32 = 200_000
    /// Nested backtracking points.
    package static let matchDepthMax: UInt32 = 20_000
    /// Heap that one match may take, in KiB.
    package static let matchHeapKiBMax: UInt32 = 4_096
    /// Nested groups of a pattern.
    package static let groupDepthMax: UInt32 = 100
    /// Bytes of a semantic version, as in Masterminds/semver.
    package static let versionBytesMax = 256
}
