package import EventLog
package import Wire

extension FieldVisitor {
    /// A position in the log, stored as `uint64`; 0 for none.
    package mutating func field(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout Position
    ) throws(WireError) {
        var raw = value.rawValue
        try field(number, name, &raw)
        value = Position(rawValue: raw)
    }

    /// An optional position in the log.
    package mutating func field(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout Position?
    ) throws(WireError) {
        var raw = value?.rawValue
        try field(number, name, &raw)
        value = raw.map { Position(rawValue: $0) }
    }

    /// A time, stored as `int64` milliseconds since 1970.
    package mutating func field(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout Timestamp
    ) throws(WireError) {
        var raw = value.rawValue
        try field(number, name, &raw)
        value = Timestamp(rawValue: raw)
    }

    /// An optional time.
    package mutating func field(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout Timestamp?
    ) throws(WireError) {
        var raw = value?.rawValue
        try field(number, name, &raw)
        value = raw.map { Timestamp(rawValue: $0) }
    }
}
