extension Expression {
    /// A name that an expression takes from its environment.
    package struct Reference: Hashable, Sendable {
        /// As it is written, without parentheses.
        package let name: String
        /// Whether it is called.
        package let isFunction: Bool
        /// Where it stands, in bytes from the start of the source.
        package let offset: Int
    }

    /// The variables and functions that the environment must know, in the order of the text.
    ///
    /// The language's own functions and what `let` names are not among them.
    package var references: [Reference] {
        var finder = ReferenceFinder()
        finder.visit(tree, bound: [])
        return finder.references.sorted { $0.offset < $1.offset }
    }

    /// The calls of environment's functions with one text that is written out: `secret("npm")`.
    package var callsWithText: [(function: String, text: String)] {
        var calls: [(function: String, text: String)] = []
        func visit(_ tree: SyntaxTree) {
            if case .call(let name, let arguments) = tree.kind, arguments.count == 1,
                case .literal(.string(let text)) = arguments[0].kind
            {
                calls.append((name, text))
            }
            for child in tree.children { visit(child) }
        }
        visit(tree)
        return calls
    }

    /// The names of the language's own functions.
    package static var functionNames: Set<String> {
        Set(Functions.allCases.map(\.rawValue)).union(Iteration.allCases.map(\.rawValue))
    }

    /// An error at a place of this expression.
    package func error(_ message: String, at offset: Int) -> ExpressionError {
        ExpressionError(message, in: source, at: offset)
    }
}

/// Walks a tree and collects what it does not define itself.
private struct ReferenceFinder {
    var references: [Expression.Reference] = []

    mutating func visit(_ tree: SyntaxTree, bound: Set<String>) {
        switch tree.kind {
        case .literal, .pointer: break
        case .variable(let name):
            guard !bound.contains(name) else { break }
            add(name, isFunction: false, tree)
        case .call(let name, let arguments):
            if Functions.named(name) == nil { add(name, isFunction: true, tree) }
            for argument in arguments { visit(argument, bound: bound) }
        case .binding(let name, let value, let body):
            visit(value, bound: bound)
            visit(body, bound: bound.union([name]))
        default:
            for child in tree.children { visit(child, bound: bound) }
        }
    }

    private mutating func add(_ name: String, isFunction: Bool, _ tree: SyntaxTree) {
        references.append(
            Expression.Reference(name: name, isFunction: isFunction, offset: tree.offset)
        )
    }
}

extension SyntaxTree {
    /// The parts that the tree is made of.
    fileprivate var children: [SyntaxTree] {
        switch kind {
        case .literal, .variable, .pointer: []
        case .chain(let operand), .not(let operand), .negative(let operand),
            .positive(let operand), .matches(let operand, _):
            [operand]
        case .member(let first, let second, _), .binary(_, let first, let second),
            .binding(_, let first, let second), .sequence(let first, let second):
            [first, second]
        case .slice(let base, let first, let end): [base, first, end].compactMap(\.self)
        case .conditional(let condition, let first, let second): [condition, first, second]
        case .array(let elements), .call(_, let elements): elements
        case .object(let members): members.flatMap { [$0.key, $0.value] }
        case .method(let base, _, let arguments, _): [base] + arguments
        case .iteration(_, let list, let body, let argument):
            [list, body, argument].compactMap(\.self)
        }
    }
}

extension SyntaxTree {
    /// Whether its value has the texts that it reads as they are, and says nothing else of them:
    /// members by their names, put beside texts that are written out.
    var isVerbatim: Bool {
        switch kind {
        case .literal, .variable, .pointer: true
        case .chain(let inner): inner.isVerbatim
        case .member(let base, let key, _): base.isVerbatim && key.isLiteral
        case .binary(.add, let left, let right):
            left.isVerbatim && right.isVerbatim && (left.isText || right.isText)
        case .call(let name, let arguments):
            Functions.named(name) == nil && arguments.allSatisfy(\.isLiteral)
        default: false
        }
    }

    private var isLiteral: Bool {
        if case .literal = kind { true } else { false }
    }

    /// Whether it is text for certain: numbers would be added.
    private var isText: Bool {
        switch kind {
        case .literal(.string): true
        case .binary(.add, let left, let right): left.isText || right.isText
        default: false
        }
    }
}
