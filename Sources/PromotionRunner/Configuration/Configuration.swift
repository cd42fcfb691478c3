import Expressions

/// What people write about a step, or a part of that: fields that are listed once.
///
/// `visit` names each field with its meaning, and the value that it has before it is read is its
/// default. The reader of manifests and `waybill steps` go through the same list, so what is
/// documented is what is read.
protocol Configuration: Sendable {
    /// A configuration in which nothing was said.
    init()

    /// Hands every field to `visitor`.
    mutating func visit(_ visitor: inout some ConfigurationVisitor)

    /// What is wrong with fields of which each is well-formed by itself.
    func contradictions() -> [FieldProblem]
}

extension Configuration {
    func contradictions() -> [FieldProblem] { [] }
}

/// What is wrong with one field.
struct FieldProblem: Hashable, Sendable {
    /// The field's name, without where it stands.
    let field: String
    /// How the sentence goes on that begins with the field.
    let message: String

    init(_ field: String, _ message: String) {
        self.field = field
        self.message = message
    }
}

/// Something that goes through the fields of a configuration: reads or describes them.
protocol ConfigurationVisitor {
    /// A text that must be there and must not be empty.
    mutating func text(_ name: String, _ value: inout String, _ meaning: String)
    /// A text; nil if it is missing, null or empty.
    mutating func text(_ name: String, _ value: inout String?, _ meaning: String)
    /// A text that must be there and may be empty.
    mutating func contents(_ name: String, _ value: inout String, _ meaning: String)
    /// Texts that are not empty; at least one where the list is required.
    mutating func texts(
        _ name: String,
        _ value: inout [String],
        isRequired: Bool,
        _ meaning: String
    )
    /// A truth value.
    mutating func flag(_ name: String, _ value: inout Bool, _ meaning: String)
    /// A whole number within bounds.
    mutating func number(
        _ name: String,
        _ value: inout Int,
        in range: ClosedRange<Int>,
        _ meaning: String
    )
    /// A text, number or truth value that must be there; null, too, where that is allowed.
    mutating func scalar(
        _ name: String,
        _ value: inout Value,
        allowsNull: Bool,
        _ meaning: String
    )
    /// An object with at least one member of any name.
    mutating func members(_ name: String, _ value: inout [String: Value], _ meaning: String)
    /// An object with fields of its own.
    mutating func part<Part: Configuration>(
        _ name: String,
        _ value: inout Part?,
        _ meaning: String
    )
    /// Objects with fields of their own; at least one where the list is required.
    mutating func parts<Part: Configuration>(
        _ name: String,
        _ value: inout [Part],
        isRequired: Bool,
        _ meaning: String
    )
    /// A field of Kargo's that this version refuses by name, unless it says nothing.
    mutating func unknown(_ name: String, _ meaning: String)
    /// The whole configuration, with members of any name, at least one.
    mutating func everything(_ value: inout [String: Value], _ meaning: String)
}
