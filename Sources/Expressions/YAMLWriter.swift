extension Value {
    /// The value as YAML in block style, as `asYAML()` gives it; members in the order of their
    /// keys, a line break at the end.
    package var yaml: String {
        var writer = YAMLWriter(style: YAMLStyle())
        writer.writeDocument(self)
        return writer.text
    }

    /// The value as YAML in block style, which reads back as the same value: a floating-point
    /// number that is whole keeps its point.
    ///
    /// Of each map the members named in `leadingKeys` come first, in that order.
    package func yaml(leadingKeys: [String]) -> String {
        let ranks = Dictionary(uniqueKeysWithValues: leadingKeys.enumerated().map { ($1, $0) })
        var writer = YAMLWriter(style: YAMLStyle(ranks: ranks, keepsPoint: true))
        writer.writeDocument(self)
        return writer.text
    }
}

/// What can be chosen about YAML.
struct YAMLStyle {
    /// The places of keys that do not stand in the order of their letters.
    var ranks: [String: Int] = [:]
    /// `2.0` and not `2` for a floating-point number.
    var keepsPoint = false

    func sorted(_ members: [String: Value]) -> [(key: String, value: Value)] {
        members.sorted { left, right in
            let (first, second) = (ranks[left.key] ?? .max, ranks[right.key] ?? .max)
            if first != second { return first < second }
            return left.key.utf8.lexicographicallyPrecedes(right.key.utf8)
        }
    }
}

/// Writes YAML that any reader of YAML 1.1 or 1.2 understands alike.
struct YAMLWriter {
    private(set) var text = ""
    private let style: YAMLStyle

    init(style: YAMLStyle) {
        self.style = style
    }

    mutating func writeDocument(_ value: Value) {
        switch value {
        case .array(let elements) where !elements.isEmpty: writeList(elements, indentation: 0)
        case .object(let members) where !members.isEmpty: writeMembers(members, indentation: 0)
        default: text += "\(inline(value, indentation: 2))\n"
        }
    }

    private mutating func writeList(_ elements: [Value], indentation: Int) {
        for element in elements {
            text += String(repeating: " ", count: indentation) + "-"
            switch element {
            case .object(let members) where !members.isEmpty:
                // The first member stands on the line of its dash.
                var inner = YAMLWriter(style: style)
                inner.writeMembers(members, indentation: indentation + 2)
                text += " " + inner.text.dropFirst(indentation + 2)
            case .array(let inner) where !inner.isEmpty:
                var list = YAMLWriter(style: style)
                list.writeList(inner, indentation: indentation + 2)
                text += " " + list.text.dropFirst(indentation + 2)
            default:
                text += " \(inline(element, indentation: indentation + 2))\n"
            }
        }
    }

    private mutating func writeMembers(_ members: [String: Value], indentation: Int) {
        for (key, value) in style.sorted(members) {
            text += String(repeating: " ", count: indentation) + "\(Self.key(key)):"
            switch value {
            case .object(let inner) where !inner.isEmpty:
                text += "\n"
                writeMembers(inner, indentation: indentation + 2)
            case .array(let elements) where !elements.isEmpty:
                text += "\n"
                writeList(elements, indentation: indentation)
            default:
                text += " \(inline(value, indentation: indentation + 2))\n"
            }
        }
    }

    /// A value that has no block of its own, or a text's literal block.
    private func inline(_ value: Value, indentation: Int) -> String {
        switch value {
        case .array: return "[]"
        case .object: return "{}"
        case .string(let string): return Self.scalar(string, indentation: indentation)
        case .double(let number) where style.keepsPoint:
            let digits = value.json
            return Int64(exactly: number) == nil ? digits : digits + ".0"
        default: return value.json
        }
    }

    /// A text, as goyaml writes it: plain where nothing can mistake it, a literal block for lines,
    /// in double quotes what would be read as something else than text, else in single quotes.
    static func scalar(_ string: String, indentation: Int) -> String {
        if isBlock(string) {
            let body = string.hasSuffix("\n") ? string.dropLast() : string[...]
            let margin = String(repeating: " ", count: indentation)
            let lines = body.split(separator: "\n", omittingEmptySubsequences: false)
                .map { $0.isEmpty ? "" : margin + $0 }
            return (string.hasSuffix("\n") ? "|\n" : "|-\n") + lines.joined(separator: "\n")
        }
        return key(string)
    }

    /// A text on one line.
    static func key(_ string: String) -> String {
        let isVisible = string.unicodeScalars.allSatisfy(isPrintable)
        guard isVisible, !isTyped(string) else { return quoted(string) }
        if isPlain(string) { return string }
        return "'"
            + string.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: "''") + "'"
    }

    /// Whether a literal block gives the text back.
    private static func isBlock(_ string: String) -> Bool {
        guard string.contains("\n"), !string.hasSuffix("\n\n"), string != "\n" else { return false }
        guard let first = string.first, first != " ", first != "\n", first != "\t" else {
            return false
        }
        return string.unicodeScalars.allSatisfy { $0 == "\n" || isPrintable($0) }
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator:
            false
        default: true
        }
    }

    /// In double quotes, with escapes for what cannot be seen.
    static func quoted(_ string: String) -> String {
        var result = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case _ where isPrintable(scalar): result.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                let width = digits.count > 4 ? 8 : 4
                result += width == 8 ? "\\U" : "\\u"
                result += String(repeating: "0", count: width - digits.count) + digits
            }
        }
        return result + "\""
    }

    /// Whether a visible text that is not taken for something else may stand without quotes.
    private static func isPlain(_ string: String) -> Bool {
        guard let first = string.unicodeScalars.first, let last = string.unicodeScalars.last else {
            return false
        }
        if "!&*?|>@`\"'%#{}[],~=<: -".unicodeScalars.contains(first) { return false }
        if last == " " || last == ":" { return false }
        return !string.contains(": ") && !string.contains(" #")
    }

    private static let words: Set<String> = [
        "", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", ".inf", "+.inf",
        "-.inf", ".nan", "<<", "=", "---", "...",
    ]

    /// Whether a text without quotes is a number, a date, a boolean or null to some reader.
    private static func isTyped(_ string: String) -> Bool {
        if words.contains(string.lowercased()) || NumberText.parsed(string) != nil { return true }
        let body = string.drop { $0 == "+" || $0 == "-" }.unicodeScalars
        guard let first = body.first, ("0"..."9").contains(first) || first == "." else {
            return false
        }
        if first == "0", let second = body.dropFirst().first,
            "xXoObB".unicodeScalars.contains(second)
        {
            return body.dropFirst(2).allSatisfy { $0 == "_" || $0.properties.isASCIIHexDigit }
        }
        // Dates, times, numbers to the base 60, digits with underscores; not versions.
        let isNumeric = string.unicodeScalars.allSatisfy { scalar in
            ("0"..."9").contains(scalar) || "+-._: tTzZ".unicodeScalars.contains(scalar)
        }
        let isVersion = string.split(separator: ".").count > 2 && !string.contains(":")
        return isNumeric && !isVersion
    }
}
