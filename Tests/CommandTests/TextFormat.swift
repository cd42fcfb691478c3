/// A message in protobuf's text format, as `protoc --decode` writes it: fields in order, by name.
struct TextMessage: Hashable, Sendable {
    /// A field's value.
    enum Node: Hashable, Sendable {
        /// A number, `true`, `false`, or the name of an enumeration's value.
        case word(String)
        /// Text or bytes.
        case bytes([UInt8])
        case message(TextMessage)
    }

    private(set) var fields: [(name: String, node: Node)] = []

    static func == (left: TextMessage, right: TextMessage) -> Bool {
        left.fields.elementsEqual(right.fields) { $0.name == $1.name && $0.node == $1.node }
    }

    func hash(into hasher: inout Hasher) {
        for field in fields {
            hasher.combine(field.name)
            hasher.combine(field.node)
        }
    }

    /// The values of a field, in their order.
    subscript(name: String) -> [Node] { fields.filter { $0.name == name }.map(\.node) }

    /// Reads what `protoc --decode` wrote: a field a line.
    init(parsing text: String) throws {
        var stack: [(name: String, message: TextMessage)] = [("", TextMessage())]
        for line in text.split(separator: "\n") {
            let line = line.drop { $0 == " " }
            if line == "}" {
                guard stack.count > 1 else { throw TestFailure("text format: a brace too many") }
                let (name, message) = stack.removeLast()
                stack[stack.count - 1].message.fields.append((name, .message(message)))
            } else if line.hasSuffix(" {") {
                stack.append((String(line.dropLast(2)), TextMessage()))
            } else if let colon = line.firstRange(of: ": ") {
                let name = String(line[..<colon.lowerBound])
                let node = try Self.node(line[colon.upperBound...])
                stack[stack.count - 1].message.fields.append((name, node))
            } else {
                throw TestFailure("text format: \(line)")
            }
        }
        guard stack.count == 1 else { throw TestFailure("text format: a brace too few") }
        self = stack[0].message
    }

    private init() {}

    private static func node(_ text: Substring) throws -> Node {
        guard text.hasPrefix("\""), text.hasSuffix("\""), text.utf8.count >= 2 else {
            return .word(String(text))
        }
        var bytes: [UInt8] = []
        var rest = Array(text.utf8.dropFirst().dropLast())[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let escape = rest.popFirst() else {
                bytes.append(byte)
                continue
            }
            switch escape {
            case UInt8(ascii: "n"): bytes.append(10)
            case UInt8(ascii: "r"): bytes.append(13)
            case UInt8(ascii: "t"): bytes.append(9)
            case UInt8(ascii: "0")...UInt8(ascii: "3"):
                let digits = [escape] + rest.prefix(2)
                rest = rest.dropFirst(2)
                guard let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8) else {
                    throw TestFailure("text format: \(text)")
                }
                bytes.append(value)
            default: bytes.append(escape)
            }
        }
        return .bytes(bytes)
    }
}
