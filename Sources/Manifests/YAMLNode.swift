import Expressions

/// A node of a YAML document, with the place where it was written.
///
/// An alias stands as the node that it names, at that node's place.
struct YAMLNode {
    enum Content {
        /// A text; plain where nothing says that it is text and not, say, a number.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        /// In the order in which it was written, without merge keys.
        case mapping([(key: YAMLNode, value: YAMLNode)])
    }

    let content: Content
    let mark: YAMLMark
    /// Nodes in it, itself included, aliases counted with what they stand for.
    let nodeCount: Int
    /// Levels in it, itself included.
    let depth: Int
}

/// A place in a YAML text.
struct YAMLMark: Hashable {
    /// From 1.
    let line: Int
    /// In characters, from 1.
    let column: Int
}

/// What is wrong with a YAML text as such.
struct YAMLProblem: Hashable {
    let mark: YAMLMark
    let message: String
}

extension YAMLNode {
    /// What the node says: a plain text that looks like a number, a boolean or null is one.
    var value: Value {
        switch content {
        case .scalar(let text, let isPlain): isPlain ? Self.resolved(text) : .string(text)
        case .sequence(let elements): .array(elements.map(\.value))
        case .mapping(let members):
            .object(
                Dictionary(members.map { ($0.key.keyText, $0.value.value) }) { _, last in last }
            )
        }
    }

    /// A key as text: what is written, whatever it looks like.
    var keyText: String {
        guard case .scalar(let text, _) = content else { return "" }
        return text
    }

    /// Whether nothing is there: null, or nothing behind the colon.
    var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return Self.nullWords.contains(text)
    }

    private static let nullWords: Set<String> = ["", "~", "null", "Null", "NULL"]
    // YAML 1.1's words, as Kubernetes reads them, but for y and n, which are names too often.
    private static let trueWords: Set<String> = [
        "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON",
    ]
    private static let falseWords: Set<String> = [
        "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF",
    ]

    /// What a plain text is taken for.
    ///
    /// Digits behind a leading zero stay text: as a number they would lose it, and a commit id
    /// can look like that.
    static func resolved(_ text: String) -> Value {
        if nullWords.contains(text) { return .null }
        if trueWords.contains(text) { return .bool(true) }
        if falseWords.contains(text) { return .bool(false) }
        guard let first = text.utf8.first, "+-.0123456789".utf8.contains(first) else {
            return .string(text)
        }
        let digits = "+-".utf8.contains(first) ? text.dropFirst() : text[...]
        if digits.hasPrefix("0x") {
            let size = Int64(digits.dropFirst(2), radix: 16)
            return size.map { .int(first == UInt8(ascii: "-") ? -$0 : $0) } ?? .string(text)
        }
        let isLeadingZero =
            digits.count > 1 && digits.hasPrefix("0") && !digits.hasPrefix("0.")
        let isDecimal = digits.utf8.allSatisfy { "0123456789.eE+-".utf8.contains($0) }
        guard isDecimal, !isLeadingZero, let number = try? Value(json: jsonNumber(digits)) else {
            return .string(text)
        }
        guard first == UInt8(ascii: "-") else { return number }
        switch number {
        case .int(let size): return .int(-size)
        case .double(let size): return .double(-size)
        default: return .string(text)
        }
    }

    /// YAML allows `.5` and `5.`, JSON does not.
    private static func jsonNumber(_ digits: Substring) -> String {
        var text = digits.hasPrefix(".") ? "0" + digits : String(digits)
        if text.hasSuffix(".") { text += "0" }
        return text
    }
}
