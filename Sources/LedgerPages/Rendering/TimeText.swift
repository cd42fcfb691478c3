import EventLog

/// Times as people read them.
enum TimeText {
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let dayMs: Int64 = 86_400_000

    /// `17 min`, `1 d 18 h`: what a length is, in its two largest units.
    static func length(_ milliseconds: Int64) -> String {
        let seconds = max(0, milliseconds) / 1000
        if seconds < 60 { return "\(seconds) s" }
        let minutes = seconds / 60
        if minutes < 60 { return "\(minutes) min" }
        let hours = minutes / 60
        if hours < 24 { return minutes % 60 == 0 ? "\(hours) h" : "\(hours) h \(minutes % 60) min" }
        let days = hours / 24
        return days >= 10 || hours % 24 == 0 ? "\(days) d" : "\(days) d \(hours % 24) h"
    }

    /// `40 ms`, `2.8 s`, `17 min`: what took only a moment, in more detail.
    static func precise(_ milliseconds: Int64) -> String {
        if milliseconds < 1000 { return "\(max(0, milliseconds)) ms" }
        let tenths = milliseconds / 100
        return milliseconds < 10_000 ? "\(tenths / 10).\(tenths % 10) s" : length(milliseconds)
    }

    /// A sentence in which times stand as in `Thu 17 Sep 2026, 09:41:20 UTC`, not as programs write
    /// them.
    static func readable(_ sentence: String) -> String {
        sentence.replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/) { match in
            Timestamp(text: String(match.0)).map(whole) ?? String(match.0)
        }
    }

    /// `17 min`, `2 days`: the same in one unit.
    static func roughLength(_ milliseconds: Int64) -> String {
        let minutes = max(0, milliseconds) / 60_000
        if minutes < 60 { return length(milliseconds) }
        if minutes < 48 * 60 { return "\(minutes / 60) h" }
        return "\(minutes / 1440) days"
    }

    /// As in `Thu 17 Sep 2026, 09:41:20 UTC`.
    static func whole(_ time: Timestamp) -> String {
        "\(day(time)) \(time.text.prefix(4)), \(clock(time)) UTC"
    }

    /// As in `Thu 17 Sep, 09:41`.
    static func short(_ time: Timestamp) -> String { "\(day(time)), \(clock(time).prefix(5))" }

    /// As in `Thu 17 Sep`.
    static func day(_ time: Timestamp) -> String {
        let text = time.text
        let month = Int(text.dropFirst(5).prefix(2)) ?? 1
        let day = Int(text.dropFirst(8).prefix(2)) ?? 1
        return "\(weekday(time)) \(day) \(months[(month - 1) % 12])"
    }

    /// As in `Thu 17`.
    static func shortDay(_ time: Timestamp) -> String {
        "\(weekday(time)) \(Int(time.text.dropFirst(8).prefix(2)) ?? 1)"
    }

    /// As in `09:41:20`.
    static func clock(_ time: Timestamp) -> String { time.clockText }

    /// `2026-09-17T09:41:20Z`, for the attribute `datetime`.
    static func machine(_ time: Timestamp) -> String { time.text }

    /// Days since 1970.
    static func dayNumber(_ time: Timestamp) -> Int64 {
        (time.rawValue - (time.rawValue < 0 ? dayMs - 1 : 0)) / dayMs
    }

    private static func weekday(_ time: Timestamp) -> String {
        weekdays[Int(((dayNumber(time) % 7) + 7) % 7)]
    }
}
