/// Why bytes could not be read as the record that they should be.
@usableFromInline
package enum WireError: Error, Hashable, Sendable {
    /// The bytes end inside a field.
    case truncated(field: UInt32)
    /// A varint longer than ten bytes or above 64 bits.
    case malformedVarint
    /// Field number 0, or a wire type that protobuf does not have.
    case malformedTag(UInt64)
    /// A field of another wire type than its schema says.
    case unexpectedWireType(field: UInt32)
    /// A string field that is not UTF-8.
    case invalidText(field: UInt32)
    /// A number that the field's enumeration does not know, so a newer program wrote it.
    case unknownValue(field: UInt32, value: UInt64)
    /// A fixed-size field (a digest, an identifier) with another content than it can have.
    case invalidValue(field: UInt32)
    /// More nesting than `WireLimits.depthMax`.
    case nestedTooDeep
}

extension WireError: CustomStringConvertible {
    @usableFromInline
    package var description: String {
        switch self {
        case .truncated(let field): "the record ends inside field \(field)"
        case .malformedVarint: "a number in the record is longer than 64 bits"
        case .malformedTag(let tag): "\(tag) is no field tag"
        case .unexpectedWireType(let field): "field \(field) has another type than its schema says"
        case .invalidText(let field): "field \(field) is not UTF-8"
        case .unknownValue(let field, let value):
            "field \(field) has the value \(value), which this version does not know"
        case .invalidValue(let field): "field \(field) has a value that it cannot have"
        case .nestedTooDeep: "the record is nested deeper than \(WireLimits.depthMax) levels"
        }
    }
}

/// Bounds on what a record may be.
@usableFromInline
package enum WireLimits {
    /// Nested messages; protobuf's own readers stop at 100 as well.
    @inlinable package static var depthMax: Int { 100 }
}
