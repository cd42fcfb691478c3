import Matching

/// A parsed expression, or a part of one.
struct SyntaxTree: Sendable {
    indirect enum Kind: Sendable {
        case literal(Value)
        case variable(String)
        /// `#` and its relatives inside a closure.
        case pointer(Pointer)
        /// `base.name`, `base[index]`; optional with `?.`.
        case member(SyntaxTree, SyntaxTree, isOptional: Bool)
        case slice(SyntaxTree, from: SyntaxTree?, to: SyntaxTree?)
        /// Where an optional access inside stops; null then.
        case chain(SyntaxTree)
        case not(SyntaxTree)
        case negative(SyntaxTree)
        case positive(SyntaxTree)
        case binary(BinaryOperator, SyntaxTree, SyntaxTree)
        /// `matches` with a pattern that was known when parsing.
        case matches(SyntaxTree, RegularExpression)
        case conditional(SyntaxTree, SyntaxTree, SyntaxTree)
        case array([SyntaxTree])
        case object([(key: SyntaxTree, value: SyntaxTree)])
        case call(String, [SyntaxTree])
        /// `base.name(arguments)`.
        case method(SyntaxTree, String, [SyntaxTree], isOptional: Bool)
        /// A function with a closure: `filter(list, {# > 1})`.
        case iteration(Iteration, SyntaxTree, body: SyntaxTree?, argument: SyntaxTree?)
        /// `let name = value; body`.
        case binding(String, SyntaxTree, SyntaxTree)
        /// `first; second`: the value of the second.
        case sequence(SyntaxTree, SyntaxTree)
    }

    /// What a closure can point at.
    enum Pointer: String, Sendable {
        case element = ""
        case index
        case accumulator = "acc"
    }

    let kind: Kind
    /// Where it shows, in bytes from the start of the source.
    let offset: Int
    /// Levels, this one included.
    let depth: Int
}

/// A sign or word between two operands.
enum BinaryOperator: String, Sendable {
    case or = "||"
    case and = "&&"
    case equal = "=="
    case unequal = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case isIn = "in"
    case matches
    case contains
    case startsWith
    case endsWith
    case range = ".."
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
    case power = "**"
    case coalesce = "??"

    /// The operator of a sign or word, under any of its spellings.
    init?(spelling: String) {
        switch spelling {
        case "or": self = .or
        case "and": self = .and
        case "^": self = .power
        default:
            guard let known = BinaryOperator(rawValue: spelling) else { return nil }
            self = known
        }
    }

    /// How strongly it binds, as in expr-lang.
    var precedence: Int {
        switch self {
        case .or: 10
        case .and: 15
        case .equal, .unequal, .less, .lessOrEqual, .greater, .greaterOrEqual, .isIn, .matches,
            .contains, .startsWith, .endsWith:
            20
        case .range: 25
        case .add, .subtract: 30
        case .multiply, .divide, .remainder: 60
        case .power: 100
        case .coalesce: 500
        }
    }

    /// Whether `not` may stand before it: `x not in y`.
    var canBeNegated: Bool {
        switch self {
        case .isIn, .matches, .contains, .startsWith, .endsWith: true
        default: false
        }
    }

    /// Whether two of them may follow each other: `1 < x < 3`.
    var isComparison: Bool {
        switch self {
        case .less, .lessOrEqual, .greater, .greaterOrEqual: true
        default: false
        }
    }
}

/// A function that takes a closure.
enum Iteration: String, Sendable, CaseIterable {
    case all, none, any, one, filter, map, count, sum, find, findIndex, findLast, findLastIndex
    case groupBy, sortBy, reduce

    /// Whether the closure may be left out.
    var isBodyOptional: Bool { self == .count || self == .sum }
}
