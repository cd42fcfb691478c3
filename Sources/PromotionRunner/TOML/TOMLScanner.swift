import Expressions

/// Reads TOML 1.0 (toml.io) and notes where single values stand.
struct TOMLScanner {
    private let bytes: [UInt8]
    private var index: Int
    private static let depthMax = 100
    /// How many names a key may have between dots.
    private static let keyDepthMax = 32

    /// The document in `bytes`; throws with the line where it is none.
    static func document(_ bytes: [UInt8]) throws(StepError) -> TOMLTable {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw .wrong("the file is not UTF-8")
        }
        var scanner = TOMLScanner(bytes)
        do throws(TOMLProblem) {
            return try scanner.document()
        } catch {
            let end = min(scanner.index, bytes.count)
            let line = bytes[..<end].count { $0 == UInt8(ascii: "\n") } + 1
            throw .wrong("line \(line) is not TOML: \(error.reason)")
        }
    }

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
        index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    private mutating func document() throws(TOMLProblem) -> TOMLTable {
        let root = TOMLTable(.header)
        var table = root
        while true {
            try skipLines()
            guard peek != nil else { return root }
            if take("[") {
                let isElement = take("[")
                let keys = try keys()
                guard take("]"), !isElement || take("]") else {
                    throw TOMLProblem("a header is not closed")
                }
                table = try root.begin(keys[...], isElement: isElement)
            } else {
                try member(of: table, depth: 0)
            }
            try endLine()
        }
    }

    // MARK: - Keys

    /// `key = value`, added to the table.
    private mutating func member(of table: TOMLTable, depth: Int) throws(TOMLProblem) {
        let keys = try keys()
        guard take("=") else { throw TOMLProblem("an equals sign is missing behind a key") }
        skipBlanks()
        let node = try node(depth: depth)
        if let problem = table.add(node, at: keys[...]) { throw TOMLProblem(problem) }
    }

    /// Keys between dots, and the blanks around them.
    private mutating func keys() throws(TOMLProblem) -> [String] {
        var keys: [String] = []
        repeat {
            skipBlanks()
            keys.append(try key())
            guard keys.count <= Self.keyDepthMax else {
                throw TOMLProblem("a key has more than \(Self.keyDepthMax) names")
            }
            skipBlanks()
        } while take(".")
        return keys
    }

    private mutating func key() throws(TOMLProblem) -> String {
        if peek == UInt8(ascii: "\"") || peek == UInt8(ascii: "'") {
            var reader = TOMLTextReader(bytes, at: index)
            let text = try reader.text(allowsLines: false)
            index = reader.index
            return text
        }
        let start = index
        while let byte = peek, byte.isTOMLKey { index += 1 }
        guard index > start else { throw TOMLProblem("a key is missing") }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    // MARK: - Values

    private mutating func node(depth: Int) throws(TOMLProblem) -> TOMLTable.Node {
        guard depth <= Self.depthMax else {
            throw TOMLProblem("it is nested deeper than \(Self.depthMax) levels")
        }
        switch peek {
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "{"): return .table(try inlineTable(depth: depth))
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            var reader = TOMLTextReader(bytes, at: index)
            let start = index
            defer { index = reader.index }
            let text = try reader.text(allowsLines: true)
            return .scalar(.string(text), start..<reader.index)
        default: return try plain()
        }
    }

    private mutating func array(depth: Int) throws(TOMLProblem) -> [TOMLTable.Node] {
        var elements: [TOMLTable.Node] = []
        index += 1
        try skipLines()
        while !take("]") {
            elements.append(try node(depth: depth + 1))
            try skipLines()
            guard take(",") || peek == UInt8(ascii: "]") else {
                throw TOMLProblem("a comma or ] is missing")
            }
            try skipLines()
        }
        return elements
    }

    private mutating func inlineTable(depth: Int) throws(TOMLProblem) -> TOMLTable {
        // Dotted keys may add to the tables that dotted keys in it made, and nothing to others.
        let table = TOMLTable(.inline)
        index += 1
        skipBlanks()
        if take("}") { return table }
        repeat {
            try member(of: table, depth: depth + 1)
            skipBlanks()
        } while take(",")
        guard take("}") else { throw TOMLProblem("a comma or } is missing") }
        return table
    }

    /// A number, a boolean, or a date.
    private mutating func plain() throws(TOMLProblem) -> TOMLTable.Node {
        let start = index
        skipPlain()
        // A blank may stand between a date and its time.
        if index - start == 10, bytes[start + 4] == UInt8(ascii: "-"),
            peek == 0x20, index + 1 < bytes.count, bytes[index + 1].isDigit
        {
            index += 1
            skipPlain()
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        guard let value = TOMLPlainValue.value(of: text) else {
            throw TOMLProblem(text.isEmpty ? "a value is missing" : "\(text) is no value")
        }
        return .scalar(value, start..<index)
    }

    private mutating func skipPlain() {
        while let byte = peek, byte.isTOMLKey || [0x2B, 0x2E, 0x3A].contains(byte) { index += 1 }
    }

    // MARK: - Blanks and lines

    private mutating func skipBlanks() {
        while let byte = peek, byte == 0x20 || byte == 0x09 { index += 1 }
    }

    /// Skips blanks, comments and ends of lines.
    private mutating func skipLines() throws(TOMLProblem) {
        while true {
            skipBlanks()
            try skipComment()
            guard takeLineEnd() else { return }
        }
    }

    private mutating func skipComment() throws(TOMLProblem) {
        guard peek == UInt8(ascii: "#") else { return }
        while let byte = peek, byte != 0x0A {
            let isLineEnd = byte == 0x0D && index + 1 < bytes.count && bytes[index + 1] == 0x0A
            if isLineEnd { return }
            guard byte >= 0x20 || byte == 0x09, byte != 0x7F else {
                throw TOMLProblem("a comment has a control character")
            }
            index += 1
        }
    }

    private mutating func endLine() throws(TOMLProblem) {
        skipBlanks()
        try skipComment()
        guard peek == nil || takeLineEnd() else {
            throw TOMLProblem("something follows on the same line")
        }
    }

    private mutating func takeLineEnd() -> Bool {
        if take("\n") { return true }
        guard peek == 0x0D, index + 1 < bytes.count, bytes[index + 1] == 0x0A else { return false }
        index += 2
        return true
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }
}

extension UInt8 {
    var isDigit: Bool { (0x30...0x39).contains(self) }

    /// Whether it may be in a key without quotes.
    fileprivate var isTOMLKey: Bool {
        isDigit || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
            || self == UInt8(ascii: "_") || self == UInt8(ascii: "-")
    }
}
