/// A version of https://semver.org, as Masterminds/semver v3 reads and orders them.
package struct SemanticVersion: Sendable {
    /// The first number.
    package let major: UInt64
    /// The second number; 0 where it was left out.
    package let minor: UInt64
    /// The third number; 0 where it was left out.
    package let patch: UInt64
    /// What stands behind the dash; empty if there is none.
    package let prerelease: String
    /// What stands behind the plus, which has no part in the order; empty if there is none.
    package let build: String
    /// As it was written.
    package let original: String

    /// Reads a version with an optional `v` before it and missing parts taken as 0.
    ///
    /// nil for what is no version.
    package init?(lenient text: String) {
        guard text.utf8.count <= MatchingLimits.versionBytesMax else { return nil }
        var rest = text[...]
        if rest.hasPrefix("v") { rest = rest.dropFirst() }
        let plus = rest.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
        let dash = plus[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = dash[0].split(separator: ".", omittingEmptySubsequences: false)
        guard (1...3).contains(numbers.count) else { return nil }
        var values: [UInt64] = []
        for number in numbers {
            guard Self.isNumber(number), let value = UInt64(number) else { return nil }
            values.append(value)
        }
        let prerelease = dash.count == 2 ? dash[1] : nil
        let build = plus.count == 2 ? plus[1] : nil
        guard prerelease.map(Self.isPrerelease) ?? true, build.map(Self.isDotted) ?? true else {
            return nil
        }
        major = values[0]
        minor = values.count > 1 ? values[1] : 0
        patch = values.count > 2 ? values[2] : 0
        self.prerelease = prerelease.map(String.init) ?? ""
        self.build = build.map(String.init) ?? ""
        original = text
    }

    /// Reads a version that has all three numbers, without leading zeros, after an optional `v`.
    ///
    /// nil for what is no such version.
    package init?(strict text: String) {
        self.init(lenient: text)
        let body = text.hasPrefix("v") ? text.dropFirst() : text[...]
        let numbers = body.prefix { $0 != "-" && $0 != "+" }.split(separator: ".")
        let hasLeadingZero = numbers.contains { $0.count > 1 && $0.hasPrefix("0") }
        guard numbers.count == 3, !hasLeadingZero else { return nil }
    }

    private init(major: UInt64, minor: UInt64, patch: UInt64) {
        self.major = major
        self.minor = minor
        self.patch = patch
        prerelease = ""
        build = ""
        original = "\(major).\(minor).\(patch)"
    }

    /// The next version with nothing kept below the first number.
    package var nextMajor: SemanticVersion {
        SemanticVersion(major: major &+ 1, minor: 0, patch: 0)
    }

    /// The next version with nothing kept below the second number.
    package var nextMinor: SemanticVersion {
        SemanticVersion(major: major, minor: minor &+ 1, patch: 0)
    }

    /// The next version: of a prerelease, its release.
    package var nextPatch: SemanticVersion {
        SemanticVersion(major: major, minor: minor, patch: prerelease.isEmpty ? patch &+ 1 : patch)
    }

    private static func isNumber(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func isDotted(_ text: Substring) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty
                && part.utf8.allSatisfy { byte in
                    (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte)
                        || (0x61...0x7a).contains(byte) || byte == UInt8(ascii: "-")
                }
        }
    }

    private static func isPrerelease(_ text: Substring) -> Bool {
        isDotted(text)
            && text.split(separator: ".").allSatisfy { part in
                !(isNumber(part) && part.count > 1 && part.hasPrefix("0"))
            }
    }
}

extension SemanticVersion: Comparable {
    /// Whether both stand at the same place in the order: builds are not looked at.
    package static func == (left: SemanticVersion, right: SemanticVersion) -> Bool {
        left.major == right.major && left.minor == right.minor && left.patch == right.patch
            && left.prerelease == right.prerelease
    }

    package static func < (left: SemanticVersion, right: SemanticVersion) -> Bool {
        let (first, second) = (left.numbers, right.numbers)
        guard first == second else { return first.lexicographicallyPrecedes(second) }
        return prereleaseOrder(left.prerelease, right.prerelease) < 0
    }

    private var numbers: [UInt64] { [major, minor, patch] }

    /// Below, at or above zero; a release comes after its prereleases.
    static func prereleaseOrder(_ left: String, _ right: String) -> Int {
        if left == right { return 0 }
        if left.isEmpty { return 1 }
        if right.isEmpty { return -1 }
        let (first, second) = (left.split(separator: "."), right.split(separator: "."))
        for (one, other) in zip(first, second) where one != other {
            switch (UInt64(one), UInt64(other)) {
            case (let one?, let other?): return one < other ? -1 : 1
            case (_?, nil): return -1
            case (nil, _?): return 1
            case (nil, nil):
                return one.utf8.lexicographicallyPrecedes(other.utf8) ? -1 : 1
            }
        }
        return first.count < second.count ? -1 : 1
    }

    /// Whether `left` comes before `right` where the newest come first.
    ///
    /// Of equal versions the one with the greater bytes comes first, as in Kargo: `v1.0.0` before
    /// `1.0.0`.
    package static func isNewer(_ left: SemanticVersion, _ right: SemanticVersion) -> Bool {
        if left != right { return right < left }
        return right.original.utf8.lexicographicallyPrecedes(left.original.utf8)
    }
}

extension SemanticVersion: CustomStringConvertible {
    /// All three numbers, the prerelease and the build.
    package var description: String {
        "\(major).\(minor).\(patch)" + (prerelease.isEmpty ? "" : "-\(prerelease)")
            + (build.isEmpty ? "" : "+\(build)")
    }
}
