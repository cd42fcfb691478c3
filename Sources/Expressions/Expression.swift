/// An expression of the language, parsed once, to be evaluated any number of times.
///
/// The language is expr-lang (https://expr-lang.org), as far as people use it in Kargo's
/// manifests. Numbers are 64-bit integers or floating-point numbers; `/` gives a floating-point
/// number. Evaluation is bounded in depth, steps and bytes, and pure, except for what the
/// environment's functions do.
package struct Expression: Sendable {
    /// As it was written.
    package let source: String
    let tree: SyntaxTree

    /// Parses `source`.
    package init(parsing source: String) throws(ExpressionError) {
        self.source = source
        var parser = try Parser(source)
        tree = try parser.parse()
    }

    /// The value in an environment.
    ///
    /// - Throws: an error that shows the expression with a caret under the place.
    package func evaluate(in environment: some Environment) throws(ExpressionError) -> Value {
        var budget = Budget()
        return try evaluate(in: environment, &budget)
    }

    func evaluate(
        in environment: some Environment,
        _ budget: inout Budget
    ) throws(ExpressionError) -> Value {
        var evaluator = Evaluator(source: source, environment: environment, budget: budget)
        defer { budget = evaluator.budget }
        return try evaluator.evaluate(tree)
    }
}

extension Expression: Hashable {
    /// Whether both were written alike.
    package static func == (left: Expression, right: Expression) -> Bool {
        left.source == right.source
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(source) }
}

/// What is left of the steps and bytes that one evaluation may take.
struct Budget {
    private var steps = ExpressionLimits.stepsMax
    private var bytes = ExpressionLimits.bytesMax

    mutating func spend(steps count: Int) throws(ExpressionError) {
        guard count <= steps else {
            throw ExpressionError(
                "the expression takes more than \(ExpressionLimits.stepsMax) steps"
            )
        }
        steps -= count
    }

    mutating func spend(bytes count: Int) throws(ExpressionError) {
        guard count <= bytes else {
            throw ExpressionError(
                "the expression makes more than \(ExpressionLimits.bytesMax / 1_048_576) MiB"
            )
        }
        bytes -= count
    }

    /// For `count` elements of a new list: each is a step and the bytes of its slot.
    mutating func spend(elements count: Int) throws(ExpressionError) {
        try spend(steps: count)
        let (size, overflow) = count.multipliedReportingOverflow(by: 24)
        try spend(bytes: overflow ? Int.max : size)
    }
}
