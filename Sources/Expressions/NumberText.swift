/// Numbers as text and back, as Go reads and writes them.
///
/// Templates compare and coerce by these forms, so they must be Kargo's to the digit.
enum NumberText {
    /// A finite number as encoding/json writes it: without an exponent from 1e-6 up to 1e21.
    static func json(_ number: Double) -> String {
        let size = abs(number)
        if size == 0 { return number.sign == .minus ? "-0" : "0" }
        let (digits, exponent) = decimal(size)
        let sign = number < 0 ? "-" : ""
        guard size >= 1e-6, size < 1e21 else { return sign + scientific(digits, exponent) }
        return sign + plain(digits, exponent)
    }

    /// A number as `%v` writes it: with an exponent below 1e-4 and from 1e21.
    static func display(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Inf" : "+Inf" }
        let size = abs(number)
        if size == 0 { return number.sign == .minus ? "-0" : "0" }
        let (digits, exponent) = decimal(size)
        let sign = number < 0 ? "-" : ""
        guard exponent >= -4, exponent < 21 else {
            var text = scientific(digits, exponent)
            // %v writes at least two digits of exponent.
            if let sign = text.lastIndex(where: { $0 == "+" || $0 == "-" }),
                text.distance(from: sign, to: text.endIndex) == 2
            {
                text.insert("0", at: text.index(after: sign))
            }
            return sign + text
        }
        return sign + plain(digits, exponent)
    }

    /// What Go's `strconv.ParseFloat` makes of `text`; nil where it fails or overflows.
    ///
    /// Whole numbers in plain decimal digits keep all their digits up to 64 bits.
    static func parsed(_ text: String) -> Value? {
        if let number = Int64(text), !text.hasPrefix("-0") { return .int(number) }
        var body = text[...]
        let isSigned = body.hasPrefix("+") || body.hasPrefix("-")
        if isSigned { body = body.dropFirst() }
        switch body.lowercased() {
        case "inf", "infinity": return .double(text.hasPrefix("-") ? -.infinity : .infinity)
        case "nan" where !isSigned: return .double(.nan)
        default: break
        }
        guard let digits = withoutUnderscores(body), isNumber(digits) else { return nil }
        guard let size = Double(digits), size.isFinite else { return nil }
        return normalized(text.hasPrefix("-") ? -size : size)
    }

    /// A number as an integer where it is one.
    static func normalized(_ number: Double) -> Value {
        guard let whole = Int64(exactly: number) else { return .double(number) }
        return .int(whole)
    }

    /// The shortest decimal digits that give `size` back, and the exponent of the first of them.
    private static func decimal(_ size: Double) -> (digits: [UInt8], exponent: Int) {
        // Swift's description is shortest and round-trips; only its layout differs.
        let text = Array(size.description.utf8)
        let mark = text.firstIndex(of: UInt8(ascii: "e")) ?? text.count
        let written = Int(String(decoding: text[mark...].dropFirst(), as: UTF8.self)) ?? 0
        let point = text[..<mark].firstIndex(of: UInt8(ascii: ".")) ?? mark
        var digits = text[..<mark].filter { $0 != UInt8(ascii: ".") }
        let leading = digits.prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(leading)
        while digits.last == UInt8(ascii: "0"), digits.count > 1 { digits.removeLast() }
        return (digits, written + point - 1 - leading)
    }

    private static func plain(_ digits: [UInt8], _ exponent: Int) -> String {
        let text = String(decoding: digits, as: UTF8.self)
        if exponent < 0 { return "0." + String(repeating: "0", count: -exponent - 1) + text }
        if exponent >= digits.count - 1 {
            return text + String(repeating: "0", count: exponent - digits.count + 1)
        }
        return text.prefix(exponent + 1) + "." + text.dropFirst(exponent + 1)
    }

    private static func scientific(_ digits: [UInt8], _ exponent: Int) -> String {
        let text = String(decoding: digits, as: UTF8.self)
        let fraction = digits.count > 1 ? "." + text.dropFirst() : ""
        return "\(text.prefix(1))\(fraction)e\(exponent < 0 ? "-" : "+")\(abs(exponent))"
    }

    /// Underscores go where they stand between digits; nil where they stand elsewhere.
    private static func withoutUnderscores(_ text: Substring) -> String? {
        guard text.contains("_") else { return String(text) }
        var previous: Character = "."
        for character in text {
            let isBeside = { (neighbour: Character) in neighbour.isASCII && neighbour.isHexDigit }
            if character == "_", !isBeside(previous) && previous.lowercased() != "x" { return nil }
            if previous == "_", !isBeside(character) { return nil }
            previous = character
        }
        return previous == "_" ? nil : text.filter { $0 != "_" }
    }

    /// Whether `text` is an unsigned decimal or hexadecimal floating-point number of Go's.
    private static func isNumber(_ text: String) -> Bool {
        var rest = text[...].utf8
        let isHexadecimal = rest.starts(with: "0x".utf8) || rest.starts(with: "0X".utf8)
        if isHexadecimal { rest = rest.dropFirst(2) }
        func takeDigits() -> Int {
            let digits = rest.prefix { byte in
                (0x30...0x39).contains(byte)
                    || isHexadecimal
                        && ((0x41...0x46).contains(byte) || (0x61...0x66).contains(byte))
            }
            rest = rest.dropFirst(digits.count)
            return digits.count
        }
        var count = takeDigits()
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            count += takeDigits()
        }
        guard count > 0 else { return false }
        let marks = isHexadecimal ? "pP" : "eE"
        guard let mark = rest.first, marks.utf8.contains(mark) else {
            return rest.isEmpty && !isHexadecimal
        }
        rest = rest.dropFirst()
        if let sign = rest.first, "+-".utf8.contains(sign) { rest = rest.dropFirst() }
        return !rest.isEmpty && rest.allSatisfy { (0x30...0x39).contains($0) }
    }
}
