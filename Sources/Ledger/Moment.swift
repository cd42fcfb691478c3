package import EventLog
package import PromotionModel

/// A moment in the ledger's life: what had been recorded, and the time that conditions on time
/// are judged at.
package struct Moment: Hashable, Sendable {
    /// The last event that counts.
    package let position: Position
    /// The time that soak and windows are measured to.
    package let time: Timestamp

    /// The moment after the event at `position`.
    package init(position: Position, time: Timestamp) {
        self.position = position
        self.time = time
    }
}

/// A moment as people write it.
package enum MomentReference: Hashable, Sendable {
    case now
    /// `#1234` or `1234`.
    case position(Position)
    /// RFC 3339, or a date.
    case time(Timestamp)
    /// `2h ago`: milliseconds before now.
    case ago(milliseconds: Int64)
    /// `today` or `yesterday`: the first moment of that day in UTC, as many days before today.
    case day(before: Int64)
    /// `promotion/NAME`: where it succeeded.
    case promotion(String)
    /// `@NAME`: the position that a bookmark names; of whichever project has it, if none is said.
    case bookmark(String, in: ProjectName?)

    /// Reads a moment; nil if `text` is none.
    package init?(parsing text: String) {
        if text == "now" {
            self = .now
        } else if text == "today" || text == "yesterday" {
            self = .day(before: text == "today" ? 0 : 1)
        } else if text.hasPrefix("@"), NameRule.isName(String(text.dropFirst())) {
            self = .bookmark(String(text.dropFirst()), in: nil)
        } else if let position = Self.position(text) {
            self = .position(position)
        } else if text.hasSuffix(" ago"), let ago = Self.milliseconds(String(text.dropLast(4))) {
            self = .ago(milliseconds: ago)
        } else if text.hasPrefix("promotion/"), text.utf8.count > 10 {
            self = .promotion(String(text.dropFirst(10)))
        } else if let time = Timestamp(text: text) {
            self = .time(time)
        } else {
            return nil
        }
    }

    private static func position(_ text: String) -> Position? {
        let digits = text.hasPrefix("#") ? text.dropFirst() : Substring(text)
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        return UInt64(digits).map { Position(rawValue: $0) }
    }

    /// `90s`, `5m`, `2h`, `3d`, `1w`.
    private static func milliseconds(_ text: String) -> Int64? {
        let units: [Character: Int64] = [
            "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000,
        ]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()),
            count >= 0
        else { return nil }
        let (product, isTooLong) = count.multipliedReportingOverflow(by: unit)
        return isTooLong ? nil : product
    }

    /// The same moment, where a bookmark is one of this project.
    package func of(_ project: ProjectName?) -> MomentReference {
        guard case .bookmark(let name, in: nil) = self else { return self }
        return .bookmark(name, in: project)
    }

    /// What a moment may look like, for messages.
    package static let forms =
        "now, a position such as #1234, a time such as 2026-11-23T09:00:00Z, "
        + "an age such as \"2h ago\", today, yesterday, promotion/NAME, or @BOOKMARK"
}
