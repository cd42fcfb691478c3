/// Reads a text of a TOML document: in quotes or apostrophes, one or three of them.
struct TOMLTextReader {
    private let bytes: [UInt8]
    /// Where it stands; behind the text once that was read.
    private(set) var index: Int

    init(_ bytes: [UInt8], at index: Int) {
        self.bytes = bytes
        self.index = index
    }

    /// What the text says.
    mutating func text(allowsLines: Bool) throws(TOMLProblem) -> String {
        let quote = bytes[index]
        let isTriple = bytes[index...].starts(with: [quote, quote, quote])
        guard isTriple else {
            index += 1
            return try text(quote, endsAfter: 1)
        }
        guard allowsLines else { throw TOMLProblem("a key cannot have three quotes") }
        index += 3
        // A line that ends right behind the quotes does not count.
        if bytes[index...].starts(with: [0x0A]) { index += 1 }
        if bytes[index...].starts(with: [0x0D, 0x0A]) { index += 2 }
        return try text(quote, endsAfter: 3)
    }

    private mutating func text(_ quote: UInt8, endsAfter count: Int) throws(TOMLProblem) -> String {
        var read: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            if byte == quote {
                let quotes = bytes[index...].prefix(5).prefix { $0 == quote }.count
                if quotes >= count {
                    // Up to two quotes may stand right before the three that end it.
                    let inner = count == 3 ? quotes - 3 : 0
                    read += repeatElement(quote, count: inner)
                    index += count + inner
                    return String(decoding: read, as: UTF8.self)
                }
                read += repeatElement(quote, count: quotes)
                index += quotes
                continue
            }
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                read += try escape(allowsLines: count == 3)
                continue
            }
            let isLine =
                byte == 0x0A || byte == 0x0D && bytes[(index + 1)...].starts(with: [0x0A])
            guard byte >= 0x20 && byte != 0x7F || byte == 0x09 || isLine && count == 3 else {
                throw TOMLProblem("a text is not closed, or has a raw control character")
            }
            read.append(byte)
            index += 1
        }
        throw TOMLProblem("a text is not closed")
    }

    private mutating func escape(allowsLines: Bool) throws(TOMLProblem) -> [UInt8] {
        index += 1
        guard index < bytes.count else { throw TOMLProblem("a text is not closed") }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): return [byte]
        case UInt8(ascii: "u"): return try scalar(digits: 4)
        case UInt8(ascii: "U"): return try scalar(digits: 8)
        default:
            guard allowsLines else { throw TOMLProblem("a text has an unknown escape") }
            index -= 1
            return try skipLineEnd()
        }
    }

    /// `\` at the end of a line: it, and all blanks and lines behind it, do not count.
    private mutating func skipLineEnd() throws(TOMLProblem) -> [UInt8] {
        let blanks = bytes[index...].prefix { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        let line = blanks.prefix { $0 != 0x0A }
        guard line.count < blanks.count else { throw TOMLProblem("a text has an unknown escape") }
        index = blanks.endIndex
        return []
    }

    private mutating func scalar(digits: Int) throws(TOMLProblem) -> [UInt8] {
        let text = String(decoding: bytes[index...].prefix(digits), as: UTF8.self)
        guard text.utf8.count == digits, text.allSatisfy(\.isHexDigit),
            let number = UInt32(text, radix: 16), let scalar = Unicode.Scalar(number)
        else { throw TOMLProblem("a text has an escape that names no character") }
        index += digits
        return Array(String(Character(scalar)).utf8)
    }
}
