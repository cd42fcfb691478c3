/// A place in encoded bytes, and the reading of one field after another from there.
///
/// The bytes are handed to each call, so a cursor is a plain number and needs no lifetime.
@usableFromInline
package struct WireCursor: Sendable {
    /// The index of the next byte.
    @usableFromInline  // the reads below inline into other rooms
    package internal(set) var offset: Int
    /// The index after the last byte that belongs to this record.
    @usableFromInline
    package let end: Int

    /// A cursor over `range` of the bytes that its calls are handed.
    @inlinable
    package init(_ range: Range<Int>) {
        self.init(offset: range.lowerBound, end: range.upperBound)
    }

    @usableFromInline  // `init(_:)` inlines into other rooms
    package init(offset: Int, end: Int) {
        self.offset = offset
        self.end = end
    }

    /// Whether nothing is left.
    @inlinable
    package var isAtEnd: Bool { offset >= end }

    /// Reads a base 128 number.
    @inlinable
    package mutating func varint(in bytes: Span<UInt8>) throws(WireError) -> UInt64 {
        guard offset < end else { throw .truncated(field: 0) }
        let first = bytes[offset]
        if first < 0x80 {
            offset += 1
            return UInt64(first)
        }
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while offset < end {
            let byte = bytes[offset]
            offset += 1
            guard shift < 63 || byte <= 1 else { throw .malformedVarint }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
            guard shift < 70 else { throw .malformedVarint }
        }
        throw .truncated(field: 0)
    }

    /// Reads a field's number and wire type.
    @inlinable
    package mutating func tag(
        in bytes: Span<UInt8>
    ) throws(WireError) -> (field: UInt32, type: WireType) {
        let tag = try varint(in: bytes)
        guard let type = WireType(rawValue: UInt8(truncatingIfNeeded: tag & 7)),
            tag >> 3 > 0, tag >> 3 <= 0x1fff_ffff
        else { throw .malformedTag(tag) }
        return (UInt32(truncatingIfNeeded: tag >> 3), type)
    }

    /// Reads eight bytes, least significant first.
    @usableFromInline
    package mutating func fixed64(in bytes: Span<UInt8>) throws(WireError) -> UInt64 {
        guard end - offset >= 8 else { throw .truncated(field: 0) }
        var value: UInt64 = 0
        for index in 0..<8 {
            value |= UInt64(bytes[offset + index]) << UInt64(8 * index)
        }
        offset += 8
        return value
    }

    /// Reads a length and steps over that many bytes; returns where they are.
    @inlinable
    package mutating func lengthDelimited(
        in bytes: Span<UInt8>
    ) throws(WireError) -> Range<Int> {
        let count = try varint(in: bytes)
        guard count <= UInt64(end - offset) else { throw .truncated(field: 0) }
        let start = offset
        offset += Int(count)
        return start..<offset
    }

    /// Steps over the value of a field that nobody asks for.
    @usableFromInline
    package mutating func skip(_ type: WireType, in bytes: Span<UInt8>) throws(WireError) {
        switch type {
        case .varint:
            _ = try varint(in: bytes)
        case .lengthDelimited:
            _ = try lengthDelimited(in: bytes)
        case .fixed64:
            guard end - offset >= 8 else { throw .truncated(field: 0) }
            offset += 8
        case .fixed32:
            guard end - offset >= 4 else { throw .truncated(field: 0) }
            offset += 4
        }
    }
}
