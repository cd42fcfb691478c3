package import Expressions

/// Sets values in the text of a JSON document, and touches nothing else of it.
///
/// Layout and numbers of any size stay as they are. Keys that are missing are made, and so are the
/// objects on the way to them.
package struct JSONUpdate: Sendable {
    private let changes: [Change]

    /// One value and where it goes.
    package struct Change: Sendable {
        fileprivate let key: YAMLKey
        fileprivate let value: Value

        /// What is at `key`, such as `app.version` or `hosts.0.name`, becomes `value`: text, a
        /// number or a boolean.
        package init(key: String, value: Value) throws(StepError) {
            self.key = try YAMLKey(key)
            for character in ["*", "?", "|", "#", "@"] where key.contains(character) {
                throw .wrong("key \"\(key)\" has \(character), which stands for no single value")
            }
            switch value {
            case .null, .array, .object:
                throw .wrong("the value of \(key) must be text, a number or a boolean")
            case .bool, .int, .double, .string: self.value = value
            }
        }
    }

    /// These changes, made one after the other.
    package init(_ changes: [Change]) { self.changes = changes }

    /// `bytes` with every change made, or an error and nothing changed.
    package func applied(to bytes: [UInt8]) throws(StepError) -> [UInt8] {
        var bytes = bytes
        if changes.isEmpty { _ = try JSONSpans.parse(bytes) }
        for change in changes {
            let edit = try Self.edit(for: change, in: try JSONSpans.parse(bytes), bytes)
            bytes.replaceSubrange(edit.range, with: Array(edit.text.utf8))
        }
        return bytes
    }

    private static func edit(
        for change: Change,
        in root: JSONSpans,
        _ bytes: [UInt8]
    ) throws(StepError) -> (range: Range<Int>, text: String) {
        let key = change.key.source
        var node = root
        for (index, part) in change.key.parts.enumerated() {
            let rest = change.key.parts[(index + 1)...]
            switch node {
            case .object(let members, _):
                let matches = members.filter { $0.key == part.name }
                guard matches.count <= 1 else {
                    throw .wrong("\(part.name) on the way to \(key) is there twice")
                }
                guard let match = matches.first else {
                    let member = Value.string(part.name).json
                    let layout = JSONLayout(of: node, bytes)
                    let value = try made(change.value, rest, layout, key)
                    return layout.addition(of: "\(member):\(layout.afterColon)\(value)")
                }
                node = match.value
            case .array(let elements, _):
                if let index = part.index, index < elements.count {
                    node = elements[index]
                    continue
                }
                guard part.isBehindLast || part.index == elements.count else {
                    throw .wrong(
                        "\(part.name) on the way to \(key) is no index into a list of "
                            + "\(elements.count), nor -1 to append"
                    )
                }
                let layout = JSONLayout(of: node, bytes)
                return layout.addition(of: try made(change.value, rest, layout, key))
            case .scalar(let span):
                // Nothing may become an object; a value that somebody wrote may not.
                guard bytes[span].elementsEqual("null".utf8) else {
                    throw .wrong("\(key) leads into a value, before \(part.name)")
                }
                let layout = JSONLayout(of: root, bytes)
                let parts = change.key.parts[index...]
                return (span, try made(change.value, parts, layout, key))
            }
        }
        guard case .scalar(let span) = node else {
            throw .wrong("\(key) is a list or an object; only single values can be replaced")
        }
        return (span, change.value.json)
    }

    /// A value below objects that are new.
    private static func made(
        _ value: Value,
        _ parts: ArraySlice<YAMLKey.Part>,
        _ layout: JSONLayout,
        _ key: String
    ) throws(StepError) -> String {
        var text = value.json
        for part in parts.reversed() {
            guard part.index == nil, !part.isBehindLast else {
                throw .wrong("\(key) leads into a list that is not there; write the list first")
            }
            text = "{\(Value.string(part.name).json):\(layout.afterColon)\(text)}"
        }
        return text
    }
}

/// How an object or array of a text is laid out.
private struct JSONLayout {
    /// What stands between a colon and its value.
    let afterColon: String
    private let place: Int
    private let separator: String

    init(of node: JSONSpans, _ bytes: [UInt8]) {
        let children: [Range<Int>]
        switch node {
        case .object(let members, _): children = members.map(\.value.span)
        case .array(let elements, _): children = elements.map(\.span)
        case .scalar: children = []
        }
        let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
        let isTight = colon.map { $0 + 1 < bytes.count && bytes[$0 + 1] != 0x20 } ?? false
        afterColon = isTight ? "" : " "
        guard let last = children.last else {
            place = node.span.lowerBound + 1
            separator = ""
            return
        }
        place = last.upperBound
        // The blanks before a child are those before the next one.
        let isObject = if case .object = node { true } else { false }
        var start = node.span.lowerBound + 1
        if children.count > 1 {
            start = children[children.count - 2].upperBound
            while start < last.lowerBound, bytes[start] != UInt8(ascii: ",") { start += 1 }
            start += 1
        }
        let end = isObject ? last.lowerBound : last.lowerBound
        let blanks = bytes[start..<end].prefix { [0x20, 0x09, 0x0a, 0x0d].contains($0) }
        let isFirst = children.count == 1
        let text = String(decoding: blanks, as: UTF8.self)
        separator = "," + (isFirst && !text.contains("\n") && !isTight ? " " : text)
    }

    /// Puts a member or an element behind the last one.
    func addition(of text: String) -> (range: Range<Int>, text: String) {
        (place..<place, separator + text)
    }
}
