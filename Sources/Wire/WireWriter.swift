/// Appends protobuf fields to a byte array.
///
/// The caller writes fields in ascending order of number and leaves out scalars that are zero,
/// as proto3 does, so equal records are equal bytes.
@usableFromInline
package struct WireWriter: Sendable {
    /// What was written.
    @usableFromInline  // `varint` inlines into other rooms
    package internal(set) var bytes: [UInt8]

    /// A writer with nothing written, and room for `capacity` bytes.
    @usableFromInline
    package init(capacity: Int = 0) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Appends a number in base 128, least significant group first.
    @inlinable
    package mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    /// Appends a field's number and wire type.
    @inlinable
    package mutating func tag(_ field: UInt32, _ type: WireType) {
        varint(UInt64(field) << 3 | UInt64(type.rawValue))
    }

    /// Appends a varint field.
    @inlinable
    package mutating func field(_ field: UInt32, varint value: UInt64) {
        tag(field, .varint)
        varint(value)
    }

    /// Appends a `double` field: eight bytes, least significant first.
    @usableFromInline
    package mutating func field(_ field: UInt32, double value: Double) {
        tag(field, .fixed64)
        var bits = value.bitPattern
        for _ in 0..<8 {
            append(UInt8(truncatingIfNeeded: bits))
            bits >>= 8
        }
    }

    /// Appends a `string` field.
    @usableFromInline
    package mutating func field(_ field: UInt32, text: String) {
        tag(field, .lengthDelimited)
        varint(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    /// Appends a `bytes` field, or an encoded nested message.
    @usableFromInline
    package mutating func field(_ field: UInt32, bytes value: [UInt8]) {
        tag(field, .lengthDelimited)
        varint(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    /// Appends a byte as it is.
    @inlinable
    package mutating func append(_ byte: UInt8) {
        bytes.append(byte)
    }
}
