/// Reads the fields that it visits from protobuf bytes.
///
/// One pass: fields are visited in ascending order and were written in ascending order, so a
/// number between the last visited one and the next is a field that this version does not know,
/// and is skipped.
@usableFromInline
package struct MessageDecoder: FieldVisitor {
    // All of it inlines into the rooms whose records it reads, so nothing is private.

    @usableFromInline let bytes: [UInt8]
    @usableFromInline var cursor: WireCursor
    /// How many messages the present one stands in.
    @usableFromInline var depth = 0
    /// The field at the cursor, whose tag has been read; nil at the end.
    @usableFromInline var next: (field: UInt32, type: WireType)?
    @usableFromInline var hasStarted = false

    /// A decoder of a whole record.
    @inlinable
    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        cursor = WireCursor(0..<bytes.count)
    }

    /// Reads past fields that nobody visited, so that broken bytes at the end are noticed.
    @inlinable
    package mutating func finish() throws(WireError) {
        while try seek(.max, .varint) {}
    }

    /// Moves to field `number`; false if the record does not have it.
    @usableFromInline
    mutating func seek(
        _ number: UInt32,
        _ type: WireType
    ) throws(WireError) -> Bool {
        if !hasStarted {
            hasStarted = true
            try advance()
        }
        while let found = next, found.field < number {
            var cursor = cursor
            try cursor.skip(found.type, in: bytes.span)
            self.cursor = cursor
            try advance()
        }
        guard let found = next, found.field == number else { return false }
        guard found.type == type else { throw .unexpectedWireType(field: number) }
        return true
    }

    // The cursor is two numbers: taken out and put back it does not keep `self` from being read.

    @usableFromInline
    mutating func advance() throws(WireError) {
        var cursor = cursor
        next = cursor.isAtEnd ? nil : try cursor.tag(in: bytes.span)
        self.cursor = cursor
    }

    @usableFromInline
    mutating func takeVarint(_ number: UInt32) throws(WireError) -> UInt64? {
        var result: UInt64?
        while try seek(number, .varint) {
            var cursor = cursor
            result = try cursor.varint(in: bytes.span)
            self.cursor = cursor
            try advance()
        }
        return result
    }

    @usableFromInline
    mutating func takeRange(_ number: UInt32) throws(WireError) -> Range<Int>? {
        guard try seek(number, .lengthDelimited) else { return nil }
        var cursor = cursor
        let range = try cursor.lengthDelimited(in: bytes.span)
        self.cursor = cursor
        try advance()
        return range
    }

    @usableFromInline
    mutating func takeText(_ number: UInt32) throws(WireError) -> String? {
        guard let range = try takeRange(number) else { return nil }
        do {
            return String(copying: try UTF8Span(validating: bytes.span.extracting(range)))
        } catch {
            throw .invalidText(field: number)
        }
    }

    /// Reads a nested message in place: this decoder goes inside and comes back.
    @inlinable
    mutating func takeMessage<M: Message>(_ number: UInt32) throws(WireError) -> M? {
        guard let range = try takeRange(number) else { return nil }
        guard depth < WireLimits.depthMax else { throw .nestedTooDeep }
        let outside = (cursor, next)
        cursor = WireCursor(range)
        hasStarted = false
        depth += 1
        var message = M()
        try message.visit(&self)
        try finish()
        depth -= 1
        hasStarted = true
        (cursor, next) = outside
        return message
    }

    @inlinable
    mutating func takeEnum<E: WireEnum>(_ number: UInt32) throws(WireError) -> E? {
        guard let raw = try takeVarint(number) else { return nil }
        guard let value = UInt32(exactly: raw).flatMap(E.init(rawValue:)) else {
            throw .unknownValue(field: number, value: raw)
        }
        return value
    }

    @inlinable
    package mutating func field(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout UInt64
    ) throws(WireError) {
        value = try takeVarint(number) ?? 0
    }

    @inlinable
    package mutating func field(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout UInt64?
    ) throws(WireError) {
        value = try takeVarint(number)
    }

    @inlinable
    package mutating func field(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout Int64
    ) throws(WireError) {
        value = Int64(bitPattern: try takeVarint(number) ?? 0)
    }

    @inlinable
    package mutating func field(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout Int64?
    ) throws(WireError) {
        value = try takeVarint(number).map { Int64(bitPattern: $0) }
    }

    @inlinable
    package mutating func field(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout Bool
    ) throws(WireError) {
        value = try takeVarint(number) ?? 0 != 0
    }

    @inlinable
    package mutating func field(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout Bool?
    ) throws(WireError) {
        value = try takeVarint(number).map { $0 != 0 }
    }

    @inlinable
    package mutating func field(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout Double?
    ) throws(WireError) {
        value = nil
        guard try seek(number, .fixed64) else { return }
        var cursor = cursor
        value = Double(bitPattern: try cursor.fixed64(in: bytes.span))
        self.cursor = cursor
        try advance()
    }

    @inlinable
    package mutating func field(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout String
    ) throws(WireError) {
        value = try takeText(number) ?? ""
    }

    @inlinable
    package mutating func field(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout String?
    ) throws(WireError) {
        value = try takeText(number)
    }

    @inlinable
    package mutating func field(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout [String]
    ) throws(WireError) {
        value = []
        while let text = try takeText(number) { value.append(text) }
    }

    @inlinable
    package mutating func field(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout [UInt8]
    ) throws(WireError) {
        guard let range = try takeRange(number) else {
            value = []
            return
        }
        value = Array(bytes[range])
    }

    @inlinable
    package mutating func field<E: WireEnum>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout E
    ) throws(WireError) {
        guard let read: E = try takeEnum(number) else {
            throw .unknownValue(field: number, value: 0)
        }
        value = read
    }

    @inlinable
    package mutating func field<E: WireEnum>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout E?
    ) throws(WireError) {
        value = try takeEnum(number)
    }

    @inlinable
    package mutating func field<M: Message>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout M
    ) throws(WireError) {
        value = try takeMessage(number) ?? M()
    }

    @inlinable
    package mutating func field<M: Message>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout M?
    ) throws(WireError) {
        value = try takeMessage(number)
    }

    @inlinable
    package mutating func field<M: Message>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout [M]
    ) throws(WireError) {
        value = []
        while let message: M = try takeMessage(number) { value.append(message) }
    }
}
