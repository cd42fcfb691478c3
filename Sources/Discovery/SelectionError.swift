package import Expressions
package import Matching

/// Why a subscription cannot choose among what a repository has.
package enum SelectionError: Error, Hashable {
    /// A pattern, constraint or regular expression that is not valid, or takes too long.
    case pattern(MatchingError)
    /// The expression filter cannot be read.
    case expression(ExpressionError)
    /// The expression filter has no answer about a commit or tag.
    case undecided(about: String, ExpressionError)
}

extension SelectionError: CustomStringConvertible {
    /// One line: what is wrong, without a picture of the expression.
    package var description: String {
        switch self {
        case .pattern(let error): error.description
        case .expression(let error): "expressionFilter cannot be read: \(error.message)"
        case .undecided(let about, let error):
            "expressionFilter has no answer about \(about): \(error.message)"
        }
    }
}
