/// Writes the fields that it visits as protobuf.
package struct MessageEncoder: FieldVisitor {
    private var writer = WireWriter(capacity: 128)

    /// An encoder with nothing written.
    package init() {}

    /// The bytes of `message`.
    package mutating func encode(_ message: some Message) -> [UInt8] {
        var copy = message
        do throws(WireError) {
            try copy.visit(&self)
        } catch {
            preconditionFailure("encoding visits fields without reading any, yet threw \(error)")
        }
        return writer.bytes
    }

    private mutating func nested(_ number: UInt32, _ message: some Message) {
        var inner = MessageEncoder()
        writer.field(number, bytes: inner.encode(message))
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout UInt64) {
        if value != 0 { writer.field(number, varint: value) }
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout UInt64?) {
        if let value { writer.field(number, varint: value) }
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Int64) {
        if value != 0 { writer.field(number, varint: UInt64(bitPattern: value)) }
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Int64?) {
        if let value { writer.field(number, varint: UInt64(bitPattern: value)) }
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Bool) {
        if value { writer.field(number, varint: 1) }
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Bool?) {
        if let value { writer.field(number, varint: value ? 1 : 0) }
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Double?) {
        if let value { writer.field(number, double: value) }
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout String) {
        if !value.isEmpty { writer.field(number, text: value) }
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout String?) {
        if let value { writer.field(number, text: value) }
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout [String]) {
        for text in value { writer.field(number, text: text) }
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout [UInt8]) {
        if !value.isEmpty { writer.field(number, bytes: value) }
    }

    package mutating func field<E: WireEnum>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout E
    ) {
        writer.field(number, varint: UInt64(value.rawValue))
    }

    package mutating func field<E: WireEnum>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout E?
    ) {
        if let value { writer.field(number, varint: UInt64(value.rawValue)) }
    }

    package mutating func field<M: Message>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout M
    ) {
        nested(number, value)
    }

    package mutating func field<M: Message>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout M?
    ) {
        if let value { nested(number, value) }
    }

    package mutating func field<M: Message>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout [M]
    ) {
        for message in value { nested(number, message) }
    }
}
