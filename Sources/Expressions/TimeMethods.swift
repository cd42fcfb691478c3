/// A moment as expressions have it: RFC 3339 text in UTC, whole seconds.
///
/// Written that way, two moments compare as texts do.
struct MomentText {
    /// Since 1970-01-01T00:00:00Z.
    let seconds: Int64

    init(seconds: Int64) { self.seconds = seconds }

    /// Reads `2026-01-31T12:00:00Z`, also with a fraction or another offset; nil for what is none.
    init?(exactly text: String) {
        guard text.utf8.count >= 20, let moment = MomentText(lenient: text) else { return nil }
        self = moment
    }

    /// Reads the same, and a date alone or with a blank before the time; in UTC unless it says
    /// otherwise.
    init?(lenient text: String) {
        var rest = text.utf8[...]
        func number(_ count: Int, _ range: ClosedRange<Int64>) -> Int64? {
            let digits = rest.prefix(count)
            guard digits.count == count, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return nil
            }
            rest = rest.dropFirst(count)
            let value = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
            return range.contains(value) ? value : nil
        }
        func take(_ letters: String) -> UInt8? {
            guard let byte = rest.first, letters.utf8.contains(byte) else { return nil }
            rest = rest.dropFirst()
            return byte
        }
        guard let year = number(4, 0...9_999), take("-") != nil, let month = number(2, 1...12),
            take("-") != nil, let day = number(2, 1...31)
        else { return nil }
        let days = Self.days(year, month, day)
        guard Self.date(ofDay: days) == (year, month, day) else { return nil }
        guard !rest.isEmpty else {
            seconds = days * 86_400
            return
        }
        guard take("Tt ") != nil, let hour = number(2, 0...23), take(":") != nil,
            let minute = number(2, 0...59), take(":") != nil, let second = number(2, 0...59)
        else { return nil }
        if take(".") != nil {
            let fraction = rest.prefix { (0x30...0x39).contains($0) }
            guard !fraction.isEmpty else { return nil }
            rest = rest.dropFirst(fraction.count)
        }
        var offset: Int64 = 0
        if let sign = take("+-") {
            guard let hours = number(2, 0...23), take(":") != nil, let minutes = number(2, 0...59)
            else { return nil }
            offset = (hours * 60 + minutes) * (sign == UInt8(ascii: "-") ? -60 : 60)
        } else if !rest.isEmpty {
            guard take("Zz") != nil else { return nil }
        }
        guard rest.isEmpty else { return nil }
        seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset
    }

    /// `2026-01-31T12:00:00Z`.
    var text: String {
        func padded(_ number: Int64, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let (year, month, day) = date
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        let clock = [timeOfDay / 3_600, timeOfDay / 60 % 60, timeOfDay % 60]
        return "\(date)T\(clock.map { padded($0, 2) }.joined(separator: ":"))Z"
    }

    var date: (year: Int64, month: Int64, day: Int64) { Self.date(ofDay: dayNumber) }
    /// Days since 1970-01-01.
    var dayNumber: Int64 { (seconds - timeOfDay) / 86_400 }
    /// Seconds since midnight.
    var timeOfDay: Int64 { (seconds % 86_400 + 86_400) % 86_400 }
    var dayOfYear: Int64 { dayNumber - Self.days(date.year, 1, 1) + 1 }

    /// As Go's `AddDate`: the 31st of a shorter month runs over into the next.
    func adding(years: Int64, months: Int64, days: Int64) -> MomentText {
        let (year, month, day) = date
        let count = (year + years) * 12 + month - 1 + months
        let first = Self.days(Self.floored(count, 12), count - Self.floored(count, 12) * 12 + 1, 1)
        return MomentText(seconds: (first + day - 1 + days) * 86_400 + timeOfDay)
    }

    /// Days from 1970-01-01 to a date (Howard Hinnant, "chrono-Compatible Low-Level Date
    /// Algorithms", days_from_civil).
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = floored(shifted, 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - 719_468
    }

    /// The date of a day number (the same source, civil_from_days).
    private static func date(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = floored(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let part = (5 * dayOfYear + 2) / 153
        let month = part < 10 ? part + 3 : part - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
            dayOfYear - (153 * part + 2) / 5 + 1
        )
    }

    private static func floored(_ number: Int64, _ divisor: Int64) -> Int64 {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

/// The methods of texts that are moments: those of Go's `time.Time` that people use, in UTC.
enum TimeMethods {
    static func call(
        _ name: String,
        on moment: MomentText,
        _ arguments: [Value]
    ) throws(ExpressionError) -> Value {
        let numbers = arguments.compactMap(\.intValue)
        let others = arguments.compactMap(\.stringValue).compactMap(MomentText.init(exactly:))
        switch (name, arguments.count) {
        case ("Year", 0): return .int(moment.date.year)
        case ("Month", 0): return .int(moment.date.month)
        case ("Day", 0): return .int(moment.date.day)
        case ("Hour", 0): return .int(moment.timeOfDay / 3_600)
        case ("Minute", 0): return .int(moment.timeOfDay / 60 % 60)
        case ("Second", 0): return .int(moment.timeOfDay % 60)
        case ("YearDay", 0): return .int(moment.dayOfYear)
        // 1970-01-01 was a Thursday; Sunday is 0.
        case ("Weekday", 0): return .int(((moment.dayNumber + 4) % 7 + 7) % 7)
        case ("Unix", 0): return .int(moment.seconds)
        case ("UnixMilli", 0): return .int(moment.seconds * 1_000)
        case ("UTC", 0), ("String", 0): return .string(moment.text)
        case ("Before", 1) where others.count == 1:
            return .bool(moment.seconds < others[0].seconds)
        case ("After", 1) where others.count == 1:
            return .bool(moment.seconds > others[0].seconds)
        case ("Equal", 1) where others.count == 1:
            return .bool(moment.seconds == others[0].seconds)
        case ("AddDate", 3) where numbers.count == 3:
            guard numbers.allSatisfy({ (-100_000...100_000).contains($0) }) else {
                throw ExpressionError("AddDate() wants numbers up to 100000")
            }
            let later = moment.adding(years: numbers[0], months: numbers[1], days: numbers[2])
            guard (0...9_999).contains(later.date.year) else {
                throw ExpressionError("AddDate() leaves the years 0 to 9999")
            }
            return .string(later.text)
        default:
            throw ExpressionError("a time has no method \(name)() with such arguments")
        }
    }
}
