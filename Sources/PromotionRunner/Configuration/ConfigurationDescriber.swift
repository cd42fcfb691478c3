import Expressions

/// Writes down the fields of a configuration, with their defaults.
struct ConfigurationDescriber {
    private(set) var fields: [StepField] = []

    /// The fields of a type of configuration.
    static func fields<C: Configuration>(of type: C.Type) -> [StepField] {
        var describer = ConfigurationDescriber()
        var configuration = C()
        configuration.visit(&describer)
        return describer.fields
    }

    private mutating func add(
        _ name: String,
        _ kind: String,
        isRequired: Bool = false,
        standard: Value = .null,
        isDone: Bool = true,
        fields: [StepField] = [],
        _ meaning: String
    ) {
        self.fields.append(
            StepField(
                name: name,
                kind: kind,
                isRequired: isRequired,
                standard: standard,
                meaning: meaning,
                isDone: isDone,
                fields: fields
            )
        )
    }
}

extension ConfigurationDescriber: ConfigurationVisitor {
    mutating func text(_ name: String, _ value: inout String, _ meaning: String) {
        add(name, "text", isRequired: true, meaning)
    }

    mutating func text(_ name: String, _ value: inout String?, _ meaning: String) {
        add(name, "text", standard: value.map { .string($0) } ?? .null, meaning)
    }

    mutating func contents(_ name: String, _ value: inout String, _ meaning: String) {
        add(name, "text", isRequired: true, meaning)
    }

    mutating func texts(
        _ name: String,
        _ value: inout [String],
        isRequired: Bool,
        _ meaning: String
    ) {
        add(name, "list of texts", isRequired: isRequired, meaning)
    }

    mutating func flag(_ name: String, _ value: inout Bool, _ meaning: String) {
        add(name, "true or false", standard: .bool(value), meaning)
    }

    mutating func number(
        _ name: String,
        _ value: inout Int,
        in range: ClosedRange<Int>,
        _ meaning: String
    ) {
        let kind = "number, \(range.lowerBound) to \(range.upperBound)"
        add(name, kind, standard: .int(Int64(value)), meaning)
    }

    mutating func scalar(
        _ name: String,
        _ value: inout Value,
        allowsNull: Bool,
        _ meaning: String
    ) {
        add(name, "text, number or boolean", isRequired: true, meaning)
    }

    mutating func members(_ name: String, _ value: inout [String: Value], _ meaning: String) {
        add(name, "object of any members", isRequired: true, meaning)
    }

    mutating func part<Part: Configuration>(
        _ name: String,
        _ value: inout Part?,
        _ meaning: String
    ) {
        add(name, "object", fields: Self.fields(of: Part.self), meaning)
    }

    mutating func parts<Part: Configuration>(
        _ name: String,
        _ value: inout [Part],
        isRequired: Bool,
        _ meaning: String
    ) {
        add(
            name,
            "list of objects",
            isRequired: isRequired,
            fields: Self.fields(of: Part.self),
            meaning
        )
    }

    mutating func unknown(_ name: String, _ meaning: String) {
        add(name, "any", isDone: false, meaning)
    }

    mutating func everything(_ value: inout [String: Value], _ meaning: String) {
        add("*", "any", isRequired: true, meaning)
    }
}
