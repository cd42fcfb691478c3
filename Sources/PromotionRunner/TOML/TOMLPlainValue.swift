import Expressions

/// What TOML's numbers, booleans and dates say.
enum TOMLPlainValue {
    /// The value of `text`, where dates stay text.
    ///
    /// Nil where it is none of them.
    static func value(of text: String) -> Value? {
        switch text {
        case "true": .bool(true)
        case "false": .bool(false)
        case "inf", "+inf": .double(.infinity)
        case "-inf": .double(-.infinity)
        case "nan", "+nan", "-nan": .double(.nan)
        default: integer(text) ?? float(text) ?? date(text)
        }
    }

    private static func integer(_ text: String) -> Value? {
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where text.hasPrefix(prefix) {
            guard let digits = digits(text.dropFirst(2), radix: radix) else { return nil }
            return Int64(digits, radix: radix).map { .int($0) }
        }
        let isSigned = text.hasPrefix("-") || text.hasPrefix("+")
        let size = isSigned ? text.dropFirst() : text[...]
        guard let digits = digits(size, radix: 10), isWithoutZero(digits) else { return nil }
        return Int64((text.hasPrefix("-") ? "-" : "") + digits).map { .int($0) }
    }

    private static func float(_ text: String) -> Value? {
        let isSigned = text.hasPrefix("-") || text.hasPrefix("+")
        let size = isSigned ? text.dropFirst() : text[...]
        let parts = size.split(separator: "e", maxSplits: 1, omittingEmptySubsequences: false)
            .flatMap { part in
                part.split(separator: "E", maxSplits: 1, omittingEmptySubsequences: false)
            }
        guard parts.count <= 2, let mantissa = parts.first else { return nil }
        let halves = mantissa.split(separator: ".", omittingEmptySubsequences: false)
        guard halves.count <= 2, halves.count + parts.count > 2 else { return nil }
        var number = text.hasPrefix("-") ? "-" : ""
        for (place, half) in halves.enumerated() {
            guard let digits = digits(half, radix: 10) else { return nil }
            if place == 0, !isWithoutZero(digits) { return nil }
            number += (place == 0 ? "" : ".") + digits
        }
        if parts.count == 2 {
            let isSigned = parts[1].hasPrefix("-") || parts[1].hasPrefix("+")
            let exponent = isSigned ? parts[1].dropFirst() : parts[1]
            guard let digits = digits(exponent, radix: 10) else { return nil }
            number += "e" + (parts[1].hasPrefix("-") ? "-" : "") + digits
        }
        return Double(number).map { .double($0) }
    }

    /// The digits without the underscores between them; nil where they are anywhere else.
    private static func digits(_ text: Substring, radix: Int) -> String? {
        let groups = text.split(separator: "_", omittingEmptySubsequences: false)
        let isSound = groups.allSatisfy { group in
            !group.isEmpty && group.allSatisfy { $0.isASCII && ($0.hexDigitValue ?? 99) < radix }
        }
        return isSound ? groups.joined() : nil
    }

    private static func isWithoutZero(_ digits: String) -> Bool {
        digits == "0" || !digits.hasPrefix("0")
    }

    private static func date(_ text: String) -> Value? {
        guard isDate(text) else { return nil }
        return .string(text)
    }

    /// `1979-05-27T07:32:00-08:00`, or the date or the time of it alone.
    private static func isDate(_ text: String) -> Bool {
        let date = /[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])/
        let time = /([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?/
        let zone = /[Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9]/
        if text.wholeMatch(of: time) != nil { return true }
        guard let day = text.prefixMatch(of: date) else { return false }
        var rest = text[day.range.upperBound...]
        if rest.isEmpty { return true }
        guard let separator = rest.popFirst(), "Tt ".contains(separator),
            let clock = rest.prefixMatch(of: time)
        else { return false }
        rest = rest[clock.range.upperBound...]
        return rest.isEmpty || rest.wholeMatch(of: zone) != nil
    }
}
