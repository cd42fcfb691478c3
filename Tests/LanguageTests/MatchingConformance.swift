import ConformanceSupport
import Expressions
import Matching
import Testing

@Suite struct MatchingConformance {
    @Test(arguments: ["url-git.json", "url-image.json", "url-chart.json", "url-sanitize.json"])
    func `URLs have Kargo's canonical forms`(file: String) throws {
        let disagreements = try ConformanceFile(file).run { row in
            let url = try #require(row.input["url"]?.stringValue)
            switch file {
            case "url-git.json": return .string(GitURL.normalized(url))
            case "url-image.json": return .string(ImageURL.normalized(url))
            case "url-chart.json": return .string(ChartURL.normalized(url))
            default: return .string(RepositoryURL.sanitized(url))
            }
        }
        #expect(disagreements == [])
    }

    @Test func `patterns are read and matched as in Kargo`() throws {
        let disagreements = try ConformanceFile("patterns.json").run(differences: differences) {
            row in
            switch row.operation {
            case "parse-name":
                return written(
                    try NamePattern(parsing: #require(row.input["pattern"]?.stringValue))
                )
            case "parse-path":
                return written(
                    try PathPattern(parsing: #require(row.input["pattern"]?.stringValue))
                )
            case "match":
                let matcher = try Matcher(#require(row.input["matcher"]))
                let candidates = row.input["candidates"]?.arrayValue ?? []
                return .array(
                    try candidates.map { .bool(try matcher.matches(#require($0.stringValue))) }
                )
            case "match-any":
                let matchers = try (row.input["matchers"]?.arrayValue ?? []).map(Matcher.init)
                let candidates = row.input["candidates"]?.arrayValue ?? []
                let answers = try candidates.map { candidate in
                    let text = try #require(candidate.stringValue)
                    return Value.bool(try matchers.contains { try $0.matches(text) })
                }
                if case .bool = row.expect { return answers.first }
                return .array(answers)
            default:
                throw row.isUnknown
            }
        }
        #expect(disagreements == [])
    }

    @Test func `path filters choose the commits that Kargo chooses`() throws {
        let disagreements = try ConformanceFile("path-filters.json").run { row in
            func texts(_ name: String) -> [String] {
                (row.input[name]?.arrayValue ?? []).compactMap(\.stringValue)
            }
            let filter = try PathFilter(
                including: texts("includePaths"),
                excluding: texts("excludePaths")
            )
            return .bool(try filter.matches(anyOf: texts("changedPaths")))
        }
        #expect(disagreements == [])
    }

    @Test(
        arguments: [
            (["docs"], ["docs"]), (["docs/", "./a//b/../c"], ["docs", "a/c"]),
            (["glob:a/b/*.go"], ["a/b"]), (["glob:a/b.go"], ["a/b.go"]), (["glob:**/x"], nil),
            (["glob:a/./b"], ["a"]), (["glob:{a,b}/c"], nil), (["docs", "regex:^a"], nil),
            (["."], nil), (["../docs"], nil), ([], nil),
        ] as [([String], [String]?)]
    )
    func `where all that is included lies below directories, these are known`(
        included: [String],
        bases: [String]?
    ) throws {
        #expect(try PathFilter(including: included, excluding: ["x"]).bases == bases)
    }

    private let differences = [
        Difference(
            file: "patterns.json",
            operation: "match",
            reason: "A base directory is compared element by element.",
            where: { $0.isKnownDefect }
        )
    ]

    private func written(_ pattern: NamePattern) -> Value {
        switch pattern {
        case .exact(let text): ["kind": "exact", "pattern": .string(text)]
        case .glob(let glob): ["kind": "glob", "pattern": .string(glob.pattern)]
        case .regularExpression(let expression):
            ["kind": "regexp", "pattern": .string(expression.pattern)]
        }
    }

    private func written(_ pattern: PathPattern) -> Value {
        switch pattern {
        case .baseDirectory(let text): ["kind": "base-dir", "pattern": .string(text)]
        case .glob(let glob): ["kind": "glob", "pattern": .string(glob.pattern)]
        case .regularExpression(let expression):
            ["kind": "regexp", "pattern": .string(expression.pattern)]
        }
    }

    /// A matcher as the file writes it.
    private enum Matcher {
        case name(NamePattern)
        case path(PathPattern)

        init(_ value: Value) throws {
            let pattern = try #require(value["pattern"]?.stringValue)
            switch value["kind"]?.stringValue {
            case "exact": self = .name(try NamePattern(parsing: pattern))
            case "glob": self = .name(try NamePattern(parsing: "glob:" + pattern))
            case "regexp", "regex": self = .name(try NamePattern(parsing: "regex:" + pattern))
            default: self = .path(try PathPattern(parsing: pattern))
            }
        }

        func matches(_ text: String) throws -> Bool {
            switch self {
            case .name(let pattern): try pattern.matches(text)
            case .path(let pattern): try pattern.matches(text)
            }
        }
    }
}
