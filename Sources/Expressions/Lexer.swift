/// A word of the language.
struct Token: Hashable {
    enum Kind: Hashable {
        case number(Value)
        case string(String)
        /// A name that is no word of the language.
        case identifier(String)
        /// A sign, or one of the words `in`, `not`, `and`, `let` …
        case symbol(String)
        case end
    }

    let kind: Kind
    /// Bytes from the start of the source.
    let offset: Int

    func isSymbol(_ text: String) -> Bool { kind == .symbol(text) }

    /// As it is named in messages.
    var description: String {
        switch kind {
        case .number(let value): "the number \(value.json)"
        case .string: "text in quotes"
        case .identifier(let name): "the name \(name)"
        case .symbol(let text): "\(text)"
        case .end: "the end"
        }
    }
}

/// Cuts an expression into words.
struct Lexer {
    private let source: String
    private let bytes: [UInt8]
    private var index = 0
    private var tokens: [Token] = []

    /// The words that are no names.
    static let words: Set<String> = [
        "in", "not", "and", "or", "matches", "contains", "startsWith", "endsWith", "let", "if",
        "else",
    ]

    /// Longer signs first, since the first that fits is taken.
    private static let signs = [
        "?.", "??", "..", "==", "!=", "<=", ">=", "&&", "||", "**", "+", "-", "*", "/", "%", "^",
        "<", ">", "!", "?", ":", ".", ",", ";", "|", "(", ")", "[", "]", "{", "}", "#", "=",
    ].map { Array($0.utf8) }

    /// The words of `source`, the last of which is `.end`.
    static func tokens(of source: String) throws(ExpressionError) -> [Token] {
        var lexer = Lexer(source)
        try lexer.run()
        return lexer.tokens
    }

    private init(_ source: String) {
        self.source = source
        bytes = Array(source.utf8)
    }

    private mutating func run() throws(ExpressionError) {
        while try skipBlanks() {
            let start = index
            let byte = bytes[index]
            let isNumber =
                isDigit(byte)
                || byte == UInt8(ascii: ".") && index + 1 < bytes.count
                    && isDigit(bytes[index + 1])
            if isNumber {
                add(.number(try number()), start)
            } else if isNameStart(byte) {
                let name = takeName()
                add(Self.words.contains(name) ? .symbol(name) : .identifier(name), start)
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                add(.string(try quotedText(closedBy: byte)), start)
            } else if byte == UInt8(ascii: "`") {
                add(.string(try rawText()), start)
            } else if let sign = Self.signs.first(where: { bytes[index...].starts(with: $0) }) {
                index += sign.count
                add(.symbol(String(decoding: sign, as: UTF8.self)), start)
            } else {
                throw failure("this character has no meaning here", at: start)
            }
        }
        add(.end, index)
    }

    /// False at the end of the source.
    private mutating func skipBlanks() throws(ExpressionError) -> Bool {
        while index < bytes.count {
            let rest = bytes[index...]
            if [0x20, 0x09, 0x0a, 0x0d].contains(bytes[index]) {
                index += 1
            } else if rest.starts(with: "//".utf8) {
                index = rest.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            } else if rest.starts(with: "/*".utf8) {
                let start = index
                index += 2
                while !bytes[index...].starts(with: "*/".utf8) {
                    guard index < bytes.count else {
                        throw failure("the comment is not closed by */", at: start)
                    }
                    index += 1
                }
                index += 2
            } else {
                return true
            }
        }
        return false
    }

    private mutating func takeName() -> String {
        let start = index
        while index < bytes.count, isNameStart(bytes[index]) || isDigit(bytes[index]) { index += 1 }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func number() throws(ExpressionError) -> Value {
        let start = index
        let radixes: [(String, Int)] = [("0x", 16), ("0b", 2), ("0o", 8)]
        for (prefix, radix) in radixes
        where bytes[index...].starts(with: prefix.utf8)
            || bytes[index...].starts(with: prefix.uppercased().utf8)
        {
            index += 2
            let digits = takeName().filter { $0 != "_" }
            guard let value = Int64(digits, radix: radix) else {
                throw failure("this is no number of base \(radix)", at: start)
            }
            return .int(value)
        }
        takeDigits()
        var isWhole = true
        // `1..3` is a range, not 1. and .3.
        if index < bytes.count, bytes[index] == UInt8(ascii: "."),
            index + 1 == bytes.count || bytes[index + 1] != UInt8(ascii: ".")
        {
            isWhole = false
            index += 1
            takeDigits()
        }
        if index < bytes.count, "eE".utf8.contains(bytes[index]) {
            isWhole = false
            index += 1
            if index < bytes.count, "+-".utf8.contains(bytes[index]) { index += 1 }
            takeDigits()
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self).filter { $0 != "_" }
        if index < bytes.count, isNameStart(bytes[index]) {
            throw failure("a letter follows a number", at: index)
        }
        if isWhole, let value = Int64(text) { return .int(value) }
        guard !isWhole, let value = Double(text), value.isFinite else {
            throw failure("this is no number, or it is out of range", at: start)
        }
        return .double(value)
    }

    private mutating func takeDigits() {
        while index < bytes.count, isDigit(bytes[index]) || bytes[index] == UInt8(ascii: "_") {
            index += 1
        }
    }

    private mutating func rawText() throws(ExpressionError) -> String {
        guard let end = bytes[(index + 1)...].firstIndex(of: UInt8(ascii: "`")) else {
            throw failure("the text is not closed by `", at: index)
        }
        let text = String(decoding: bytes[(index + 1)..<end], as: UTF8.self)
        index = end + 1
        return text
    }

    private mutating func quotedText(closedBy quote: UInt8) throws(ExpressionError) -> String {
        let start = index
        var content: [UInt8] = []
        index += 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") {
            if bytes[index] == quote {
                index += 1
                return String(decoding: content, as: UTF8.self)
            }
            if bytes[index] == UInt8(ascii: "\\") {
                content += Array(String(Character(try escape())).utf8)
            } else {
                content.append(bytes[index])
                index += 1
            }
        }
        throw failure("the text is not closed by \(Character(UnicodeScalar(quote)))", at: start)
    }

    private mutating func escape() throws(ExpressionError) -> Unicode.Scalar {
        let start = index
        guard index + 1 < bytes.count else { throw failure("the text is not closed", at: start) }
        let letter = Character(UnicodeScalar(bytes[index + 1]))
        let plain: [Character: Unicode.Scalar] = [
            "a": "\u{7}", "b": "\u{8}", "f": "\u{c}", "n": "\n", "r": "\r", "t": "\t",
            "v": "\u{b}", "\\": "\\", "'": "'", "\"": "\"", "`": "`", "?": "?",
        ]
        if let scalar = plain[letter] {
            index += 2
            return scalar
        }
        let lengths: [Character: Int] = ["x": 2, "X": 2, "u": 4, "U": 8]
        let isOctal = ("0"..."7").contains(letter)
        guard let length = isOctal ? 3 : lengths[letter] else {
            throw failure("there is no such escape", at: start)
        }
        let first = isOctal ? index + 1 : index + 2
        let digits = String(
            decoding: bytes[min(first, bytes.count)...].prefix(length),
            as: UTF8.self
        )
        guard digits.utf8.count == length, let code = UInt32(digits, radix: isOctal ? 8 : 16),
            let scalar = Unicode.Scalar(code)
        else { throw failure("the escape is not complete", at: start) }
        index = first + length
        return scalar
    }

    private mutating func add(_ kind: Token.Kind, _ offset: Int) {
        tokens.append(Token(kind: kind, offset: offset))
    }

    private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private func isNameStart(_ byte: UInt8) -> Bool {
        (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) || byte >= 0x80
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
    }

    private func failure(_ message: String, at offset: Int) -> ExpressionError {
        ExpressionError(message, in: source, at: offset)
    }
}
