import EventLog
import PromotionModel
package import Wire

/// Draws the published schema, `docs/waybill.proto`, from the records themselves.
///
/// The file is what a test compares with; so the schema cannot say anything else than the code.
package struct SchemaWriter: FieldVisitor {
    private var fields: [String] = []
    /// The text of each message and enumeration, by its name.
    private var definitions: [String: String]

    private init(definitions: [String: String]) {
        self.definitions = definitions
    }

    /// The whole schema.
    package static func schema() -> String {
        var definitions: [String: String] = [:]
        var names: [String] = []
        for (type, payload) in Event.blanks {
            define(payload, name: type.name, in: &definitions)
            names.append(type.name)
        }
        var text = """
            // Waybill's records, as they are stored: read any ledger with protoc.
            //
            //   protoc --decode waybill.v1.Header waybill.proto < header
            //
            // Fields are written in ascending order, scalars that are zero are left out, and a
            // number is never used again for another field. Which message a payload is says its
            // header's type. docs/EVENTS.md says what each event means.
            syntax = "proto3";

            package waybill.v1;

            \(headerSchema)

            // What Header.type says, and with it which message the payload is.
            enum EventType {
              EVENT_TYPE_UNSPECIFIED = 0;

            """
        for type in EventType.allCases {
            text += "  EVENT_TYPE_\(screaming("\(type)")) = \(type.rawValue);\n"
        }
        text += "}\n"
        // A record that names a kind of event means the same enumeration.
        definitions["EventType"] = nil
        for name in names { text += "\n\(definitions.removeValue(forKey: name) ?? "")" }
        for name in definitions.keys.sorted() { text += "\n\(definitions[name] ?? "")" }
        return text
    }

    /// The log's own schema, where the kind of event is a plain number to the log, and here has
    /// a name.
    private static var headerSchema: String {
        let plain = "uint32 type = 4;"
        let parts = Header.schema.split(separator: plain, omittingEmptySubsequences: false)
        precondition(parts.count == 2, "the log's schema has no field \(plain)")
        return parts.joined(separator: "EventType type = 4;")
    }

    private static func define(
        _ message: some Message,
        name: String,
        in definitions: inout [String: String]
    ) {
        guard definitions[name] == nil else { return }
        // Known before its fields are visited, because a value may hold values.
        definitions[name] = ""
        var writer = SchemaWriter(definitions: definitions)
        var copy = message
        do throws(WireError) {
            try copy.visit(&writer)
        } catch {
            preconditionFailure("drawing a schema decodes nothing, yet threw \(error)")
        }
        definitions = writer.definitions
        let lines = writer.fields.map { "  \($0)\n" }.joined()
        definitions[name] = "message \(name) {\n\(lines)}\n"
    }

    private static func name<M>(_ type: M.Type) -> String {
        let name = "\(type)"
        return name.hasSuffix("Message") ? String(name.dropLast(7)) : name
    }

    /// `repoURL` → `repo_url`, `startedAtMs` → `started_at_ms`.
    static func snake(_ name: String) -> String {
        var text = ""
        let characters = Array(name)
        for (index, character) in characters.enumerated() {
            guard character.isUppercase else {
                text.append(character)
                continue
            }
            let followsLower = index > 0 && characters[index - 1].isLowercase
            let startsWord =
                index > 0 && index + 1 < characters.count
                && characters[index + 1].isLowercase
            if followsLower || startsWord { text.append("_") }
            text += character.lowercased()
        }
        return text
    }

    private static func screaming(_ name: String) -> String { snake(name).uppercased() }

    private mutating func add(_ type: String, _ number: UInt32, _ name: StaticString) {
        fields.append("\(type) \(Self.snake("\(name)")) = \(number);")
    }

    private mutating func enumName<E: WireEnum>(_ type: E.Type) -> String {
        let name = "\(type)"
        let prefix = Self.screaming(name)
        var text = "enum \(name) {\n  \(prefix)_UNSPECIFIED = 0;\n"
        for value in type.allCases {
            text += "  \(prefix)_\(Self.screaming("\(value)")) = \(value.rawValue);\n"
        }
        definitions[name] = text + "}\n"
        return name
    }

    private mutating func messageName<M: Message>(_ type: M.Type) -> String {
        let name = Self.name(type)
        Self.define(M(), name: name, in: &definitions)
        return name
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout UInt64) {
        add("uint64", number, name)
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout UInt64?) {
        add("optional uint64", number, name)
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Int64) {
        add("int64", number, name)
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Int64?) {
        add("optional int64", number, name)
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Bool) {
        add("bool", number, name)
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Bool?) {
        add("optional bool", number, name)
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Double?) {
        add("optional double", number, name)
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout String) {
        add("string", number, name)
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout String?) {
        add("optional string", number, name)
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout [String]) {
        add("repeated string", number, name)
    }

    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout [UInt8]) {
        add("bytes", number, name)
    }

    package mutating func field<E: WireEnum>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout E
    ) {
        let type = enumName(E.self)
        add(type, number, name)
    }

    package mutating func field<E: WireEnum>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout E?
    ) {
        let type = enumName(E.self)
        add("optional \(type)", number, name)
    }

    package mutating func field<M: Message>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout M
    ) {
        let type = messageName(M.self)
        add(type, number, name)
    }

    package mutating func field<M: Message>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout M?
    ) {
        let type = messageName(M.self)
        add(type, number, name)
    }

    package mutating func field<M: Message>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout [M]
    ) {
        let type = messageName(M.self)
        add("repeated \(type)", number, name)
    }
}
