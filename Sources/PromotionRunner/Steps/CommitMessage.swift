package import Expressions

/// What steps propose as the message of a commit, as Kargo words it.
package enum CommitMessage {
    /// How values are written.
    package enum Notation {
        /// Text in quotes where it would read as something else.
        case yaml
        /// Text in quotes.
        case json
        /// Text in apostrophes.
        case toml
    }

    /// That values of a file were set; empty where none was.
    package static func updated(
        _ path: String,
        _ updates: [(key: String, value: Value)],
        in notation: Notation
    ) -> String {
        guard !updates.isEmpty else { return "" }
        let lines = updates.map { key, value in
            let text =
                switch notation {
                case .json: value.json
                case .toml: TOMLUpdate.text(of: value) ?? value.json
                case .yaml: YAMLScalarText.text(of: value, keepsQuotes: nil, inFlow: false)
                }
            return "- \(key): \(text)"
        }
        return "Updated \(path)\n\n" + lines.joined(separator: "\n")
    }

    /// That files were merged into one; empty where there were none.
    package static func merged(_ files: [String], into file: String) -> String {
        switch files.count {
        case 0: ""
        case 1: "Wrote \(files[0]) to \(file)"
        default:
            "Merged \(files.count) YAML files to \(file)\n"
                + files.map { "- \($0)" }.joined(separator: "\n")
        }
    }
}
