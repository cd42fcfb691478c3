import EventLog
import Glibc
import Synchronization

/// The Date field of answers (RFC 9110, section 6.6.1), written once a second while there are any.
///
/// No timer: a server that nobody asks anything sleeps.
final class DateField: Sendable {
    private let written = Mutex((second: Int64.min, text: ""))

    /// The time that the machine tells, to the second.
    var now: String {
        let second = Int64(time(nil))
        return written.withLock { written in
            if written.second != second { written = (second, Self.text(ofSecond: second)) }
            return written.text
        }
    }

    /// A time as a field tells it, such as `Sun, 06 Nov 1994 08:49:37 GMT` (IMF-fixdate).
    ///
    /// - Parameter second: since 1970, as `time(2)` counts.
    static func text(ofSecond second: Int64) -> String {
        // 1994-11-06T08:49:37.000Z
        let text = Timestamp(rawValue: second * 1000).text.utf8.map { $0 }
        func part(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }
        let day = Int((second.quotientAndRemainder(dividingBy: 86_400).quotient) % 7)
        let month = months[(Int(part(5..<7)) ?? 1) - 1]
        return "\(weekdays[day]), \(part(8..<10)) \(month) \(part(0..<4)) \(part(11..<19)) GMT"
    }

    /// From that of the first day of 1970.
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
