/// How a field's bytes are laid out (protobuf encoding specification, "Message structure").
@usableFromInline
package enum WireType: UInt8, Sendable {
    case varint = 0
    case fixed64 = 1
    case lengthDelimited = 2
    case fixed32 = 5
}
