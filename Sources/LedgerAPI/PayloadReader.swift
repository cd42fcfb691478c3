package import Expressions
import PromotionModel
package import Wire

/// Reads the fields of a message into a JSON value, under the names of the schema.
///
/// What a reader of JSON does not need to see is left out: empty text, absent options, lists
/// without elements. Times that are stored as milliseconds stay numbers, with `Ms` in the name.
package struct PayloadReader: FieldVisitor {
    private var members: [String: Value] = [:]

    /// The JSON form of `message`.
    package static func value(of message: some Message) -> Value {
        if let message = message as? ValueMessage { return message.value }
        var reader = PayloadReader()
        var copy = message
        do throws(WireError) {
            try copy.visit(&reader)
        } catch {
            preconditionFailure("reading fields decodes nothing, yet threw \(error)")
        }
        return .object(reader.members)
    }

    private mutating func set(_ name: StaticString, _ value: Value) {
        members["\(name)"] = value
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout UInt64) {
        set(name, .int(Int64(clamping: value)))
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout UInt64?) {
        if let value { set(name, .int(Int64(clamping: value))) }
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Int64) {
        set(name, .int(value))
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Int64?) {
        if let value { set(name, .int(value)) }
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Bool) {
        set(name, .bool(value))
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Bool?) {
        if let value { set(name, .bool(value)) }
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Double?) {
        if let value { set(name, .double(value)) }
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout String) {
        if !value.isEmpty { set(name, .string(value)) }
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout String?) {
        if let value { set(name, .string(value)) }
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout [String]) {
        if !value.isEmpty { set(name, .array(value.map { .string($0) })) }
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout [UInt8]) {
        if !value.isEmpty {
            let digits = Array("0123456789abcdef".utf8)
            let hex = value.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
            set(name, .string(String(decoding: hex, as: UTF8.self)))
        }
    }

    package mutating func field<E: WireEnum>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout E
    ) {
        set(name, .string("\(value)"))
    }

    package mutating func field<E: WireEnum>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout E?
    ) {
        if let value { set(name, .string("\(value)")) }
    }

    package mutating func field<M: Message>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout M
    ) {
        set(name, Self.value(of: value))
    }

    package mutating func field<M: Message>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout M?
    ) {
        if let value { set(name, Self.value(of: value)) }
    }

    package mutating func field<M: Message>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout [M]
    ) {
        if !value.isEmpty { set(name, .array(value.map { Self.value(of: $0) })) }
    }
}
