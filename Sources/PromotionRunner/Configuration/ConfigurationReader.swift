import Expressions

/// Reads the fields of a step's configuration, after its templates were evaluated.
///
/// Goes on after a problem, so that all of them are told at once. Which fields were asked for is
/// remembered: the others are refused by name.
struct ConfigurationReader {
    private let members: [String: Value]
    /// Where the fields stand, such as `checkout[0]`; empty at the top.
    private let place: String
    private var known: [String] = []
    /// Members of any name are allowed.
    private var knowsAll = false
    private var problems: [String] = []

    /// How many problems of one configuration are told.
    private static let problemCountMax = 10

    /// The configuration that `value` is.
    static func read<C: Configuration>(_ type: C.Type, _ value: Value) throws(StepError) -> C {
        let (configuration, problems) = read(type, value, at: "")
        guard problems.isEmpty else {
            throw .wrong(problems.prefix(problemCountMax).joined(separator: "; "))
        }
        return configuration
    }

    /// The configuration that `value` is as far as it is one, and what is wrong with it.
    private static func read<C: Configuration>(
        _ type: C.Type,
        _ value: Value,
        at place: String
    ) -> (C, problems: [String]) {
        var configuration = C()
        let members: [String: Value]
        switch value {
        case .object(let fields): members = fields
        case .null: members = [:]
        default:
            let name = place.isEmpty ? "config" : place
            return (configuration, ["\(name) must be an object with fields"])
        }
        var reader = ConfigurationReader(members: members, place: place)
        configuration.visit(&reader)
        reader.refuseUnknown()
        if reader.problems.isEmpty {
            for problem in configuration.contradictions() {
                reader.add(problem.field, problem.message)
            }
        }
        return (configuration, reader.problems)
    }

    private init(members: [String: Value], place: String) {
        self.members = members
        self.place = place
    }

    private mutating func refuseUnknown() {
        guard !knowsAll else { return }
        for name in members.keys.sorted() where !known.contains(name) {
            add(name, "is no field of this step\(NearestName.hint(name, known))")
        }
    }

    private mutating func add(_ name: String, _ message: String) {
        problems.append("\(path(of: name)) \(message)")
    }

    private func path(of name: String) -> String { place.isEmpty ? name : "\(place).\(name)" }

    private mutating func value(_ name: String) -> Value {
        known.append(name)
        return members[name] ?? .null
    }
}

extension ConfigurationReader: ConfigurationVisitor {
    mutating func text(_ name: String, _ value: inout String, _ meaning: String) {
        let said = self.value(name)
        switch said {
        case .null: add(name, "is missing")
        case .string(""): add(name, "is empty")
        default: if let text = text(said, name) { value = text }
        }
    }

    mutating func text(_ name: String, _ value: inout String?, _ meaning: String) {
        let said = self.value(name)
        switch said {
        case .null, .string(""): break
        default: value = text(said, name)
        }
    }

    mutating func contents(_ name: String, _ value: inout String, _ meaning: String) {
        let said = self.value(name)
        if said == .null {
            add(name, "is missing")
        } else if let text = text(said, name) {
            value = text
        }
    }

    mutating func texts(
        _ name: String,
        _ value: inout [String],
        isRequired: Bool,
        _ meaning: String
    ) {
        for (index, element) in elements(name, isRequired: isRequired).enumerated() {
            let place = "\(name)[\(index)]"
            if element == .string("") || element == .null {
                add(place, "is empty")
            } else if let text = text(element, place) {
                value.append(text)
            }
        }
    }

    mutating func flag(_ name: String, _ value: inout Bool, _ meaning: String) {
        switch self.value(name) {
        case .null: break
        case .bool(let flag): value = flag
        default: add(name, "must be true or false")
        }
    }

    mutating func number(
        _ name: String,
        _ value: inout Int,
        in range: ClosedRange<Int>,
        _ meaning: String
    ) {
        let said = self.value(name)
        guard said != .null else { return }
        if case .int(let number) = said, let number = Int(exactly: number), range.contains(number) {
            value = number
        } else {
            add(
                name,
                "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
    }

    mutating func scalar(
        _ name: String,
        _ value: inout Value,
        allowsNull: Bool,
        _ meaning: String
    ) {
        let said = self.value(name)
        switch said {
        case .null where members[name] == nil: add(name, "is missing")
        case .null where allowsNull: value = said
        case .null, .array, .object: add(name, "must be text, a number or a boolean")
        case .bool, .int, .double, .string: value = said
        }
    }

    mutating func members(_ name: String, _ value: inout [String: Value], _ meaning: String) {
        let said = self.value(name)
        if case .object(let fields) = said, !fields.isEmpty {
            value = fields
        } else {
            add(name, said == .null ? "is missing" : "must be an object that is not empty")
        }
    }

    mutating func part<Part: Configuration>(
        _ name: String,
        _ value: inout Part?,
        _ meaning: String
    ) {
        let said = self.value(name)
        guard said != .null else { return }
        let (part, problems) = Self.read(Part.self, said, at: path(of: name))
        value = part
        self.problems += problems
    }

    mutating func parts<Part: Configuration>(
        _ name: String,
        _ value: inout [Part],
        isRequired: Bool,
        _ meaning: String
    ) {
        for (index, element) in elements(name, isRequired: isRequired).enumerated() {
            let place = "\(path(of: name))[\(index)]"
            let (part, problems) = Self.read(Part.self, element, at: place)
            value.append(part)
            self.problems += problems
        }
    }

    mutating func unknown(_ name: String, _ meaning: String) {
        let said = value(name)
        guard ![.null, .bool(false), .string(""), .array([]), .object([:])].contains(said) else {
            return
        }
        add(name, "is not done by this version; leave it out")
    }

    mutating func everything(_ value: inout [String: Value], _ meaning: String) {
        knowsAll = true
        value = members
        if members.isEmpty { problems.append("config must have at least one member") }
    }

    private mutating func text(_ value: Value, _ name: String) -> String? {
        switch value {
        case .string(let text): return text
        case .int, .double, .bool:
            add(
                name,
                "must be text; if an expression made a number or a boolean of it, wrap it in "
                    + "quote()"
            )
        case .null, .array, .object: add(name, "must be text")
        }
        return nil
    }

    private mutating func elements(_ name: String, isRequired: Bool) -> [Value] {
        switch value(name) {
        case .null where !isRequired: return []
        case .null:
            add(name, "is missing; it is a list with at least one element")
            return []
        case .array(let values):
            if isRequired, values.isEmpty { add(name, "must be a list with at least one element") }
            return values
        default:
            add(name, "must be a list")
            return []
        }
    }
}
