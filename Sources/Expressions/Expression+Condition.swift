extension Expression {
    /// Whether it holds in an environment: its value, or what the value's text says.
    ///
    /// As Kargo reads conditions that stand alone: `1`, `t`, `true` and their like hold, `0`, `f`,
    /// `false` and their like do not.
    ///
    /// - Throws: what goes wrong in it, or that its value says neither.
    package func holds(in environment: some Environment) throws(ExpressionError) -> Bool {
        let value = try evaluate(in: environment)
        if case .bool(let holds) = value { return holds }
        guard let holds = TextForm.bool(TextForm.display(value)) else {
            throw ExpressionError(
                "the expression must come to true or false, not \(value.kindName)"
            )
        }
        return holds
    }
}
