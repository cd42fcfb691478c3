/// Reads the fields that it visits from protobuf bytes.
///
/// One pass: fields are visited in ascending order and were written in ascending order, so a
/// number between the last visited one and the next is a field that this version does not know,
/// and is skipped.
package struct MessageDecoder: FieldVisitor {
    private let bytes: [UInt8]
    private var cursor: WireCursor
    private let depth: Int
    /// The field at the cursor, whose tag has been read; nil at the end.
    private var next: (field: UInt32, type: WireType)?
    private var hasStarted = false

    /// A decoder of a whole record.
    package init(_ bytes: [UInt8]) {
        self.init(bytes, range: 0..<bytes.count, depth: 0)
    }

    private init(_ bytes: [UInt8], range: Range<Int>, depth: Int) {
        self.bytes = bytes
        self.cursor = WireCursor(range)
        self.depth = depth
    }

    /// Reads past fields that nobody visited, so that broken bytes at the end are noticed.
    package mutating func finish() throws(WireError) {
        while try seek(.max, .varint) {}
    }

    /// Moves to field `number`; false if the record does not have it.
    private mutating func seek(
        _ number: UInt32,
        _ type: WireType
    ) throws(WireError) -> Bool {
        if !hasStarted {
            hasStarted = true
            try advance()
        }
        while let found = next, found.field < number {
            try read { (cursor, bytes) throws(WireError) in try cursor.skip(found.type, in: bytes) }
            try advance()
        }
        guard let found = next, found.field == number else { return false }
        guard found.type == type else { throw .unexpectedWireType(field: number) }
        return true
    }

    /// Hands `body` the cursor and the bytes, which are apart, so that both may be used at once.
    private mutating func read<T>(
        _ body: (inout WireCursor, Span<UInt8>) throws(WireError) -> T
    ) throws(WireError) -> T {
        let bytes = bytes
        return try body(&cursor, bytes.span)
    }

    private mutating func advance() throws(WireError) {
        next =
            cursor.isAtEnd
            ? nil : try read { (cursor, bytes) throws(WireError) in try cursor.tag(in: bytes) }
    }

    private mutating func takeVarint(_ number: UInt32) throws(WireError) -> UInt64? {
        var result: UInt64?
        while try seek(number, .varint) {
            result = try read { (cursor, bytes) throws(WireError) in try cursor.varint(in: bytes) }
            try advance()
        }
        return result
    }

    private mutating func takeRange(_ number: UInt32) throws(WireError) -> Range<Int>? {
        guard try seek(number, .lengthDelimited) else { return nil }
        let range = try read { (cursor, bytes) throws(WireError) in
            try cursor.lengthDelimited(in: bytes)
        }
        try advance()
        return range
    }

    private mutating func takeText(_ number: UInt32) throws(WireError) -> String? {
        guard let range = try takeRange(number) else { return nil }
        guard let text = String(validating: bytes[range], as: UTF8.self) else {
            throw .invalidText(field: number)
        }
        return text
    }

    private mutating func takeMessage<M: Message>(_ number: UInt32) throws(WireError) -> M? {
        guard let range = try takeRange(number) else { return nil }
        guard depth < WireLimits.depthMax else { throw .nestedTooDeep }
        var inner = MessageDecoder(bytes, range: range, depth: depth + 1)
        var message = M()
        try message.visit(&inner)
        try inner.finish()
        return message
    }

    private mutating func takeEnum<E: WireEnum>(_ number: UInt32) throws(WireError) -> E? {
        guard let raw = try takeVarint(number) else { return nil }
        guard let value = UInt32(exactly: raw).flatMap(E.init(rawValue:)) else {
            throw .unknownValue(field: number, value: raw)
        }
        return value
    }

    package mutating func field(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout UInt64
    ) throws(WireError) {
        value = try takeVarint(number) ?? 0
    }

    package mutating func field(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout UInt64?
    ) throws(WireError) {
        value = try takeVarint(number)
    }

    package mutating func field(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout Int64
    ) throws(WireError) {
        value = Int64(bitPattern: try takeVarint(number) ?? 0)
    }

    package mutating func field(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout Int64?
    ) throws(WireError) {
        value = try takeVarint(number).map { Int64(bitPattern: $0) }
    }

    package mutating func field(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout Bool
    ) throws(WireError) {
        value = try takeVarint(number) ?? 0 != 0
    }

    package mutating func field(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout Bool?
    ) throws(WireError) {
        value = try takeVarint(number).map { $0 != 0 }
    }

    package mutating func field(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout Double?
    ) throws(WireError) {
        value = nil
        guard try seek(number, .fixed64) else { return }
        let bits = try read { (cursor, bytes) throws(WireError) in try cursor.fixed64(in: bytes) }
        value = Double(bitPattern: bits)
        try advance()
    }

    package mutating func field(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout String
    ) throws(WireError) {
        value = try takeText(number) ?? ""
    }

    package mutating func field(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout String?
    ) throws(WireError) {
        value = try takeText(number)
    }

    package mutating func field(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout [String]
    ) throws(WireError) {
        value = []
        while let text = try takeText(number) { value.append(text) }
    }

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

    package mutating func field<E: WireEnum>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout E?
    ) throws(WireError) {
        value = try takeEnum(number)
    }

    package mutating func field<M: Message>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout M
    ) throws(WireError) {
        value = try takeMessage(number) ?? M()
    }

    package mutating func field<M: Message>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout M?
    ) throws(WireError) {
        value = try takeMessage(number)
    }

    package mutating func field<M: Message>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout [M]
    ) throws(WireError) {
        value = []
        while let message: M = try takeMessage(number) { value.append(message) }
    }
}
