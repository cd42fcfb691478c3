/// What an expression can name: the variables and functions of the place where it stands.
///
/// The language's own functions are found first, so they mean the same everywhere.
package protocol Environment {
    /// The variable of that name; nil if there is none, which evaluates to null, as in Kargo.
    func variable(_ name: String) -> Value?

    /// What a function answers; nil if there is none of that name.
    ///
    /// - Throws: an error without a place; the place of the call is added to it.
    func call(_ function: String, _ arguments: [Value]) throws(ExpressionError) -> Value?

    /// Hears of a value that an expression reads: a variable or member, an element of a list.
    func hasRead(_ value: Value)

    /// Hears what a template with expressions came to, after everything that it read.
    ///
    /// `isVerbatim`: the texts that it read stand in it as they were, and nothing else of them.
    func hasMade(_ value: Value, isVerbatim: Bool)
}

extension Environment {
    package func call(_ function: String, _ arguments: [Value]) throws(ExpressionError) -> Value? {
        nil
    }

    package func hasRead(_ value: Value) {}

    package func hasMade(_ value: Value, isVerbatim: Bool) {}
}

/// An environment of variables only.
package struct Variables: Environment, Sendable {
    private let values: [String: Value]

    /// The variables by their names.
    package init(_ values: [String: Value] = [:]) {
        self.values = values
    }

    package func variable(_ name: String) -> Value? { values[name] }
}
