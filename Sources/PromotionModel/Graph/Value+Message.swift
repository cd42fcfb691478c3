package import Expressions
package import Wire

/// A value of the expression language as protobuf: one of its fields is set, none for null.
package struct ValueMessage: Message, Hashable {
    package var value: Value = .null

    package init() {}

    /// The message of `value`.
    package init(_ value: Value) { self.value = value }

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        var bool: Bool?
        var int: Int64?
        var double: Double?
        var string: String?
        var array: ValueList?
        var object: ValueMap?
        switch value {
        case .null: break
        case .bool(let value): bool = value
        case .int(let value): int = value
        case .double(let value): double = value
        case .string(let value): string = value
        case .array(let values): array = ValueList(values: values.map(ValueMessage.init))
        case .object(let members): object = ValueMap(members)
        }
        try visitor.field(1, "bool", &bool)
        try visitor.field(2, "int", &int)
        try visitor.field(3, "double", &double)
        try visitor.field(4, "string", &string)
        try visitor.field(5, "array", &array)
        try visitor.field(6, "object", &object)
        if let bool {
            value = .bool(bool)
        } else if let int {
            value = .int(int)
        } else if let double {
            value = .double(double)
        } else if let string {
            value = .string(string)
        } else if let array {
            value = .array(array.values.map(\.value))
        } else if let object {
            value = object.value
        }
    }
}

extension ValueMessage {
    /// The value itself, not the fields that it is stored in.
    package func writeJSON(to json: inout JSONBytes) {
        Self.write(value, to: &json)
    }

    private static func write(_ value: Value, to json: inout JSONBytes) {
        switch value {
        case .null: json.raw("null")
        case .bool(let flag): json.raw(flag ? "true" : "false")
        case .int(let number): json.number(number)
        case .double: json.raw(Array(value.json.utf8))
        case .string(let text): json.string(text)
        case .array(let elements):
            json.beginList()
            for element in elements {
                write(element, to: &json)
                json.endMember()
            }
            json.endList(isEmpty: elements.isEmpty)
        case .object(let members):
            let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            json.raw("{")
            for (index, member) in sorted.enumerated() {
                if index > 0 { json.raw(",") }
                json.string(member.key)
                json.raw(":")
                write(member.value, to: &json)
            }
            json.raw("}")
        }
    }
}

/// The elements of an array value.
package struct ValueList: Message {
    package var values: [ValueMessage] = []
    package init() {}
    package init(values: [ValueMessage]) { self.values = values }
    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "values", &values)
    }
}

/// The members of an object value, in the order of their keys' bytes.
package struct ValueMap: Message {
    package var members: [ValueMember] = []
    package init() {}
    package init(_ members: [String: Value]) {
        self.members = members.sorted { $0.key < $1.key }
            .map { ValueMember(key: $0.key, value: ValueMessage($0.value)) }
    }
    package var value: Value {
        var object: [String: Value] = [:]
        object.reserveCapacity(members.count)
        for member in members { object[member.key] = member.value.value }
        return .object(object)
    }
    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "members", &members)
    }
}

/// One member of an object value.
package struct ValueMember: Message {
    package var key = ""
    package var value = ValueMessage()
    package init() {}
    package init(key: String, value: ValueMessage) {
        self.key = key
        self.value = value
    }
    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "key", &key)
        try visitor.field(2, "value", &value)
    }
}
