import Expressions

/// What people read about one thing: a heading, aligned fields, and tables below them.
struct DescriptionPage {
    private let heading: String
    private var fields: [(label: String, text: String)] = []
    private var sections: [String] = []

    /// A page under this heading.
    init(_ heading: String) {
        self.heading = heading
    }

    /// Adds a field; nothing where there is no text.
    mutating func field(_ label: String, _ text: String?) {
        guard let text, !text.isEmpty else { return }
        fields.append((label, text))
    }

    /// Adds a table under a title; nothing where it has no rows.
    mutating func table(_ title: String, _ headings: [String], _ rows: [[String]]) {
        guard !rows.isEmpty else { return }
        var table = TextTable(headings)
        for row in rows { table.add(row) }
        sections.append("\n\(title)\n" + table.indented)
    }

    /// Adds lines of text under a title.
    mutating func section(_ title: String, _ text: String) {
        let lines = text.split(separator: "\n").map { "  " + $0 + "\n" }
        sections.append("\n\(title)\n" + lines.joined())
    }

    /// The whole page.
    var text: String {
        let width = fields.map(\.label.count).max() ?? 0
        let lines = fields.map { field in
            let blanks = String(repeating: " ", count: width - field.label.count + 2)
            // What a person wrote may have line breaks; they would read like other fields.
            let text = field.text.map { $0.isNewline ? " " : $0 }
            return "  \(field.label)\(blanks)\(String(text))\n"
        }
        return heading + "\n" + lines.joined() + sections.joined()
    }
}

extension Value {
    /// The text of a member, or of a member of a member; nil where there is none.
    func said(_ path: String...) -> String? {
        var value: Value? = self
        for name in path { value = value?[name] }
        switch value {
        case .string(let text): return text
        case .int(let number): return "\(number)"
        case .bool(let flag): return flag ? "yes" : "no"
        case .object: return value?.origin
        case .array(let items): return items.compactMap(\.stringValue).joined(separator: ", ")
        case .null, .double, nil: return nil
        }
    }

    /// A position, as people write it.
    func position(_ name: String) -> String? { self[name]?.intValue.map { "#\($0)" } }

    /// An origin, as people write it: `Warehouse/web`.
    var origin: String? {
        guard let kind = self["kind"]?.stringValue, let name = self["name"]?.stringValue else {
            return nil
        }
        return "\(kind)/\(name)"
    }

    /// The elements of a list member.
    func items(_ name: String) -> [Value] { self[name]?.arrayValue ?? [] }
}
