import ConformanceSupport
import Expressions
import Matching
import Testing

@Suite struct SemanticVersionConformance {
    @Test func `versions and ranges are read, ordered and chosen as in Kargo`() throws {
        let disagreements = try ConformanceFile("semver.json").run { row in
            switch row.operation {
            case "parse": return parsed(row.input)
            case "constraint":
                let text = try #require(row.input["constraint"]?.stringValue)
                if row.expect["ok"] == .bool(false) {
                    return ["ok": .bool((try? VersionRange(text)) != nil)]
                }
                _ = try VersionRange(text)
                return ["ok": true]
            case "image-tag-matches":
                return .bool(try isChosen(#require(row.input["tag"]?.stringValue), row.input))
            case "git-ref-matches":
                let reference = try #require(row.input["ref"]?.stringValue)
                guard reference.hasPrefix("refs/tags/") else { return false }
                return .bool(try isChosen(String(reference.dropFirst(10)), row.input))
            case "sort":
                let isStrict = row.input["strict"] == .bool(true)
                return originals(versions(row.input["tags"], strict: isStrict).sorted(by: newest))
            case "chart-strings": return originals(versions(row.input["versions"], strict: true))
            case "chart-filter":
                return originals(try inRange(versions(row.input["versions"], strict: true), row))
            case "chart-select-http":
                let chart = try #require(row.input["chart"]?.stringValue)
                // A chart that the index does not have is an error.
                let index = try #require(row.input["index"]?[chart], "no chart \(chart)")
                return try selection(versions(index, strict: false), row)
            case "chart-select-oci":
                let tags = (row.input["tags"]?.arrayValue ?? []).compactMap(\.stringValue)
                    .map { $0.split(separator: "_", omittingEmptySubsequences: false) }
                    .map { Value.string($0.joined(separator: "+")) }
                let strict = versions(.array(tags), strict: true)
                // A chart's version has no v before it.
                return try selection(strict.filter { !$0.original.hasPrefix("v") }, row)
            default:
                throw row.isUnknown
            }
        }
        #expect(disagreements == [])
    }

    private let newest = SemanticVersion.isNewer

    private func parsed(_ input: Value) -> Value {
        let text = input["text"]?.stringValue ?? ""
        let isStrict = input["strict"] == .bool(true)
        let version = isStrict ? SemanticVersion(strict: text) : SemanticVersion(lenient: text)
        guard let version else { return .null }
        return ["version": .string(version.description), "original": .string(version.original)]
    }

    private func versions(_ value: Value?, strict: Bool) -> [SemanticVersion] {
        (value?.arrayValue ?? []).compactMap(\.stringValue)
            .compactMap { strict ? SemanticVersion(strict: $0) : SemanticVersion(lenient: $0) }
    }

    private func originals(_ versions: [SemanticVersion]) -> Value {
        .array(versions.map { .string($0.original) })
    }

    private func inRange(
        _ versions: [SemanticVersion],
        _ row: ConformanceFile.Case
    ) throws -> [SemanticVersion] {
        let text =
            row.input["constraint"]?.stringValue ?? row.input["semverConstraint"]?.stringValue
        guard let text else { return versions }
        let range = try VersionRange(text)
        return versions.filter { range.contains($0) }
    }

    private func selection(
        _ versions: [SemanticVersion],
        _ row: ConformanceFile.Case
    ) throws -> Value {
        let chosen = try inRange(versions, row).sorted(by: newest)
        let limit = row.input["discoveryLimit"]?.intValue ?? 0
        return originals(limit > 0 ? Array(chosen.prefix(Int(limit))) : chosen)
    }

    private func isChosen(_ tag: String, _ input: Value) throws -> Bool {
        func anyMatches(_ name: String) throws -> Bool {
            try (input[name]?.arrayValue ?? []).compactMap(\.stringValue)
                .contains { try RegularExpression($0).matches(tag) }
        }
        if try anyMatches("ignoreTagsRegexes") { return false }
        let hasAllowed = input["allowTagsRegexes"]?.arrayValue?.isEmpty == false
        if hasAllowed, try !anyMatches("allowTagsRegexes") { return false }
        let isStrict = input["strict"] == .bool(true)
        let version = isStrict ? SemanticVersion(strict: tag) : SemanticVersion(lenient: tag)
        guard let version else { return false }
        guard let text = input["constraint"]?.stringValue else { return true }
        return try VersionRange(text).contains(version)
    }
}

@Suite struct VersionRanges {
    static let rows: [(range: String, inside: [String], outside: [String])] = [
        ("*", ["1.0.0", "0.0.1"], ["1.0.0-rc.1"]),
        ("", ["1.0.0"], ["1.0.0-rc.1"]),
        ("1.2.3", ["1.2.3", "v1.2.3"], ["1.2.4"]),
        ("1.2", ["1.2.0", "1.2.9"], ["1.3.0", "1.1.9"]),
        ("1", ["1.0.0", "1.9.9"], ["2.0.0"]),
        ("1.x", ["1.0.0", "1.9.9"], ["2.0.0"]),
        ("!=1.2.3", ["1.2.4"], ["1.2.3"]),
        ("!=1.x", ["2.0.0"], ["1.5.0"]),
        (">1.2.3", ["1.2.4", "2.0.0"], ["1.2.3"]),
        (">11", ["12.0.0"], ["11.1.0"]),
        (">11.1", ["11.2.0"], ["11.1.1"]),
        ("<=11", ["11.9.9"], ["12.0.0"]),
        ("<=11.1", ["11.1.5"], ["11.2.0"]),
        (">=1.2 <2", ["1.2.0", "1.9.0"], ["2.0.0", "1.1.0"]),
        (">=1.2, <2, !=1.5.0", ["1.4.0"], ["1.5.0"]),
        ("1.2 - 1.4.5", ["1.2.0", "1.4.5"], ["1.4.6", "1.1.9"]),
        ("^1.2.3", ["1.2.3", "1.9.0"], ["2.0.0", "1.2.2"]),
        ("^0.2.3", ["0.2.3", "0.2.9"], ["0.3.0"]),
        ("^0.0.3", ["0.0.3"], ["0.0.4"]),
        ("^0", ["0.9.0"], ["1.0.0"]),
        ("~1.2.3", ["1.2.9"], ["1.3.0"]),
        ("~1", ["1.9.0"], ["2.0.0"]),
        ("~>1.2", ["1.2.9"], ["1.3.0"]),
        ("<1 || >=2", ["0.9.0", "2.0.0"], ["1.5.0"]),
        (">=1.0.0-0", ["1.0.0-rc.1", "1.1.0-alpha"], ["0.9.0"]),
        ("=>1.0, =<2.0.0", ["1.5.0", "2.0.0"], ["2.0.1"]),
    ]

    @Test(arguments: rows)
    func `a range holds what Masterminds' library says`(
        range: String,
        inside: [String],
        outside: [String]
    ) throws {
        let range = try VersionRange(range)
        for text in inside { #expect(range.contains(try #require(SemanticVersion(lenient: text)))) }
        for text in outside {
            #expect(!range.contains(try #require(SemanticVersion(lenient: text))), "\(text)")
        }
    }

    @Test(arguments: ["latest", ">=", "1.2.3.4", ">>1", "1.2 ||| 3", "1,", "^1.2.y"])
    func `what is no range is refused`(text: String) {
        #expect(throws: MatchingError.self) { try VersionRange(text) }
    }
}
