import Expressions
import Foundation
import Testing

/// A file of `fixtures/conformance`: inputs, and what Kargo answers.
///
/// The reader knows the form only, so other files of the same names run in the same suites.
struct ConformanceFile {
    let name: String
    let cases: [Case]

    struct Case: Sendable {
        let name: String
        /// Which of the file's functions it is about; empty where there is only one.
        let operation: String
        let input: Value
        let expect: Value
        /// Kargo's answer is wrong by its own account.
        let isKnownDefect: Bool

        var expectsError: Bool { expect["error"] == .bool(true) }
    }

    init(_ name: String) throws {
        self.name = name
        let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
        let rows = try Value(json: text)["cases"]?.arrayValue ?? []
        cases = try rows.map { row in
            Case(
                name: try #require(row["name"]?.stringValue),
                operation: row["op"]?.stringValue ?? "",
                input: row["input"] ?? .null,
                expect: try #require(row["expect"]),
                isKnownDefect: row["known_defect"] == .bool(true)
            )
        }
        #expect(!cases.isEmpty, "\(name) has no cases")
    }

    static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let folder = repository.appending(path: "fixtures/conformance")

    /// Runs every case: `answer` says what we say; nil for an error.
    ///
    /// Answers are compared by value, numbers as numbers. A case to which a rule of `differences`
    /// applies is counted and not compared.
    func run(
        only isOurs: (Case) -> Bool = { _ in true },
        differences: [Difference] = Difference.all,
        answer: (Case) throws -> Value?
    ) {
        var differing: [String: Int] = [:]
        let cases = cases.filter(isOurs)
        for row in cases {
            if let rule = differences.first(where: { $0.applies(to: row, in: name) }) {
                differing[rule.reason, default: 0] += 1
                continue
            }
            do {
                let value = try answer(row)
                let isSame = row.expectsError ? value == nil : value?.isSame(as: row.expect) == true
                let said = value?.json ?? "an error"
                #expect(isSame, "\(name) \(row.name): \(said) instead of \(row.expect.json)")
            } catch {
                #expect(row.expectsError, "\(name) \(row.name): \(error)")
            }
        }
        let count = differing.values.reduce(0, +)
        print("\(name): \(cases.count) cases, of which \(count) differ by rule")
        for (reason, count) in differing.sorted(by: { $0.key < $1.key }) {
            print("  \(count) by rule: \(reason)")
        }
    }
}

/// A rule by which we differ from Kargo; its reason stands in `docs/KARGO.md` word for word.
struct Difference: Sendable {
    let file: String
    let operation: String
    let reason: String
    let predicate: @Sendable (ConformanceFile.Case) -> Bool

    func applies(to row: ConformanceFile.Case, in file: String) -> Bool {
        self.file == file && operation == row.operation && predicate(row)
    }

    static let all = [
        Difference(
            file: "patterns.json",
            operation: "match",
            reason: "A base directory is compared element by element.",
            predicate: { $0.isKnownDefect }
        )
    ]
}

@Suite struct DifferencesFromKargo {
    @Test func `the reason of every rule stands in the document about Kargo`() throws {
        let document = try String(
            contentsOf: ConformanceFile.repository.appending(path: "docs/KARGO.md"),
            encoding: .utf8
        )
        for rule in Difference.all {
            #expect(document.contains(rule.reason), "\(rule.reason)")
        }
    }
}
