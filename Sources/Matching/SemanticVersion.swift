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
        var rest = text.utf8[...]
        if rest.first == UInt8(ascii: "v") { rest = rest.dropFirst() }
        var numbers: (UInt64, UInt64, UInt64) = (0, 0, 0)
        var count = 0
        while true {
            guard count < 3, let number = Self.takeNumber(&rest) else { return nil }
            switch count {
            case 0: numbers.0 = number
            case 1: numbers.1 = number
            default: numbers.2 = number
            }
            count += 1
            guard rest.first == UInt8(ascii: ".") else { break }
            rest = rest.dropFirst()
        }
        var prerelease = Substring()
        if rest.first == UInt8(ascii: "-") {
            let part = rest.dropFirst().prefix { $0 != UInt8(ascii: "+") }
            rest = rest[part.endIndex...]
            prerelease = Substring(part)
            guard Self.isPrerelease(prerelease) else { return nil }
        }
        var build = Substring()
        if rest.first == UInt8(ascii: "+") {
            build = Substring(rest.dropFirst())
            rest = rest[rest.endIndex...]
            guard Self.isDotted(build) else { return nil }
        }
        guard rest.isEmpty else { return nil }
        (major, minor, patch) = numbers
        self.prerelease = String(prerelease)
        self.build = String(build)
        original = text
    }

    /// Takes the digits at the start of `text`; nil where there are none, or too many.
    private static func takeNumber(_ text: inout Substring.UTF8View) -> UInt64? {
        var value: UInt64 = 0
        var index = text.startIndex
        while index < text.endIndex, (0x30...0x39).contains(text[index]) {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(text[index] - 0x30))
            if overflow || carry { return nil }
            value = sum
            index = text.index(after: index)
        }
        guard index > text.startIndex else { return nil }
        text = text[index...]
        return value
    }

    /// Reads a version that has all three numbers, without leading zeros, after an optional `v`.
    ///
    /// nil for what is no such version.
    package init?(strict text: String) {
        self.init(lenient: text)
        var count = 1
        var digitCount = 0
        var startsWithZero = false
        for byte in text.utf8.first == UInt8(ascii: "v") ? text.utf8.dropFirst() : text.utf8[...] {
            if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") { break }
            if byte == UInt8(ascii: ".") {
                count += 1
                digitCount = 0
                continue
            }
            if digitCount > 0, startsWithZero { return nil }
            startsWithZero = digitCount == 0 && byte == UInt8(ascii: "0")
            digitCount += 1
        }
        guard count == 3 else { return nil }
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
        if left.major != right.major { return left.major < right.major }
        if left.minor != right.minor { return left.minor < right.minor }
        if left.patch != right.patch { return left.patch < right.patch }
        return prereleaseOrder(left.prerelease, right.prerelease) < 0
    }

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
