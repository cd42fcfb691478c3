package import Expressions
package import PromotionModel

/// A file of settings: one YAML document that is a map of names to values.
package struct SettingsFile: Sendable {
    /// A setting, and where it was written.
    package struct Entry: Sendable {
        package let name: String
        package let value: Value
        package let place: SourcePlace
    }

    /// In the order in which they were written.
    package let entries: [Entry]

    /// Reads the text of a file.
    ///
    /// - Throws: the first thing that is wrong with it.
    package init(_ text: String, file: String) throws(ManifestProblem) {
        let parser = YAMLParser(text)
        if let problem = parser.problems.first {
            throw Self.problem(problem.message, problem.mark, file)
        }
        let documents = parser.documents.filter { !$0.isNull }
        if documents.count > 1 {
            throw Self.problem("settings are one document; join them", documents[1].mark, file)
        }
        guard let document = documents.first else {
            entries = []
            return
        }
        guard case .mapping(let members) = document.content else {
            throw Self.problem(
                "settings are a map of names to values; write name: value",
                document.mark,
                file
            )
        }
        entries = members.map { key, value in
            Entry(
                name: key.keyText,
                value: value.value,
                place: SourcePlace(file: file, line: key.mark.line, column: key.mark.column)
            )
        }
    }

    private static func problem(
        _ message: String,
        _ mark: YAMLMark,
        _ file: String
    ) -> ManifestProblem {
        ManifestProblem(
            place: SourcePlace(file: file, line: mark.line, column: mark.column),
            field: "",
            message: message,
            nearest: nil
        )
    }
}
