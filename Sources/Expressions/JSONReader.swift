extension Value {
    /// Reads one JSON value.
    ///
    /// A whole number of at most 64 bits stays exact; of equal keys the last one counts, unless
    /// `repeatsKeys` is false.
    ///
    /// - Throws: an error with the text and the place.
    package init(json: String, repeatsKeys: Bool = true) throws(ExpressionError) {
        var reader = JSONReader(json)
        reader.repeatsKeys = repeatsKeys
        self = try reader.read()
    }
}

/// Reads JSON (RFC 8259), with a limit on nesting.
struct JSONReader {
    private let text: String
    private let bytes: [UInt8]
    private var index = 0
    /// Whether an object may say the same key again.
    var repeatsKeys = true

    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }

    mutating func read() throws(ExpressionError) -> Value {
        let value = try readValue(depth: 0)
        skipBlanks()
        guard index == bytes.count else { throw failure("something follows the JSON value") }
        return value
    }

    private mutating func readValue(depth: Int) throws(ExpressionError) -> Value {
        guard depth <= ExpressionLimits.valueDepthMax else {
            throw failure("JSON is nested deeper than \(ExpressionLimits.valueDepthMax) levels")
        }
        skipBlanks()
        guard index < bytes.count else { throw failure("the JSON text ends too early") }
        switch bytes[index] {
        case UInt8(ascii: "{"): return try readObject(depth: depth)
        case UInt8(ascii: "["): return try readArray(depth: depth)
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "t"): return try readWord("true", .bool(true))
        case UInt8(ascii: "f"): return try readWord("false", .bool(false))
        case UInt8(ascii: "n"): return try readWord("null", .null)
        default: return try readNumber()
        }
    }

    private mutating func readObject(depth: Int) throws(ExpressionError) -> Value {
        var members: [String: Value] = [:]
        index += 1
        skipBlanks()
        if take("}") { return .object(members) }
        repeat {
            skipBlanks()
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
                throw failure("a key in double quotes is missing")
            }
            let key = try readString()
            guard repeatsKeys || members[key] == nil else {
                throw failure("the key \"\(key.prefix(80))\" is there twice")
            }
            skipBlanks()
            guard take(":") else { throw failure("a colon is missing") }
            members[key] = try readValue(depth: depth + 1)
            skipBlanks()
        } while take(",")
        guard take("}") else { throw failure("a comma or } is missing") }
        return .object(members)
    }

    private mutating func readArray(depth: Int) throws(ExpressionError) -> Value {
        var elements: [Value] = []
        index += 1
        skipBlanks()
        if take("]") { return .array(elements) }
        repeat {
            elements.append(try readValue(depth: depth + 1))
            skipBlanks()
        } while take(",")
        guard take("]") else { throw failure("a comma or ] is missing") }
        return .array(elements)
    }

    private mutating func readWord(_ word: String, _ value: Value) throws(ExpressionError) -> Value
    {
        guard bytes[index...].starts(with: word.utf8) else {
            throw failure("this is no JSON value")
        }
        index += word.utf8.count
        return value
    }

    private mutating func readNumber() throws(ExpressionError) -> Value {
        let start = index
        _ = take("-")
        let first = index
        takeDigits()
        let hasDigits = index > first
        let hasLeadingZero = index - first > 1 && bytes[first] == UInt8(ascii: "0")
        guard hasDigits, !hasLeadingZero else {
            index = start
            throw failure("this is no JSON value")
        }
        var isWhole = true
        if take(".") {
            isWhole = false
            let fraction = index
            takeDigits()
            guard index > fraction else { throw failure("digits are missing") }
        }
        if take("e") || take("E") {
            isWhole = false
            _ = take("+") || take("-")
            let exponent = index
            takeDigits()
            guard index > exponent else { throw failure("digits are missing") }
        }
        let digits = String(decoding: bytes[start..<index], as: UTF8.self)
        if isWhole, let number = Int64(digits) { return .int(number) }
        guard let number = Double(digits), number.isFinite else {
            index = start
            throw failure("the number is out of range")
        }
        return .double(number)
    }

    private mutating func readString() throws(ExpressionError) -> String {
        index += 1
        var content: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return String(decoding: content, as: UTF8.self)
            case UInt8(ascii: "\\"):
                try readEscape(into: &content)
            case 0..<0x20:
                throw failure("a control character must be written as an escape")
            default:
                content.append(byte)
                index += 1
            }
        }
        throw failure("the text is not closed by a double quote")
    }

    private mutating func readEscape(into content: inout [UInt8]) throws(ExpressionError) {
        guard index + 1 < bytes.count else { throw failure("nothing follows the backslash") }
        let letter = bytes[index + 1]
        let plain: [UInt8: UInt8] = [
            0x22: 0x22, 0x5c: 0x5c, 0x2f: 0x2f, 0x62: 0x08, 0x66: 0x0c, 0x6e: 0x0a, 0x72: 0x0d,
            0x74: 0x09,
        ]
        if let byte = plain[letter] {
            content.append(byte)
            index += 2
            return
        }
        guard letter == UInt8(ascii: "u"), let first = codeUnit(at: index) else {
            throw failure("JSON does not know this escape")
        }
        index += 6
        var scalar = Unicode.Scalar(UInt32(first))
        if UTF16.isLeadSurrogate(first), let second = codeUnit(at: index),
            UTF16.isTrailSurrogate(second)
        {
            index += 6
            let high = UInt32(first) - 0xd800
            scalar = Unicode.Scalar(0x10000 + high << 10 + UInt32(second) - 0xdc00)
        }
        // A lone surrogate becomes the replacement character, as in Go.
        content += Array(String(Character(scalar ?? "\u{fffd}")).utf8)
    }

    /// The four digits of `\uXXXX` at `start`.
    private func codeUnit(at start: Int) -> UInt16? {
        guard start + 6 <= bytes.count, bytes[start] == UInt8(ascii: "\\"),
            bytes[start + 1] == UInt8(ascii: "u")
        else { return nil }
        let digits = bytes[(start + 2)..<(start + 6)]
        guard digits.allSatisfy({ UnicodeScalar($0).properties.isASCIIHexDigit }) else {
            return nil
        }
        return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private mutating func takeDigits() {
        while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: scalar) else { return false }
        index += 1
        return true
    }

    private mutating func skipBlanks() {
        while index < bytes.count, [0x20, 0x0a, 0x0d, 0x09].contains(bytes[index]) { index += 1 }
    }

    private func failure(_ message: String) -> ExpressionError {
        ExpressionError(message, in: text, at: index)
    }
}
