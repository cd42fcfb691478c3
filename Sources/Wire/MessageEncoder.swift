/// Writes the fields that it visits as protobuf.
@usableFromInline
package struct MessageEncoder: FieldVisitor {
    // All of it inlines into the rooms whose records it writes, so nothing is private.

    @usableFromInline var writer = WireWriter(capacity: 128)

    /// An encoder with nothing written.
    @inlinable
    package init() {}

    /// The bytes of `message`.
    @inlinable
    package mutating func encode(_ message: some Message) -> [UInt8] {
        var copy = message
        do throws(WireError) {
            try copy.visit(&self)
        } catch {
            preconditionFailure("encoding visits fields without reading any, yet threw \(error)")
        }
        return writer.bytes
    }

    @inlinable
    mutating func nested(_ number: UInt32, _ message: some Message) {
        var inner = MessageEncoder()
        writer.field(number, bytes: inner.encode(message))
    }

    @inlinable
    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout UInt64) {
        if value != 0 { writer.field(number, varint: value) }
    }

    @inlinable
    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout UInt64?) {
        if let value { writer.field(number, varint: value) }
    }

    @inlinable
    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Int64) {
        if value != 0 { writer.field(number, varint: UInt64(bitPattern: value)) }
    }

    @inlinable
    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Int64?) {
        if let value { writer.field(number, varint: UInt64(bitPattern: value)) }
    }

    @inlinable
    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Bool) {
        if value { writer.field(number, varint: 1) }
    }

    @inlinable
    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Bool?) {
        if let value { writer.field(number, varint: value ? 1 : 0) }
    }

    @inlinable
    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Double?) {
        if let value { writer.field(number, double: value) }
    }

    @inlinable
    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout String) {
        if !value.isEmpty { writer.field(number, text: value) }
    }

    @inlinable
    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout String?) {
        if let value { writer.field(number, text: value) }
    }

    @inlinable
    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout [String]) {
        for text in value { writer.field(number, text: text) }
    }

    @inlinable
    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout [UInt8]) {
        if !value.isEmpty { writer.field(number, bytes: value) }
    }

    @inlinable
    package mutating func field<E: WireEnum>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout E
    ) {
        writer.field(number, varint: UInt64(value.rawValue))
    }

    @inlinable
    package mutating func field<E: WireEnum>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout E?
    ) {
        if let value { writer.field(number, varint: UInt64(value.rawValue)) }
    }

    @inlinable
    package mutating func field<M: Message>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout M
    ) {
        nested(number, value)
    }

    @inlinable
    package mutating func field<M: Message>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout M?
    ) {
        if let value { nested(number, value) }
    }

    @inlinable
    package mutating func field<M: Message>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout [M]
    ) {
        for message in value { nested(number, message) }
    }
}
