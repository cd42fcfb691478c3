extension Timestamp {
    /// RFC 3339 in UTC, with milliseconds only where there are any: `2026-11-23T02:40:00Z`.
    package var text: String {
        let milliseconds = rawValue - rawValue.flooringDivide(1000) * 1000
        let fraction = milliseconds == 0 ? "" : ".\(Self.padded(milliseconds, 3))"
        return "\(dayText)T\(clockText)\(fraction)Z"
    }

    /// Appends `text` to `bytes`, without making a string of it.
    package func append(to bytes: inout [UInt8]) {
        let seconds = rawValue.flooringDivide(1000)
        let milliseconds = rawValue - seconds * 1000
        let days = seconds.flooringDivide(86_400)
        let inDay = seconds - days * 86_400
        let (year, month, day) = Self.civil(fromDays: days)
        guard (0...9999).contains(year) else { return bytes.append(contentsOf: text.utf8) }
        Self.append(year, 4, "-", to: &bytes)
        Self.append(month, 2, "-", to: &bytes)
        Self.append(day, 2, "T", to: &bytes)
        Self.append(inDay / 3600, 2, ":", to: &bytes)
        Self.append(inDay / 60 % 60, 2, ":", to: &bytes)
        Self.append(inDay % 60, 2, milliseconds == 0 ? "Z" : ".", to: &bytes)
        if milliseconds > 0 { Self.append(milliseconds, 3, "Z", to: &bytes) }
    }

    private static func append(
        _ value: Int64,
        _ count: Int,
        _ end: Unicode.Scalar,
        to bytes: inout [UInt8]
    ) {
        var divisor = count == 4 ? Int64(1000) : count == 3 ? 100 : 10
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
            divisor /= 10
        }
        bytes.append(UInt8(ascii: end))
    }

    /// The day in UTC: `2026-11-23`.
    package var dayText: String {
        let (year, month, day) = Self.civil(fromDays: rawValue.flooringDivide(86_400_000))
        return "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
    }

    /// The time of the day in UTC: `02:40:00`.
    package var clockText: String {
        let seconds = rawValue.flooringDivide(1000)
        let inDay = seconds - seconds.flooringDivide(86_400) * 86_400
        return [inDay / 3600, inDay / 60 % 60, inDay % 60].map { Self.padded($0, 2) }
            .joined(separator: ":")
    }

    /// The first moment of the day in UTC, `count` days before the day of this time.
    package func dayBegin(before count: Int64) -> Timestamp {
        Timestamp(rawValue: (rawValue.flooringDivide(86_400_000) - count) * 86_400_000)
    }

    /// Reads RFC 3339, or a date alone (its first moment in UTC).
    ///
    /// A time without an offset is refused: it would mean another moment elsewhere.
    package init?(text: String) {
        let bytes = Array(text.utf8)
        func digits(_ range: Range<Int>) -> Int64? {
            guard range.upperBound <= bytes.count else { return nil }
            var value: Int64 = 0
            for byte in bytes[range] {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + Int64(byte - UInt8(ascii: "0"))
            }
            return value
        }
        func isByte(_ index: Int, _ character: Unicode.Scalar) -> Bool {
            index < bytes.count && bytes[index] == UInt8(ascii: character)
        }
        guard let year = digits(0..<4), isByte(4, "-"), let month = digits(5..<7),
            isByte(7, "-"), let day = digits(8..<10), (1...12).contains(month),
            day >= 1, day <= Self.dayCount(year, month)
        else { return nil }
        let days = Self.days(fromYear: year, month: month, day: day)
        if bytes.count == 10 {
            self.init(rawValue: days * 86_400_000)
            return
        }
        guard isByte(10, "T") || isByte(10, "t") || isByte(10, " "), let hour = digits(11..<13),
            isByte(13, ":"), let minute = digits(14..<16), isByte(16, ":"),
            let second = digits(17..<19), hour < 24, minute < 60, second < 60
        else { return nil }
        var rest = 19
        var milliseconds: Int64 = 0
        if isByte(rest, ".") {
            let start = rest + 1
            rest = start
            while rest < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[rest])
            {
                if rest - start < 3 {
                    milliseconds = milliseconds * 10 + Int64(bytes[rest] - UInt8(ascii: "0"))
                }
                rest += 1
            }
            guard rest > start else { return nil }
            for _ in min(3, rest - start)..<3 { milliseconds *= 10 }
        }
        var offsetMinutes: Int64 = 0
        if isByte(rest, "Z") || isByte(rest, "z") {
            guard rest + 1 == bytes.count else { return nil }
        } else {
            guard isByte(rest, "+") || isByte(rest, "-"), rest + 6 == bytes.count,
                let hours = digits(rest + 1..<rest + 3), isByte(rest + 3, ":"),
                let minutes = digits(rest + 4..<rest + 6), hours < 24, minutes < 60
            else { return nil }
            offsetMinutes = (hours * 60 + minutes) * (isByte(rest, "-") ? -1 : 1)
        }
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offsetMinutes * 60
        self.init(rawValue: seconds * 1000 + milliseconds)
    }

    private static func padded(_ value: Int64, _ count: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }

    /// The date of a day number; 0 is 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level
    /// Date Algorithms", civil_from_days).
    private static func civil(fromDays days: Int64) -> (Int64, Int64, Int64) {
        let shifted = days + 719_468
        let era = shifted.flooringDivide(146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// The day number of a date (the same source, days_from_civil).
    private static func days(fromYear year: Int64, month: Int64, day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear.flooringDivide(400)
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func dayCount(_ year: Int64, _ month: Int64) -> Int64 {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][Int(month - 1)]
    }
}

extension Int64 {
    /// Division that rounds toward negative infinity, so that days before 1970 come out right.
    fileprivate func flooringDivide(_ divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

extension Timestamp: CustomStringConvertible {
    package var description: String { text }
}
