/// The number of an event in the log: 1, 2, 3, … without gaps, in the order of commits.
///
/// 0 is the position before the first event, so it is also what an empty log is at.
package struct Position: RawRepresentable, Hashable, Comparable, Sendable {
    package let rawValue: UInt64

    @inlinable
    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Before the first event.
    package static let origin = Position(rawValue: 0)

    /// The position after this one.
    package var next: Position { Position(rawValue: rawValue + 1) }

    @inlinable
    package static func < (left: Position, right: Position) -> Bool {
        left.rawValue < right.rawValue
    }
}

extension Position: CustomStringConvertible {
    package var description: String { "#\(rawValue)" }
}
