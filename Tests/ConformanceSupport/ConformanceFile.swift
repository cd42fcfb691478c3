package import Expressions
package import Foundation

/// A file of `fixtures/conformance`: inputs, and what Kargo answers.
///
/// The reader knows the form only, so other files of the same names run in the same suites.
package struct ConformanceFile: Sendable {
    package let name: String
    package let cases: [Case]

    /// A row of the file.
    package struct Case: Sendable {
        package let name: String
        /// Which of the file's functions it is about; empty where there is only one.
        package let operation: String
        package let input: Value
        package let expect: Value
        /// The whole row, with what else it says.
        package let row: Value

        /// Kargo's answer is wrong by its own account.
        package var isKnownDefect: Bool { row["known_defect"] == .bool(true) }
        package var expectsError: Bool { expect["error"] == .bool(true) }
    }

    /// Reads a file.
    package init(_ name: String) throws {
        self.name = name
        let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
        let rows = try Value(json: text)["cases"]?.arrayValue ?? []
        cases = try rows.map { row in
            guard let title = row["name"]?.stringValue, let expect = row["expect"] else {
                throw UnreadableCase("a row has no name, or expects nothing: \(row.json)")
            }
            return Case(
                name: title,
                operation: row["op"]?.stringValue ?? "",
                input: row["input"] ?? .null,
                expect: expect,
                row: row
            )
        }
        guard !cases.isEmpty else { throw UnreadableCase("\(name) has no cases") }
    }

    /// The root of the package.
    package static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let folder = repository.appending(path: "fixtures/conformance")

    /// Runs every case, prints how many there were, and returns what does not agree.
    ///
    /// `answer` says what we say; nil or an error where the operation fails. Answers are compared
    /// by value, numbers as numbers, unless `isSame` says otherwise. A case to which a rule of
    /// `differences` applies is counted, and compared with what the rule promises instead.
    package func run(
        only isOurs: (Case) -> Bool = { _ in true },
        differences: [Difference] = [],
        comparing isSame: (Value, Value) -> Bool = { $0.isSame(as: $1) },
        answer: (Case) throws -> Value?
    ) -> [String] {
        var disagreements = undocumented(differences)
        var differing: [String: Int] = [:]
        let cases = cases.filter(isOurs)
        for row in cases {
            let rule = differences.first { $0.applies(to: row, in: name) }
            if let rule { differing[rule.reason, default: 0] += 1 }
            let said: Value?
            var why = ""
            do {
                said = try answer(row)
            } catch let error as UnreadableCase {
                disagreements.append("\(name) \(row.name): \(error)")
                continue
            } catch {
                said = nil
                why = " (\(error))"
            }
            let ours = said?.json ?? "an error\(why)"
            if let rule {
                if !rule.promise(row, said) {
                    disagreements.append("\(name) \(row.name): \(ours), against the rule")
                }
            } else if row.expectsError ? said != nil : said.map({ isSame($0, row.expect) }) != true
            {
                disagreements.append("\(name) \(row.name): \(ours) instead of \(row.expect.json)")
            }
        }
        let count = differing.values.reduce(0, +)
        print("\(name): \(cases.count) cases, of which \(count) differ by rule")
        for (reason, count) in differing.sorted(by: { $0.key < $1.key }) {
            print("  \(count) by rule: \(reason)")
        }
        return disagreements
    }
}

/// A case that is not in the form that its suite knows: never the error that a case expects.
package struct UnreadableCase: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

extension ConformanceFile.Case {
    /// That the suite does not know the operation.
    package var isUnknown: UnreadableCase {
        UnreadableCase("nobody knows the operation \(operation)")
    }
}
