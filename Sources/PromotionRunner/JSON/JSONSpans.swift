import Expressions

/// A JSON text as a tree that knows where each value stands, numbers unread.
enum JSONSpans: Sendable {
    case scalar(Range<Int>)
    case array([JSONSpans], Range<Int>)
    case object([(key: String, value: JSONSpans)], Range<Int>)

    /// The bytes of the value.
    var span: Range<Int> {
        switch self {
        case .scalar(let span), .array(_, let span), .object(_, let span): span
        }
    }

    /// The one value of a JSON text; throws with the line where it is none.
    static func parse(_ bytes: [UInt8]) throws(StepError) -> JSONSpans {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw .wrong("the file is not UTF-8")
        }
        var scanner = JSONScanner(bytes)
        return try scanner.document()
    }
}

/// Goes through JSON (RFC 8259) and notes where values begin and end.
private struct JSONScanner {
    private let bytes: [UInt8]
    private var index: Int
    private static let depthMax = 200

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    mutating func document() throws(StepError) -> JSONSpans {
        let value = try value(depth: 0)
        skipBlanks()
        guard index == bytes.count else { throw failure("something follows the value") }
        return value
    }

    private mutating func value(depth: Int) throws(StepError) -> JSONSpans {
        guard depth <= Self.depthMax else {
            throw failure("it is nested deeper than \(Self.depthMax) levels")
        }
        skipBlanks()
        let start = index
        switch peek {
        case UInt8(ascii: "{"):
            let members = try object(depth: depth)
            return .object(members, start..<index)
        case UInt8(ascii: "["):
            let elements = try array(depth: depth)
            return .array(elements, start..<index)
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: try number()
        }
        return .scalar(start..<index)
    }

    private mutating func object(
        depth: Int
    ) throws(StepError) -> [(key: String, value: JSONSpans)] {
        var members: [(key: String, value: JSONSpans)] = []
        index += 1
        skipBlanks()
        if take("}") { return members }
        repeat {
            skipBlanks()
            let key = try string()
            skipBlanks()
            guard take(":") else { throw failure("a colon is missing") }
            members.append((key, try value(depth: depth + 1)))
            skipBlanks()
        } while take(",")
        guard take("}") else { throw failure("a comma or } is missing") }
        return members
    }

    private mutating func array(depth: Int) throws(StepError) -> [JSONSpans] {
        var elements: [JSONSpans] = []
        index += 1
        skipBlanks()
        if take("]") { return elements }
        repeat {
            elements.append(try value(depth: depth + 1))
            skipBlanks()
        } while take(",")
        guard take("]") else { throw failure("a comma or ] is missing") }
        return elements
    }

    private mutating func string() throws(StepError) -> String {
        let start = index
        guard take("\"") else { throw failure("a text in double quotes is missing") }
        while let byte = peek, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw failure("a text has a raw control character") }
            index += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        guard take("\"") else { throw failure("a text is not closed") }
        // The language's reader knows the escapes.
        let literal = String(decoding: bytes[start..<index], as: UTF8.self)
        guard let text = (try? Value(json: literal))?.stringValue else {
            throw failure("a text has an escape that JSON does not know")
        }
        return text
    }

    private mutating func word(_ word: String) throws(StepError) {
        guard bytes[index...].starts(with: word.utf8) else { throw failure("this is no value") }
        index += word.utf8.count
    }

    /// `-12.5e+3`, of any size.
    private mutating func number() throws(StepError) {
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
    }

    private mutating func digits() throws(StepError) {
        let start = index
        while let byte = peek, (0x30...0x39).contains(byte) { index += 1 }
        guard index > start else { throw failure("this is no value") }
    }

    private mutating func skipBlanks() {
        while let byte = peek, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { index += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private func failure(_ reason: String) -> StepError {
        let line = bytes[..<min(index, bytes.count)].count { $0 == UInt8(ascii: "\n") } + 1
        return .wrong("line \(line) is not JSON: \(reason)")
    }
}
