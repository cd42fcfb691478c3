/// Checks a regular expression against RE2's syntax and spells it for PCRE2.
///
/// The two agree on most of what people write. What only PCRE2 knows is refused with the
/// character where it stands; the few escapes that both have with different meanings (`\v`,
/// octal codes) are respelled. The syntax is that of https://github.com/google/re2/wiki/Syntax
/// as Go implements it.
struct RE2Syntax {
    private let pattern: String
    private let bytes: [UInt8]
    private var index = 0
    private var output: [UInt8] = []
    /// What a following quantifier would apply to.
    private var last = Last.nothing

    private enum Last {
        case nothing, atom, quantifier
    }

    /// The same expression in PCRE2's spelling.
    static func translated(_ pattern: String) throws(MatchingError) -> String {
        var syntax = RE2Syntax(pattern)
        try syntax.translate()
        return String(decoding: syntax.output, as: UTF8.self)
    }

    private init(_ pattern: String) {
        self.pattern = pattern
        bytes = Array(pattern.utf8)
        output.reserveCapacity(bytes.count)
    }

    private mutating func translate() throws(MatchingError) {
        guard bytes.count <= MatchingLimits.patternBytesMax else {
            throw refusal("it is longer than \(MatchingLimits.patternBytesMax) bytes")
        }
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\\"):
                try escape(inClass: false)
                last = .atom
            case UInt8(ascii: "["):
                try characterClass()
                last = .atom
            case UInt8(ascii: "("):
                try group()
                last = .nothing
            case UInt8(ascii: "|"):
                copy(1)
                last = .nothing
            case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"):
                try quantifier(length: 1)
            case UInt8(ascii: "{"):
                if let length = try repetitionLength() {
                    try quantifier(length: length)
                } else {
                    output += Array("\\{".utf8)
                    index += 1
                    last = .atom
                }
            default:
                copy(1)
                last = .atom
            }
        }
    }

    private mutating func quantifier(length: Int) throws(MatchingError) {
        switch last {
        case .nothing: throw refusal("there is nothing here to repeat")
        case .quantifier: throw refusal("a repetition cannot be repeated or made possessive")
        case .atom: break
        }
        copy(length)
        if index < bytes.count, bytes[index] == UInt8(ascii: "?") { copy(1) }
        last = .quantifier
    }

    /// The length of `{n}`, `{n,}` or `{n,m}` at the index; nil where the brace means itself.
    private func repetitionLength() throws(MatchingError) -> Int? {
        guard let close = bytes[index...].firstIndex(of: UInt8(ascii: "}")) else { return nil }
        let inner = String(decoding: bytes[(index + 1)..<close], as: UTF8.self)
        let parts = inner.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
        let isRepetition =
            !parts[0].isEmpty
            && parts.allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        guard isRepetition else { return nil }
        let counts = parts.filter { !$0.isEmpty }.map { Int($0) ?? Int.max }
        guard counts.allSatisfy({ $0 <= MatchingLimits.repetitionMax }) else {
            throw refusal("a repetition count is at most \(MatchingLimits.repetitionMax)")
        }
        guard counts.count < 2 || counts[0] <= counts[1] else {
            throw refusal("the repetition's first count is above its second")
        }
        return close - index + 1
    }

    private mutating func group() throws(MatchingError) {
        let rest = bytes[(index + 1)...]
        guard let first = rest.first else { throw refusal("the parenthesis is not closed") }
        if first == UInt8(ascii: "*") { throw refusal("RE2 has no verbs such as (*SKIP)") }
        guard first == UInt8(ascii: "?") else {
            copy(1)
            return
        }
        let start = String(decoding: rest.dropFirst().prefix(3), as: UTF8.self)
        if start.hasPrefix("=") || start.hasPrefix("!") {
            throw refusal("RE2 has no lookahead: match what is wanted, or use an ignore list")
        }
        if start.hasPrefix("<=") || start.hasPrefix("<!") {
            throw refusal("RE2 has no lookbehind: match what is wanted, or use an ignore list")
        }
        if start.hasPrefix(">") { throw refusal("RE2 has no atomic groups") }
        if start.hasPrefix("P=") || start.hasPrefix("P>") {
            throw refusal("RE2 has no backreferences")
        }
        if start.hasPrefix("P<") || start.hasPrefix("<") {
            try copy(through: UInt8(ascii: ">"), "the group's name is not closed by >")
            return
        }
        try flags()
    }

    /// `(?i)`, `(?s-m:`: flags that both know.
    private mutating func flags() throws(MatchingError) {
        var end = index + 2
        while end < bytes.count, "imsU-".utf8.contains(bytes[end]) { end += 1 }
        guard end < bytes.count, bytes[end] == UInt8(ascii: ":") || bytes[end] == UInt8(ascii: ")")
        else { throw refusal("RE2 does not know this kind of group") }
        copy(end - index + 1)
    }

    private mutating func characterClass() throws(MatchingError) {
        let start = index
        copy(1)
        if index < bytes.count, bytes[index] == UInt8(ascii: "^") { copy(1) }
        var isFirst = true
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "]") where !isFirst:
                copy(1)
                return
            case UInt8(ascii: "\\"):
                try escape(inClass: true)
            case UInt8(ascii: "[")
            where index + 1 < bytes.count
                && bytes[index + 1] == UInt8(ascii: ":"):
                try copy(through: UInt8(ascii: "]"), "the character class is not closed")
            case UInt8(ascii: "["):
                output += Array("\\[".utf8)
                index += 1
            default:
                copy(1)
            }
            isFirst = false
        }
        index = start
        throw refusal("the bracket is not closed")
    }

    private mutating func escape(inClass: Bool) throws(MatchingError) {
        guard index + 1 < bytes.count else { throw refusal("nothing follows the backslash") }
        let letter = bytes[index + 1]
        switch letter {
        case UInt8(ascii: "a"), UInt8(ascii: "f"), UInt8(ascii: "t"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "d"), UInt8(ascii: "D"), UInt8(ascii: "s"),
            UInt8(ascii: "S"), UInt8(ascii: "w"), UInt8(ascii: "W"):
            copy(2)
        case UInt8(ascii: "p"), UInt8(ascii: "P"), UInt8(ascii: "x"):
            copy(2)
            guard index < bytes.count, bytes[index] == UInt8(ascii: "{") else { break }
            try copy(through: UInt8(ascii: "}"), "the brace is not closed")
        case UInt8(ascii: "v"):
            output += Array("\\x0b".utf8)
            index += 2
        case UInt8(ascii: "A"), UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "z"):
            if inClass { throw refusal("this escape means nothing inside brackets") }
            copy(2)
        case UInt8(ascii: "Q"):
            quotedText(inClass: inClass)
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            try octal()
        case UInt8(ascii: "8"), UInt8(ascii: "9"), UInt8(ascii: "g"), UInt8(ascii: "k"):
            throw refusal("RE2 has no backreferences")
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            throw refusal("RE2 does not know this escape")
        default:
            copy(2)
        }
    }

    /// `\Q…\E`, spelled out, since PCRE2 would apply a quantifier to its last character only.
    private mutating func quotedText(inClass: Bool) {
        index += 2
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count,
                bytes[index + 1] == UInt8(ascii: "E")
            {
                index += 2
                return
            }
            let byte = bytes[index]
            let isWord = byte >= 0x80 || UnicodeScalar(byte).properties.isAlphabetic
            if !isWord, !(0x30...0x39).contains(byte) { output.append(UInt8(ascii: "\\")) }
            copy(1)
        }
    }

    private mutating func octal() throws(MatchingError) {
        var end = index + 1
        var value = 0
        while end < bytes.count, end < index + 4, (0x30...0x37).contains(bytes[end]) {
            value = value * 8 + Int(bytes[end] - 0x30)
            end += 1
        }
        if bytes[index + 1] != UInt8(ascii: "0"), end == index + 2 {
            throw refusal("RE2 has no backreferences")
        }
        output += Array("\\x{\(String(value, radix: 16))}".utf8)
        index = end
    }

    private mutating func copy(_ count: Int) {
        output += bytes[index..<(index + count)]
        index += count
    }

    private mutating func copy(through byte: UInt8, _ reason: String) throws(MatchingError) {
        guard let end = bytes[index...].firstIndex(of: byte) else { throw refusal(reason) }
        copy(end - index + 1)
    }

    private func refusal(_ reason: String) -> MatchingError {
        .regularExpression(pattern: pattern, offset: index, reason: reason)
    }
}
