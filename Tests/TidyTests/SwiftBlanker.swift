/// Replaces comments and the content of string literals by blanks; line breaks stay.
///
/// Knows line and block comments, and literals with and without `#` and `"""`. What stands in an
/// interpolation is blanked too: no rule here looks there.
struct SwiftBlanker {
    private let source: [UInt8]
    private var output: [UInt8] = []
    private var index = 0

    static func blank(_ text: String) -> String {
        var blanker = SwiftBlanker(source: Array(text.utf8))
        blanker.run()
        return String(decoding: blanker.output, as: UTF8.self)
    }

    private init(source: [UInt8]) { self.source = source }

    private mutating func run() {
        while index < source.count {
            let byte = source[index]
            guard [UInt8(ascii: "/"), UInt8(ascii: "#"), UInt8(ascii: "\"")].contains(byte) else {
                output.append(byte)
                index += 1
                continue
            }
            if starts(with: "//") {
                while index < source.count, source[index] != UInt8(ascii: "\n") { skip() }
            } else if starts(with: "/*") {
                skipBlockComment()
            } else if let hashCount = literalStart() {
                skipLiteral(hashCount: hashCount)
            } else {
                output.append(source[index])
                index += 1
            }
        }
    }

    private func starts(with text: String, at start: Int? = nil) -> Bool {
        let bytes = Array(text.utf8)
        let start = start ?? index
        return start + bytes.count <= source.count
            && source[start..<start + bytes.count].elementsEqual(bytes)
    }

    /// Takes one byte, which becomes a blank unless it is a line break.
    private mutating func skip() {
        output.append(source[index] == UInt8(ascii: "\n") ? source[index] : UInt8(ascii: " "))
        index += 1
    }

    private mutating func skip(_ count: Int) {
        for _ in 0..<count where index < source.count { skip() }
    }

    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if starts(with: "/*") {
                depth += 1
                skip(2)
            } else if starts(with: "*/") {
                depth -= 1
                skip(2)
            } else {
                skip()
            }
        } while depth > 0 && index < source.count
    }

    /// How many `#` a literal that begins here has; nil if none begins.
    private func literalStart() -> Int? {
        var position = index
        while position < source.count, source[position] == UInt8(ascii: "#") { position += 1 }
        guard position < source.count, source[position] == UInt8(ascii: "\"") else { return nil }
        return position - index
    }

    private mutating func skipLiteral(hashCount: Int) {
        let hashes = String(repeating: "#", count: hashCount)
        let quote = starts(with: "\"\"\"", at: index + hashCount) ? "\"\"\"" : "\""
        // The quotes stay, so that code still reads as having a literal there.
        output.append(contentsOf: (hashes + quote).utf8)
        index += hashCount + quote.utf8.count
        var interpolations = 0
        while index < source.count {
            if starts(with: "\\" + hashes + "(") {
                interpolations += 1
                skip(2 + hashCount)
            } else if interpolations > 0, source[index] == UInt8(ascii: "(") {
                interpolations += 1
                skip()
            } else if interpolations > 0, source[index] == UInt8(ascii: ")") {
                interpolations -= 1
                skip()
            } else if interpolations == 0, starts(with: "\\" + hashes) {
                skip(2 + hashCount)
            } else if interpolations == 0, starts(with: quote + hashes) {
                output.append(contentsOf: (quote + hashes).utf8)
                index += quote.utf8.count + hashCount
                return
            } else {
                skip()
            }
        }
    }
}
