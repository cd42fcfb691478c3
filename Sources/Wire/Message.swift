/// A record whose fields are listed once, for every use of them.
///
/// `visit` names each field with its number. From that one list come the encoder, the decoder,
/// the JSON form and the published schema, so they cannot differ. Fields are listed in ascending
/// order of number; a field that is dropped leaves its number unused for ever.
@usableFromInline
package protocol Message: Sendable {
    /// A record in which nothing is set: what a decoder starts from.
    init()
    /// Hands every field to `visitor`, in ascending order of number.
    mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError)

    // All have one implementation, below. They are requirements so that each record's own room
    // compiles them for that record; called as a generic function from another room they would
    // look up every field's type while they run, at a third of the speed.

    /// The protobuf bytes of this record.
    func encoded() -> [UInt8]
    /// Reads a record from protobuf bytes.
    ///
    /// Unknown fields are skipped.
    init(decoding bytes: [UInt8]) throws(WireError)
    /// Writes this record as JSON.
    func writeJSON(to json: inout JSONBytes)
}

extension Message {
    @inlinable
    package func encoded() -> [UInt8] {
        var encoder = MessageEncoder()
        return encoder.encode(self)
    }

    @inlinable
    package init(decoding bytes: [UInt8]) throws(WireError) {
        self.init()
        var decoder = MessageDecoder(bytes)
        try visit(&decoder)
        try decoder.finish()
    }

    @inlinable
    package func writeJSON(to json: inout JSONBytes) {
        json.object(self)
    }
}

/// A closed enumeration that is stored as a number; 0 is kept for "not said".
@usableFromInline
package protocol WireEnum: RawRepresentable<UInt32>, CaseIterable, Hashable, Sendable {}

/// A string with rules of its own, stored as text.
@usableFromInline
package protocol Identifier: RawRepresentable<String>, Hashable, Comparable, Sendable,
    CustomStringConvertible
{
    /// The identifier without a check: for text that was checked when it was first recorded.
    init(unchecked: String)
}

extension Identifier {
    /// Orders by the bytes of the text.
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    package var description: String { rawValue }
}

/// Something that goes through the fields of a message: reads, writes or describes them.
@usableFromInline
package protocol FieldVisitor {
    /// A `uint64` field.
    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout UInt64)
        throws(WireError)
    /// An optional `uint64` field.
    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout UInt64?)
        throws(WireError)
    /// An `int64` field.
    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Int64)
        throws(WireError)
    /// An optional `int64` field.
    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Int64?)
        throws(WireError)
    /// A `bool` field.
    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Bool)
        throws(WireError)
    /// An optional `bool` field.
    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Bool?)
        throws(WireError)
    /// An optional `double` field.
    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Double?)
        throws(WireError)
    /// A `string` field.
    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout String)
        throws(WireError)
    /// An optional `string` field.
    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout String?)
        throws(WireError)
    /// A `repeated string` field.
    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout [String])
        throws(WireError)
    /// A `bytes` field.
    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout [UInt8])
        throws(WireError)
    /// An enumeration; the name of its type is taken from Swift.
    mutating func field<E: WireEnum>(_ number: UInt32, _ name: StaticString, _ value: inout E)
        throws(WireError)
    /// An optional enumeration.
    mutating func field<E: WireEnum>(_ number: UInt32, _ name: StaticString, _ value: inout E?)
        throws(WireError)
    /// A nested message, always present.
    mutating func field<M: Message>(_ number: UInt32, _ name: StaticString, _ value: inout M)
        throws(WireError)
    /// An optional nested message.
    mutating func field<M: Message>(_ number: UInt32, _ name: StaticString, _ value: inout M?)
        throws(WireError)
    /// A `repeated` nested message.
    mutating func field<M: Message>(_ number: UInt32, _ name: StaticString, _ value: inout [M])
        throws(WireError)
}

extension FieldVisitor {
    /// An identifier, stored as `string`.
    @inlinable
    package mutating func field<I: Identifier>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout I
    ) throws(WireError) {
        var text = value.rawValue
        try field(number, name, &text)
        value = I(unchecked: text)
    }

    /// An optional identifier, stored as `string`.
    @inlinable
    package mutating func field<I: Identifier>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout I?
    ) throws(WireError) {
        var text = value?.rawValue
        try field(number, name, &text)
        value = text.map { I(unchecked: $0) }
    }

    /// Identifiers, stored as `repeated string`.
    @inlinable
    package mutating func field<I: Identifier>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout [I]
    ) throws(WireError) {
        var texts = value.map(\.rawValue)
        try field(number, name, &texts)
        value = texts.map { I(unchecked: $0) }
    }
}
