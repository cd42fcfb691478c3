import ConformanceSupport
import Expressions
import Testing

@Suite struct FunctionsConformance {
    /// The functions of the language; the others belong to the places that supply them.
    private static let own: Set<String> = [
        "quote", "unsafeQuote", "asYAML", "asJSON", "semverDiff", "semverParse",
    ]

    @Test func `the language's own functions answer as Kargo's`() throws {
        let disagreements = try ConformanceFile("expressions-functions.json").run(
            only: { Self.own.contains($0.input["function"]?.stringValue ?? "") }
        ) { row in
            let name = try #require(row.input["function"]?.stringValue)
            let arguments = row.input["args"]?.arrayValue ?? []
            let names = arguments.indices.map { "argument\($0)" }
            let environment = Variables(Dictionary(uniqueKeysWithValues: zip(names, arguments)))
            let source = "\(name)(\(names.joined(separator: ", ")))"
            return try Expression(parsing: source).evaluate(in: environment)
        }
        #expect(disagreements == [])
    }
}
