/// The fields of the messages of a `.proto` file, and what JSON its documentation promises.
struct ProtoSchema: Sendable {
    /// A field of a message.
    struct Field: Sendable {
        let type: String
        let isRepeated: Bool
    }

    private var messages: [String: [String: Field]] = [:]
    private var enumerations: [String: Set<String>] = [:]
    /// The messages that payloads are: one for each value of `EventType`, with its name.
    private(set) var payloads: [String] = []

    /// Reads the schema: a declaration a line.
    init(parsing text: String) throws {
        var scope = ""
        for line in text.split(separator: "\n").map(String.init) {
            let line = line.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false)[
                0
            ]
            var words = line.split(whereSeparator: { " ;".contains($0) }).map(String.init)
            guard let first = words.first else { continue }
            if first == "message" || first == "enum" {
                scope = words[1]
                if first == "message" { messages[scope] = [:] } else { enumerations[scope] = [] }
                if words.last == "}" { scope = "" }
            } else if first == "}" {
                scope = ""
            } else if enumerations[scope] != nil, words.count == 3 {
                enumerations[scope]?.insert(words[0])
                if scope == "EventType", words[2] != "0" {
                    payloads.append(Self.camel(String(words[0].dropFirst(11)), capital: true))
                }
            } else if !scope.isEmpty, words.count >= 4 {
                let isRepeated = first == "repeated"
                if isRepeated || first == "optional" { words.removeFirst() }
                messages[scope]?[words[1]] = Field(type: words[0], isRepeated: isRepeated)
            }
        }
        guard messages.count > 20, payloads.count > 10 else { throw TestFailure("no schema") }
    }

    /// A decoded message as JSON: names in snake case, enumerations in lowerCamelCase, bytes in
    /// hexadecimal digits; what is zero or empty is left out.
    func json(_ message: TextMessage, _ type: String) throws -> JSON {
        if type == "Value" { return try value(message) }
        guard let fields = messages[type] else { throw TestFailure("no message \(type)") }
        var members: [String: JSON] = [:]
        for (name, field) in fields {
            let values = try message[name].map { try json($0, field.type) }
            members[name] = field.isRepeated ? .array(values) : values.first
        }
        let unknown = message.fields.first { fields[$0.name] == nil }
        if let unknown { throw TestFailure("\(type) has no field \(unknown.name)") }
        return .object(members.filter { !$0.value.isZero })
    }

    private func json(_ node: TextMessage.Node, _ type: String) throws -> JSON {
        switch node {
        case .message(let message): return try json(message, type)
        case .bytes(let bytes):
            guard type == "bytes" else { return .string(String(decoding: bytes, as: UTF8.self)) }
            return .string(bytes.map { Self.hex($0) }.joined())
        case .word(let word):
            if let names = enumerations[type] {
                guard names.contains(word) else { throw TestFailure("\(type): \(word)") }
                let prefix = Self.screaming(type) + "_"
                return .string(Self.camel(String(word.dropFirst(prefix.count)), capital: false))
            }
            if type == "bool" { return .bool(word == "true") }
            if type == "double" { return .double(Double(word) ?? .nan) }
            guard let number = Int64(word) else { throw TestFailure("\(type): \(word)") }
            return .number(number)
        }
    }

    /// A value of the expression language: one of the fields is set.
    private func value(_ message: TextMessage) throws -> JSON {
        guard let field = message.fields.first else { return .null }
        switch field.node {
        case .message(let inner) where field.name == "array":
            return .array(try inner["values"].map { try json($0, "Value") })
        case .message(let inner):
            var members: [String: JSON] = [:]
            for case .message(let member) in inner["members"] {
                guard case .bytes(let key) = member["key"].first ?? .bytes([]) else { continue }
                let value = member["value"].first
                members[String(decoding: key, as: UTF8.self)] =
                    try value.map { try json($0, "Value") } ?? .null
            }
            return .object(members)
        default: return try json(field.node, field.name == "int" ? "int64" : field.name)
        }
    }

    private static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }

    private static func screaming(_ name: String) -> String { snake(name).uppercased() }

    private static func camel(_ screaming: String, capital: Bool) -> String {
        let words = screaming.split(separator: "_").map { $0.lowercased() }
        return words.enumerated().map { index, word in
            index == 0 && !capital ? word : word.prefix(1).uppercased() + word.dropFirst()
        }.joined()
    }

    /// `repoURL` → `repo_url`.
    static func snake(_ name: String) -> String {
        let letters = Array(name)
        return letters.indices.map { index -> String in
            guard letters[index].isUppercase, index > 0 else { return letters[index].lowercased() }
            let isWord =
                letters[index - 1].isLowercase
                || index + 1 < letters.count && letters[index + 1].isLowercase
            return (isWord ? "_" : "") + letters[index].lowercased()
        }.joined()
    }
}

extension JSON {
    /// Whether proto3 leaves it out.
    var isZero: Bool {
        switch self {
        case .null, .bool(false), .number(0), .double(0), .string(""), .array([]), .object([:]):
            true
        default: false
        }
    }

    /// The same with names in snake case and without what proto3 leaves out; free values (the
    /// members called `free`) stay as they are.
    func normalized(free: Set<String>) -> JSON {
        switch self {
        case .array(let items): return .array(items.map { $0.normalized(free: free) })
        case .object(let members):
            var result: [String: JSON] = [:]
            for (name, value) in members {
                let value = free.contains(name) ? value : value.normalized(free: free)
                if !value.isZero { result[ProtoSchema.snake(name)] = value }
            }
            return .object(result)
        default: return self
        }
    }
}
