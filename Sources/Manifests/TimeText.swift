/// Durations and times as manifests write them.
enum TimeText {
    /// The milliseconds of `1h30m`, `0.5s`: Kargo's `^([0-9]+(\.[0-9]+)?(s|m|h))+$`.
    ///
    /// nil for what is no such duration, or longer than 100 years.
    static func durationMs(_ text: String) -> Int64? {
        var rest = text.utf8[...]
        var total = 0.0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let whole = rest.prefix(while: isDigit)
            rest = rest.dropFirst(whole.count)
            var number = String(decoding: whole, as: UTF8.self)
            guard !number.isEmpty else { return nil }
            if rest.first == UInt8(ascii: ".") {
                let fraction = rest.dropFirst().prefix(while: isDigit)
                guard !fraction.isEmpty else { return nil }
                number += "." + String(decoding: fraction, as: UTF8.self)
                rest = rest.dropFirst(fraction.count + 1)
            }
            guard let unit = rest.popFirst(), let unitMs = units[unit], let size = Double(number)
            else { return nil }
            total += size * unitMs
        }
        return total <= 100 * 366 * 24 * 3_600_000 ? Int64(total.rounded()) : nil
    }

    /// A duration in Kargo's spelling: `1h30m0s`.
    static func duration(_ milliseconds: Int64) -> String {
        let hours = milliseconds / 3_600_000
        let minutes = milliseconds / 60_000 % 60
        let seconds = milliseconds / 1_000 % 60
        var thousandths = String(milliseconds % 1_000 + 1_000).dropFirst()
        while thousandths.last == "0" { thousandths = thousandths.dropLast() }
        let fraction = thousandths.isEmpty ? "" : ".\(thousandths)"
        if hours > 0 { return "\(hours)h\(minutes)m\(seconds)\(fraction)s" }
        return minutes > 0 ? "\(minutes)m\(seconds)\(fraction)s" : "\(seconds)\(fraction)s"
    }

    /// Milliseconds since 1970 of an RFC 3339 time; nil for what is none.
    static func momentMs(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == 0x2d, bytes[7] == 0x2d, bytes[13] == 0x3a,
            bytes[16] == 0x3a, bytes[10] | 0x20 == UInt8(ascii: "t")
        else { return nil }
        func number(_ start: Int, _ count: Int, _ range: ClosedRange<Int64>) -> Int64? {
            guard start + count <= bytes.count else { return nil }
            let digits = bytes[start..<(start + count)]
            guard digits.allSatisfy(isDigit) else { return nil }
            let value = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
            return range.contains(value) ? value : nil
        }
        guard let year = number(0, 4, 1...9_999), let month = number(5, 2, 1...12),
            let day = number(8, 2, 1...31), let hour = number(11, 2, 0...23),
            let minute = number(14, 2, 0...59), let second = number(17, 2, 0...59),
            day <= daysOfMonth(year, month)
        else { return nil }
        var index = 19
        var fraction: Int64 = 0
        if bytes[index] == UInt8(ascii: ".") {
            let digits = bytes[(index + 1)...].prefix(while: isDigit)
            guard !digits.isEmpty else { return nil }
            let padded = Array(digits.prefix(3)) + [0x30, 0x30]
            fraction = padded.prefix(3).reduce(0) { $0 * 10 + Int64($1 - 0x30) }
            index += 1 + digits.count
        }
        guard index < bytes.count else { return nil }
        var offsetMinutes: Int64 = 0
        if bytes[index] | 0x20 == UInt8(ascii: "z") {
            guard index + 1 == bytes.count else { return nil }
        } else {
            guard "+-".utf8.contains(bytes[index]), index + 6 == bytes.count,
                bytes[index + 3] == 0x3a, let hours = number(index + 1, 2, 0...23),
                let minutes = number(index + 4, 2, 0...59)
            else { return nil }
            offsetMinutes = (hours * 60 + minutes) * (bytes[index] == UInt8(ascii: "-") ? -1 : 1)
        }
        let minutes = (days(year, month, day) * 24 + hour) * 60 + minute - offsetMinutes
        return (minutes * 60 + second) * 1_000 + fraction
    }

    /// An RFC 3339 time in UTC.
    static func moment(_ milliseconds: Int64) -> String {
        let (dayCount, rest) = floorDivision(milliseconds, 86_400_000)
        // Years of 365.2425 days; the right one is at most one off.
        var year = 1970 + floorDivision(dayCount * 400, 146_097).quotient
        while days(year + 1, 1, 1) <= dayCount { year += 1 }
        while days(year, 1, 1) > dayCount { year -= 1 }
        var month: Int64 = 1
        while month < 12, days(year, month + 1, 1) <= dayCount { month += 1 }
        let day = dayCount - days(year, month, 1) + 1
        func padded(_ number: Int64, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        let hours = padded(rest / 3_600_000, 2)
        let minutes = padded(rest / 60_000 % 60, 2)
        let seconds = padded(rest / 1_000 % 60, 2)
        let fraction = rest % 1_000 == 0 ? "" : ".\(padded(rest % 1_000, 3))"
        return "\(date)T\(hours):\(minutes):\(seconds)\(fraction)Z"
    }

    private static let units: [UInt8: Double] = [
        UInt8(ascii: "s"): 1_000, UInt8(ascii: "m"): 60_000, UInt8(ascii: "h"): 3_600_000,
    ]

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isLeap(_ year: Int64) -> Bool {
        year % 4 == 0 && year % 100 != 0 || year % 400 == 0
    }

    private static func daysOfMonth(_ year: Int64, _ month: Int64) -> Int64 {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1 January 1970 of the Gregorian calendar.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let past = year - 1
        let leapDays =
            floorDivision(past, 4).quotient - floorDivision(past, 100).quotient
            + floorDivision(past, 400).quotient
        let months = (1..<month).reduce(0) { $0 + daysOfMonth(year, $1) }
        return past * 365 + leapDays + months + day - 1 - 719_162
    }

    private static func floorDivision(_ number: Int64, _ divisor: Int64)
        -> (quotient: Int64, remainder: Int64)
    {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
