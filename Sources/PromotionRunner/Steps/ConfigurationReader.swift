import Expressions

/// Reads the fields of a step's configuration, after its templates were evaluated.
///
/// Remembers which fields were asked for: ``finish()`` refuses the others by name.
struct ConfigurationReader {
    private let members: [String: Value]
    /// Where the fields stand, such as `checkout[0]`; empty at the top.
    private let place: String
    private var known: [String] = []

    /// A reader of a step's whole configuration.
    init(_ value: Value) throws(StepError) {
        try self.init(value, at: "")
    }

    private init(_ value: Value, at place: String) throws(StepError) {
        switch value {
        case .object(let members): self.members = members
        case .null: members = [:]
        default: throw .wrong("\(place.isEmpty ? "config" : place) must be an object with fields")
        }
        self.place = place
    }

    /// A text that must be there and must not be empty.
    mutating func string(_ name: String) throws(StepError) -> String {
        guard let text = try optionalString(name), !text.isEmpty else {
            throw .wrong("\(path(of: name)) is missing")
        }
        return text
    }

    /// A text; nil if it is missing, null or empty.
    mutating func optionalString(_ name: String) throws(StepError) -> String? {
        switch value(name) {
        case .null, .string(""): return nil
        case .string(let text): return text
        case .int, .double, .bool:
            throw .wrong(
                "\(path(of: name)) must be text; if an expression made a number or a boolean of "
                    + "it, wrap it in quote()"
            )
        case .array, .object: throw .wrong("\(path(of: name)) must be text")
        }
    }

    /// A truth value; `standard` if it is missing.
    mutating func bool(_ name: String, default standard: Bool) throws(StepError) -> Bool {
        switch value(name) {
        case .null: return standard
        case .bool(let flag): return flag
        default: throw .wrong("\(path(of: name)) must be true or false")
        }
    }

    /// A whole number within bounds; `standard` if it is missing.
    mutating func int(
        _ name: String,
        default standard: Int,
        in range: ClosedRange<Int>
    ) throws(StepError) -> Int {
        let number = value(name)
        if number == .null { return standard }
        guard case .int(let int) = number, let int = Int(exactly: int), range.contains(int) else {
            throw .wrong(
                "\(path(of: name)) must be a whole number from \(range.lowerBound) to "
                    + "\(range.upperBound)"
            )
        }
        return int
    }

    /// A text, number, truth value or null that must be there.
    mutating func scalar(_ name: String) throws(StepError) -> Value {
        guard members[name] != nil else { throw .wrong("\(path(of: name)) is missing") }
        let scalar = value(name)
        switch scalar {
        case .array, .object: throw .wrong("\(path(of: name)) must be text, a number or a boolean")
        case .null, .bool, .int, .double, .string: return scalar
        }
    }

    /// A list of objects that must have an element, each read by `read`.
    mutating func list<Element>(
        _ name: String,
        _ read: (inout ConfigurationReader) throws(StepError) -> Element
    ) throws(StepError) -> [Element] {
        guard case .array(let values) = value(name), !values.isEmpty else {
            throw .wrong("\(path(of: name)) must be a list with at least one element")
        }
        var elements: [Element] = []
        for (index, value) in values.enumerated() {
            var reader = try ConfigurationReader(value, at: "\(path(of: name))[\(index)]")
            elements.append(try read(&reader))
            try reader.finish()
        }
        return elements
    }

    /// Refuses what nobody asked for.
    func finish() throws(StepError) {
        guard let name = members.keys.sorted().first(where: { !known.contains($0) }) else { return }
        throw .wrong("\(path(of: name)) is no field of this step\(NearestName.hint(name, known))")
    }

    /// Where `name` stands, for messages.
    func path(of name: String) -> String { place.isEmpty ? name : "\(place).\(name)" }

    private mutating func value(_ name: String) -> Value {
        known.append(name)
        return members[name] ?? .null
    }
}

/// Proposes what somebody may have meant.
enum NearestName {
    /// ` (did you mean …?)`, or the names there are if none is near.
    static func hint(_ name: String, _ candidates: [String]) -> String {
        let nearest = candidates.min { distance($0, name) < distance($1, name) }
        guard let nearest, distance(nearest, name) <= max(2, name.count / 3) else {
            return "; there are \(candidates.joined(separator: ", "))"
        }
        return "; did you mean \(nearest)?"
    }

    /// How many characters must be changed, added or left out.
    private static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.lowercased().prefix(64))
        let right = Array(right.lowercased().prefix(64))
        var row = Array(0...right.count)
        for (index, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let replaced = diagonal + (character == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
            }
        }
        return row[right.count]
    }
}
