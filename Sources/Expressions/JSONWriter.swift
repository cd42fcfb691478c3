extension Value {
    /// The value as JSON on one line; members in the order of their keys.
    ///
    /// A number that is not finite is written as null: JSON has no word for it.
    package var json: String {
        var writer = JSONWriter(indentation: nil)
        writer.write(self, depth: 0)
        return writer.text
    }

    /// The value as JSON on several lines, two blanks a level.
    package var indentedJSON: String {
        var writer = JSONWriter(indentation: "  ")
        writer.write(self, depth: 0)
        return writer.text
    }
}

/// Writes JSON as Go's encoding/json does, but leaves `<`, `>` and `&` as they are.
struct JSONWriter {
    private(set) var text = ""
    private let indentation: String?

    init(indentation: String?) {
        self.indentation = indentation
    }

    mutating func write(_ value: Value, depth: Int) {
        switch value {
        case .null: text += "null"
        case .bool(let flag): text += flag ? "true" : "false"
        case .int(let number): text += String(number)
        case .double(let number): text += number.isFinite ? NumberText.json(number) : "null"
        case .string(let string): write(string)
        case .array(let elements):
            writeList(elements, "[", "]", depth: depth) { writer, element in
                writer.write(element, depth: depth + 1)
            }
        case .object(let members):
            let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            writeList(sorted, "{", "}", depth: depth) { writer, member in
                writer.write(member.key)
                writer.text += writer.indentation == nil ? ":" : ": "
                writer.write(member.value, depth: depth + 1)
            }
        }
    }

    mutating func write(_ string: String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{8}": text += "\\b"
            case "\u{c}": text += "\\f"
            case "\u{0}"..."\u{1f}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    private mutating func writeList<Element>(
        _ elements: [Element],
        _ open: String,
        _ close: String,
        depth: Int,
        _ body: (inout JSONWriter, Element) -> Void
    ) {
        text += open
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            breakLine(depth + 1)
            body(&self, element)
        }
        if !elements.isEmpty { breakLine(depth) }
        text += close
    }

    private mutating func breakLine(_ depth: Int) {
        guard let indentation else { return }
        text += "\n" + String(repeating: indentation, count: depth)
    }
}
