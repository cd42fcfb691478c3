import Expressions

/// A piece of YAML that is to be put somewhere: lines, indented as from the first column.
struct YAMLFragment {
    enum Placement {
        /// Stands behind a colon or dash; further lines are indented as from the key's column.
        case inline
        /// Stands on lines of its own, below its key.
        case map
        case list
    }

    let lines: [String]
    let placement: Placement

    /// The lines, with all but the first one moved to the right.
    func text(at column: Int, _ lineBreak: String) -> String {
        let indentation = String(repeating: " ", count: column)
        let rest = lines.dropFirst().map { $0.isEmpty ? $0 : indentation + $0 }
        return ([lines.first ?? ""] + rest).joined(separator: lineBreak)
    }
}

/// How blocks of a document are indented.
package struct YAMLLayout: Sendable, Hashable {
    /// Spaces before a map within a map.
    package let mapIndentation: Int
    /// Spaces before a list within a map.
    package let listIndentation: Int
    /// Keys that stand before others in a map that is new.
    let leadingKeys: [String]

    /// As documents begin that have no layout of their own yet.
    package init(mapIndentation: Int, listIndentation: Int, leadingKeys: [String] = []) {
        self.mapIndentation = mapIndentation
        self.listIndentation = listIndentation
        self.leadingKeys = leadingKeys
    }

    /// The layout of `document` where it has one, else `standard`.
    init(of document: YAMLDocument, else standard: YAMLLayout) {
        var map: Int?
        var list: Int?
        func look(_ node: YAMLNode) {
            guard map == nil || list == nil, node.isBlock else { return }
            switch node.content {
            case .mapping(let members):
                let column = document.column(node.span.lowerBound)
                for member in members where member.value.isBlock {
                    let indentation = document.column(member.value.span.lowerBound) - column
                    if case .mapping = member.value.content {
                        map = map ?? indentation
                    } else {
                        list = list ?? indentation
                    }
                    look(member.value)
                }
            case .sequence(let elements): elements.forEach(look)
            case .scalar, .alias: break
            }
        }
        if let root = document.root { look(root) }
        mapIndentation = map ?? standard.mapIndentation
        listIndentation =
            list ?? map.map { min($0, standard.listIndentation) } ?? standard.listIndentation
        leadingKeys = standard.leadingKeys
    }

    private func sorted(_ members: [String: Value]) -> [(key: String, value: Value)] {
        func rank(_ key: String) -> Int { leadingKeys.firstIndex(of: key) ?? leadingKeys.count }
        return members.sorted { (rank($0.key), $0.key) < (rank($1.key), $1.key) }
    }

    /// A value in this layout.
    func fragment(of value: Value) -> YAMLFragment {
        switch value {
        case .object(let members) where !members.isEmpty:
            YAMLFragment(
                lines: sorted(members).flatMap { entry($0.key, $0.value) },
                placement: .map
            )
        case .array(let elements) where !elements.isEmpty:
            YAMLFragment(lines: elements.flatMap(element), placement: .list)
        default: YAMLFragment(lines: [Self.inline(value, inFlow: false)], placement: .inline)
        }
    }

    /// One member of a map.
    func entry(_ key: String, _ value: Value) -> [String] {
        let name = YAMLScalarText.text(of: .string(key), keepsQuotes: nil, inFlow: false)
        let fragment = fragment(of: value)
        let indentation: Int
        switch fragment.placement {
        case .inline: return ["\(name): \(fragment.lines[0])"]
        case .map: indentation = mapIndentation
        case .list: indentation = listIndentation
        }
        let margin = String(repeating: " ", count: indentation)
        return ["\(name):"] + fragment.lines.map { margin + $0 }
    }

    private func element(_ value: Value) -> [String] {
        let lines = fragment(of: value).lines
        return ["- " + lines[0]] + lines.dropFirst().map { "  " + $0 }
    }

    /// A value on one line; collections with brackets.
    static func inline(_ value: Value, inFlow: Bool) -> String {
        switch value {
        case .array(let elements):
            return "[" + elements.map { inline($0, inFlow: true) }.joined(separator: ", ") + "]"
        case .object(let members):
            let entries = members.sorted { $0.key < $1.key }.map { key, value in
                let name = YAMLScalarText.text(of: .string(key), keepsQuotes: nil, inFlow: true)
                return "\(name): \(inline(value, inFlow: true))"
            }
            return "{" + entries.joined(separator: ", ") + "}"
        case .null, .bool, .int, .double, .string:
            return YAMLScalarText.text(of: value, keepsQuotes: nil, inFlow: inFlow)
        }
    }
}
