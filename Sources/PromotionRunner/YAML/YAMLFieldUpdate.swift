package import Expressions

/// Sets a field of a YAML document, and makes what is missing on the way to it.
///
/// Unlike ``YAMLUpdate`` it creates keys, appends to lists (at `-1` or any index past the end),
/// follows aliases, and puts any value where any other was. Everything else keeps its bytes.
package enum YAMLFieldUpdate {
    /// `bytes` with the field at `key` set to `value`.
    ///
    /// `layout` is how blocks are indented where the text does not show it.
    package static func applied(
        _ key: String,
        _ value: Value,
        to bytes: [UInt8],
        layout: YAMLLayout
    ) throws(StepError) -> [UInt8] {
        let key = try YAMLKey(key)
        let document = try YAMLDocument(bytes)
        var editor = YAMLEditor(document, layout: layout)
        guard let root = document.root else {
            let lines = layout.fragment(of: wrapped(value, key.parts[...])).lines
            let start = bytes.isEmpty || bytes.last == UInt8(ascii: "\n") ? bytes : bytes + [10]
            return start + Array((lines.joined(separator: "\n") + "\n").utf8)
        }
        let place = YAMLEditor.Place(introducer: .nothing, start: 0, column: 0)
        try set(key.parts[...], value, in: root, at: place, &editor)
        return editor.applied()
    }

    private static func set(
        _ parts: ArraySlice<YAMLKey.Part>,
        _ value: Value,
        in node: YAMLNode,
        at place: YAMLEditor.Place,
        _ editor: inout YAMLEditor
    ) throws(StepError) {
        guard let part = parts.first else {
            return try editor.update(node, at: place, to: value)
        }
        let rest = parts.dropFirst()
        switch node.content {
        case .mapping(let members):
            if let member = try YAMLDocument.member(part.name, of: members) {
                try set(rest, value, in: member.value, at: editor.place(of: member), &editor)
            } else if members.isEmpty {
                try editor.update(node, at: place, to: wrapped(value, parts))
            } else {
                editor.add(part.name, wrapped(value, rest), to: node, members)
            }
        case .sequence(let elements):
            guard part.isBehindLast || part.index != nil else {
                throw .wrong("\(part.name) is no index into a list")
            }
            if let index = part.index, index < elements.count {
                let place =
                    node.isBracketed
                    ? YAMLEditor.Place(introducer: .nothing, start: 0, column: 0)
                    : editor.place(ofElement: index, in: node, elements)
                try set(rest, value, in: elements[index], at: place, &editor)
            } else if elements.isEmpty {
                try editor.update(node, at: place, to: [wrapped(value, rest)])
            } else {
                editor.append(wrapped(value, rest), to: node, elements)
            }
        case .alias(_, let target):
            // Where the anchor is, which is no place to replace it: only what is inside.
            let inside = YAMLEditor.Place(introducer: .nothing, start: 0, column: 0)
            try set(parts, value, in: target, at: inside, &editor)
        case .scalar:
            try editor.update(node, at: place, to: wrapped(value, parts))
        }
    }

    /// `value` below maps that have the keys `parts`.
    private static func wrapped(_ value: Value, _ parts: ArraySlice<YAMLKey.Part>) -> Value {
        parts.reversed().reduce(value) { .object([$1.name: $0]) }
    }
}
