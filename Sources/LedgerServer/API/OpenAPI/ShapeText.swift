import Expressions

/// Reads the short form in which the shapes of answers are written down, into JSON Schema.
///
/// Members stand behind each other: `name`, which is text, or `name:type`; `?` behind it if it may
/// be absent. Types are `int`, `number`, `bool`, `time` (RFC 3339), `any`, `[type]`, `=text` (just
/// that), `a|b` (one of these texts), and the names of shapes.
enum ShapeText {
    /// The schema of an object with these members and no others.
    static func schema(_ text: String) -> Value {
        var properties: [String: Value] = [:]
        var required: [Value] = []
        for word in text.split(whereSeparator: \.isWhitespace) {
            let isOptional = word.hasSuffix("?")
            let bare = isOptional ? word.dropLast() : word
            let sides = bare.split(separator: ":", maxSplits: 1)
            let name = String(sides[0])
            properties[name] = sides.count == 2 ? type(sides[1]) : ["type": "string"]
            if !isOptional { required.append(.string(name)) }
        }
        var schema: [String: Value] = [
            "type": "object", "properties": .object(properties), "additionalProperties": false,
        ]
        if !required.isEmpty { schema["required"] = .array(required) }
        return .object(schema)
    }

    /// The schema of a type.
    static func type(_ text: Substring) -> Value {
        if text.hasPrefix("["), text.hasSuffix("]") {
            return ["type": "array", "items": type(text.dropFirst().dropLast())]
        }
        if text.hasPrefix("=") { return ["const": .string(String(text.dropFirst()))] }
        if text.contains("|") {
            return ["enum": .array(text.split(separator: "|").map { .string(String($0)) })]
        }
        switch text {
        case "string": return ["type": "string"]
        case "int": return ["type": "integer"]
        case "number": return ["type": "number"]
        case "bool": return ["type": "boolean"]
        case "time": return ["type": "string", "format": "date-time"]
        case "any": return [:]
        default: return ["$ref": .string("#/components/schemas/\(text)")]
        }
    }
}
