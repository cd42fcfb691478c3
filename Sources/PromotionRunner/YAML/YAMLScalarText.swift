import Expressions

/// How a value is written as a scalar, so that it reads as the same value again.
enum YAMLScalarText {
    /// `value` in a text that fits on one line.
    ///
    /// A text is plain where it can be, and quoted where it would read as something else or where
    /// what stood there was quoted (`keepsQuotes`).
    static func text(of value: Value, keepsQuotes quote: Character?, inFlow: Bool) -> String {
        switch value {
        case .string(let text):
            if quote == nil, isPlain(text, inFlow: inFlow) { return text }
            if quote == "'", !text.contains(where: isControl) {
                return "'"
                    + text.split(separator: "'", omittingEmptySubsequences: false)
                    .joined(separator: "''") + "'"
            }
            return doubleQuoted(text)
        case .null: return "null"
        case .bool(let flag): return flag ? "true" : "false"
        case .int, .double, .array, .object: return value.json
        }
    }

    private static func isControl(_ character: Character) -> Bool {
        character.unicodeScalars.contains { scalar in
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                || [0x2028, 0x2029, 0xFEFF].contains(scalar.value)
        }
    }

    private static func doubleQuoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            default:
                guard isControl(Character(scalar)) else {
                    result.unicodeScalars.append(scalar)
                    continue
                }
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return result + "\""
    }

    /// Whether `text` may stand without quotes and reads as text (YAML 1.1 and 1.2).
    static func isPlain(_ text: String, inFlow: Bool) -> Bool {
        guard let first = text.first, let last = text.last, text.utf8.count <= 1000,
            !"-?:,[]{}#&*!|>'\"%@`=".contains(first), first != " ", last != " ", last != ":",
            !text.contains(": "), !text.contains(" #"), !text.contains(where: isControl),
            text != "<<", text != "...", text != "~"
        else { return false }
        if inFlow, text.contains(where: { ",[]{}:".contains($0) }) { return false }
        return !otherWords.contains(text.lowercased()) && !NumberShape.matches(text)
    }

    /// Words that some reader takes for something else, Go's readers of numbers and booleans
    /// among them.
    private static let otherWords: Set<String> = [
        "null", "true", "false", "yes", "no", "on", "off", "y", "n", "t", "f", "inf", "infinity",
        "nan", "+inf", "+infinity", "-inf", "-infinity", "+nan", "-nan",
    ]
}

/// Tells what some reader of YAML could take for a number, a date or a time.
private enum NumberShape {
    static func matches(_ text: String) -> Bool {
        var body = Array(text.lowercased().utf8)[...]
        if let sign = body.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            body = body.dropFirst()
        }
        let rest = String(decoding: body, as: UTF8.self)
        if [".inf", ".nan"].contains(rest) { return true }
        guard let first = body.first, isDigit(first) || first == UInt8(ascii: ".") else {
            return false
        }
        // `p` is the exponent of a hexadecimal floating-point number.
        let radixes = [("0x", "0123456789abcdef_.p+-"), ("0o", "01234567_"), ("0b", "01_")]
        for (prefix, digits) in radixes
        where rest.hasPrefix(prefix) {
            return rest.dropFirst(2).allSatisfy { digits.contains($0) }
        }
        return isDecimal(body) || isDateOrSexagesimal(body)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// Digits, at most one dot, at most one exponent.
    private static func isDecimal(_ bytes: ArraySlice<UInt8>) -> Bool {
        let halves = bytes.split(
            separator: UInt8(ascii: "e"),
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        let mantissa = halves[0]
        let dots = mantissa.filter { $0 == UInt8(ascii: ".") }.count
        guard dots <= 1, mantissa.contains(where: isDigit),
            mantissa.allSatisfy({
                isDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_")
            })
        else { return false }
        guard halves.count == 2 else { return true }
        var exponent = halves[1]
        if exponent.first == UInt8(ascii: "-") || exponent.first == UInt8(ascii: "+") {
            exponent = exponent.dropFirst()
        }
        return !exponent.isEmpty && exponent.allSatisfy(isDigit)
    }

    /// `2024-01-31…`, `190:20:30`: wider than the rules, which costs a pair of quotes.
    private static func isDateOrSexagesimal(_ bytes: ArraySlice<UInt8>) -> Bool {
        let hasMark = bytes.contains(UInt8(ascii: ":")) || bytes.contains(UInt8(ascii: "-"))
        return hasMark
            && bytes.allSatisfy { byte in
                isDigit(byte) || ":-.+_ tz".utf8.contains(byte)
            }
    }
}
