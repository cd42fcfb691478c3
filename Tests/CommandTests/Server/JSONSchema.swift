/// As much of JSON Schema (2020-12) as `docs/openapi.yaml` uses.
struct JSONSchema {
    /// The shapes that references name.
    let shapes: JSON

    /// What of a value is not as a schema says, each with its place.
    func faults(of value: JSON, in schema: JSON, at place: String = "$") -> [String] {
        if case .string(let path) = schema["$ref"] {
            let name = String(path.split(separator: "/").last ?? "")
            guard !shapes[name].isNull else { return ["\(place): no shape \(name)"] }
            return faults(of: value, in: shapes[name], at: place)
        }
        if case .array(let choices) = schema["anyOf"] {
            let all = choices.map { faults(of: value, in: $0, at: place) }
            guard !all.contains(where: \.isEmpty) else { return [] }
            return all.min { $0.count < $1.count } ?? []
        }
        if case .array(let values) = schema["enum"], !values.contains(value) {
            return ["\(place): \(value) is not among \(values)"]
        }
        if !schema["const"].isNull, schema["const"] != value { return ["\(place): \(value)"] }
        switch (schema["type"].text, value) {
        case ("object", .object(let members)): return faults(of: members, in: schema, at: place)
        case ("array", .array(let items)):
            return items.enumerated().flatMap { index, item in
                faults(of: item, in: schema["items"], at: "\(place)[\(index)]")
            }
        case ("string", .string), ("integer", .number), ("number", .number), ("number", .double),
            ("boolean", .bool), ("", _):
            return []
        default: return ["\(place): \(value) is no \(schema["type"].text)"]
        }
    }

    private func faults(
        of members: [String: JSON],
        in schema: JSON,
        at place: String
    ) -> [String] {
        var faults: [String] = []
        for name in schema["required"].items.map(\.text) where members[name] == nil {
            faults.append("\(place).\(name): missing")
        }
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            let known = schema["properties"][name]
            if schema["properties"].members[name] == nil {
                if schema["additionalProperties"] == .bool(false) {
                    faults.append("\(place).\(name): not in the schema")
                }
            } else {
                faults += self.faults(of: value, in: known, at: "\(place).\(name)")
            }
        }
        return faults
    }
}
