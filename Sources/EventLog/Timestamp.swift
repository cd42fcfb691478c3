/// A point in time: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
package struct Timestamp: RawRepresentable, Hashable, Comparable, Sendable {
    package let rawValue: Int64

    @inlinable
    package init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// The first moment that can be told.
    package static let epoch = Timestamp(rawValue: 0)

    @inlinable
    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The time that lies `milliseconds` after this one.
    package func adding(milliseconds: Int64) -> Timestamp {
        Timestamp(rawValue: rawValue + milliseconds)
    }

    /// Milliseconds from `earlier` to this time; negative if this one is earlier.
    package func milliseconds(since earlier: Timestamp) -> Int64 {
        rawValue - earlier.rawValue
    }
}
