/// A range of semantic versions, as Masterminds/semver v3 reads them.
///
/// `>=1.2 <2`, `^1.2.3`, `~1.2`, `1.x`, `1.2 - 1.4`, and several of them with `||` between. A
/// prerelease is in a range only if one of its comparisons mentions a prerelease.
package struct VersionRange: Hashable, Sendable {
    /// As it was written.
    package let text: String
    /// One of the groups must hold, with all its comparisons.
    private let groups: [[VersionComparison]]

    /// Reads a range.
    package init(_ text: String) throws(MatchingError) {
        self.text = text
        guard text.utf8.count <= MatchingLimits.patternBytesMax else {
            let limit = MatchingLimits.patternBytesMax
            throw .range(text: text, reason: "it is longer than \(limit) bytes")
        }
        var groups: [[VersionComparison]] = []
        for part in Self.alternatives(of: text) {
            groups.append(try Self.comparisons(of: part, in: text))
        }
        self.groups = groups
    }

    /// Whether `version` lies in the range.
    package func contains(_ version: SemanticVersion) -> Bool {
        groups.contains { group in
            let hasPrerelease = group.contains { !$0.version.prerelease.isEmpty }
            guard version.prerelease.isEmpty || hasPrerelease else { return false }
            return group.allSatisfy { $0.holds(for: version) }
        }
    }

    private static func alternatives(of text: String) -> [Substring] {
        var parts: [Substring] = []
        var rest = text[...]
        while let bars = rest.firstRange(of: "||") {
            parts.append(rest[..<bars.lowerBound])
            rest = rest[bars.upperBound...]
        }
        return parts + [rest]
    }

    private static func comparisons(
        of part: Substring,
        in text: String
    ) throws(MatchingError) -> [VersionComparison] {
        var comparisons: [VersionComparison] = []
        var rest = trimmed(part)
        if rest.isEmpty { return [VersionComparison.any] }
        while !rest.isEmpty {
            let sign = rest.prefix { "=!<>~^".contains($0) }
            guard let operation = VersionComparison.Operation(spelling: sign) else {
                throw .range(text: text, reason: "\"\(sign)\" is no comparison")
            }
            rest = trimmed(rest.dropFirst(sign.count))
            let version = rest.prefix { !isBlank($0) && $0 != "," && !"=!<>~^".contains($0) }
            guard let comparison = VersionComparison(operation, version) else {
                throw .range(text: text, reason: "\"\(version)\" is no version")
            }
            rest = trimmed(rest.dropFirst(version.count))
            if sign.isEmpty, let last = hyphenEnd(of: &rest) {
                guard let from = VersionComparison(.greaterOrEqual, version),
                    let to = VersionComparison(.lessOrEqual, last)
                else { throw .range(text: text, reason: "\"\(last)\" is no version") }
                comparisons += [from, to]
            } else {
                comparisons.append(comparison)
            }
            if rest.first == "," {
                rest = trimmed(rest.dropFirst())
                if rest.isEmpty { throw .range(text: text, reason: "nothing follows the comma") }
            }
        }
        return comparisons
    }

    /// The second version of `1.2 - 1.4`, taken off `rest`.
    private static func hyphenEnd(of rest: inout Substring) -> Substring? {
        guard rest.first == "-" else { return nil }
        let behind = rest.dropFirst()
        guard let blank = behind.first, isBlank(blank) else { return nil }
        let after = trimmed(behind)
        let version = after.prefix { !isBlank($0) && $0 != "," }
        rest = trimmed(after.dropFirst(version.count))
        return version
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text = text.dropLast() }
        return text
    }

    private static func isBlank(_ character: Character) -> Bool {
        character == " " || character == "\t" || character == "\n"
    }
}

/// One comparison of a range: `>=1.2`.
struct VersionComparison: Hashable, Sendable {
    enum Operation: Sendable {
        case equal, unequal, greater, less, greaterOrEqual, lessOrEqual, tilde, caret

        init?(spelling: some StringProtocol) {
            switch spelling {
            case "", "=": self = .equal
            case "!=": self = .unequal
            case ">": self = .greater
            case "<": self = .less
            case ">=", "=>": self = .greaterOrEqual
            case "<=", "=<": self = .lessOrEqual
            case "~", "~>": self = .tilde
            case "^": self = .caret
            default: return nil
            }
        }
    }

    let operation: Operation
    let version: SemanticVersion
    /// The first number that was left open, as in `1.x`; 3 where none was.
    private let openPart: Int

    /// What every release satisfies.
    static let any = VersionComparison(.equal, "*") ?? { fatalError("* is a version") }()

    /// nil for what is no version, open or not.
    init?(_ operation: Operation, _ text: Substring) {
        var body = text
        if body.hasPrefix("v") { body = body.dropFirst() }
        let core = body.prefix { $0 != "-" && $0 != "+" }
        let tail = body.dropFirst(core.count)
        var numbers = core.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...3).contains(numbers.count), numbers.allSatisfy({ !$0.isEmpty }) else {
            return nil
        }
        let open = numbers.firstIndex { ["x", "X", "*"].contains($0) } ?? numbers.count
        numbers = Array(numbers.prefix(open))
        let full = numbers.map(String.init) + Array(repeating: "0", count: 3 - numbers.count)
        // A build has no part in comparisons with open ends.
        let suffix = open < 3 ? tail.prefix { $0 != "+" } : tail
        guard let version = SemanticVersion(lenient: full.joined(separator: ".") + suffix) else {
            return nil
        }
        self.operation = operation
        self.version = version
        openPart = min(open, 3)
    }

    private var isOpen: Bool { openPart < 3 }
    private var isMinorOpen: Bool { openPart == 1 }
    private var isPatchOpen: Bool { openPart == 2 }

    /// Whether it holds; prereleases have been looked at for the whole group.
    func holds(for other: SemanticVersion) -> Bool {
        switch operation {
        case .equal: isOpen ? isWithinTilde(other) : other == version
        case .unequal: isUnequal(other)
        case .greater: isGreater(other)
        case .less: other < version
        case .greaterOrEqual: other >= version
        case .lessOrEqual: isLessOrEqual(other)
        case .tilde: isWithinTilde(other)
        case .caret: isWithinCaret(other)
        }
    }

    private func isUnequal(_ other: SemanticVersion) -> Bool {
        guard isOpen else { return other != version }
        if version.major != other.major { return true }
        if isMinorOpen { return false }
        if version.minor != other.minor { return true }
        guard isPatchOpen else { return other != version }
        let hasPrerelease = !other.prerelease.isEmpty || !version.prerelease.isEmpty
        return hasPrerelease && other.prerelease != version.prerelease
    }

    /// `>11` is 12 and up, `>11.1` is 11.2 and up.
    private func isGreater(_ other: SemanticVersion) -> Bool {
        guard isOpen else { return other > version }
        if other.major != version.major { return other.major > version.major }
        if isMinorOpen { return false }
        if isPatchOpen { return other.minor > version.minor }
        return other > version
    }

    /// `<=11` is all of 11, `<=11.1` all of 11.1.
    private func isLessOrEqual(_ other: SemanticVersion) -> Bool {
        guard isOpen else { return other <= version }
        if other.major > version.major { return false }
        return !(other.major == version.major && other.minor > version.minor && !isMinorOpen)
    }

    /// `~1.2.3` is below 1.3, `~1` below 2; `~0.0.0` holds for all, as in the original.
    private func isWithinTilde(_ other: SemanticVersion) -> Bool {
        if other < version { return false }
        let isZero = version.major == 0 && version.minor == 0 && version.patch == 0
        if isZero, !isMinorOpen, !isPatchOpen { return true }
        if other.major != version.major { return false }
        return other.minor == version.minor || isMinorOpen
    }

    /// The first number that is not 0 stays.
    private func isWithinCaret(_ other: SemanticVersion) -> Bool {
        if other < version { return false }
        if version.major > 0 || isMinorOpen { return other.major == version.major }
        if openPart == 0 { return true }
        if other.major > 0 { return false }
        if version.minor > 0 || isPatchOpen { return other.minor == version.minor }
        return other.minor == 0 && other.patch == version.patch
    }
}

extension SemanticVersion: Hashable {
    package func hash(into hasher: inout Hasher) {
        hasher.combine(major)
        hasher.combine(minor)
        hasher.combine(patch)
        hasher.combine(prerelease)
    }
}
