/// Reads an expression's words into a tree, by precedence, as expr-lang does.
struct Parser {
    let source: String
    private let tokens: [Token]
    private var index = 0
    /// Calls of `parseExpression` that have not returned.
    private var nesting = 0
    /// Closures around the current word: `#` means something only inside one.
    var closures = 0

    init(_ source: String) throws(ExpressionError) {
        guard source.utf8.count <= ExpressionLimits.sourceBytesMax else {
            let limit = ExpressionLimits.sourceBytesMax
            throw ExpressionError("the expression is longer than \(limit) bytes")
        }
        self.source = source
        tokens = try Lexer.tokens(of: source)
    }

    mutating func parse() throws(ExpressionError) -> SyntaxTree {
        let tree = try parseSequence()
        guard current.kind == .end else { throw unexpected() }
        return tree
    }

    // MARK: - Words

    var current: Token { tokens[index] }

    mutating func advance() {
        if index < tokens.count - 1 { index += 1 }
    }

    mutating func take(_ symbol: String) -> Bool {
        guard current.isSymbol(symbol) else { return false }
        advance()
        return true
    }

    mutating func expect(_ symbol: String) throws(ExpressionError) {
        guard take(symbol) else {
            throw failure("\(symbol) is missing before \(current.description)", at: current.offset)
        }
    }

    /// A name, or a word of the language where only a name can stand.
    mutating func takeName() throws(ExpressionError) -> String {
        switch current.kind {
        case .identifier(let name):
            advance()
            return name
        case .symbol(let word) where Lexer.words.contains(word):
            advance()
            return word
        default:
            throw failure("a name is missing before \(current.description)", at: current.offset)
        }
    }

    func unexpected() -> ExpressionError {
        if current.kind == .end {
            return failure("the expression ends too early", at: current.offset)
        }
        return failure("\(current.description) cannot stand here", at: current.offset)
    }

    func failure(_ message: String, at offset: Int) -> ExpressionError {
        ExpressionError(message, in: source, at: offset)
    }

    func make(
        _ kind: SyntaxTree.Kind,
        at offset: Int,
        over children: SyntaxTree...
    ) throws(ExpressionError) -> SyntaxTree {
        try make(kind, at: offset, over: children)
    }

    func make(
        _ kind: SyntaxTree.Kind,
        at offset: Int,
        over children: [SyntaxTree]
    ) throws(ExpressionError) -> SyntaxTree {
        let depth = (children.map(\.depth).max() ?? 0) + 1
        guard depth <= ExpressionLimits.depthMax else { throw tooDeep(at: offset) }
        return SyntaxTree(kind: kind, offset: offset, depth: depth)
    }

    private func tooDeep(at offset: Int) -> ExpressionError {
        let limit = ExpressionLimits.depthMax
        return failure("the expression is nested deeper than \(limit) levels", at: offset)
    }

    // MARK: - Expressions

    /// `first; second`, whose value is the last one's.
    mutating func parseSequence() throws(ExpressionError) -> SyntaxTree {
        var tree = try parseExpression()
        while current.isSymbol(";") {
            let offset = current.offset
            advance()
            if current.kind == .end || current.isSymbol(")") || current.isSymbol("}") { break }
            let next = try parseExpression()
            tree = try make(.sequence(tree, next), at: offset, over: tree, next)
        }
        return tree
    }

    /// An expression whose operators bind at least as strongly as `precedence`.
    mutating func parseExpression(_ precedence: Int = 0) throws(ExpressionError) -> SyntaxTree {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= ExpressionLimits.depthMax else { throw tooDeep(at: current.offset) }
        if precedence == 0 {
            if current.isSymbol("let") { return try parseBinding() }
            if current.isSymbol("if") { return try parseIf() }
        }
        var tree = try parseOperand()
        var isAfterCoalesce = false
        while true {
            if precedence == 0, current.isSymbol("|") {
                tree = try parsePipe(tree)
                isAfterCoalesce = false
                continue
            }
            guard let next = try takeOperator(atLeast: precedence) else { break }
            if isAfterCoalesce, next.operation != .coalesce {
                throw failure("put ?? and its operands in parentheses", at: next.offset)
            }
            isAfterCoalesce = next.operation == .coalesce
            tree = try parseRight(of: tree, next)
        }
        return precedence == 0 ? try parseConditional(tree) : tree
    }

    private struct Operation {
        let operation: BinaryOperator
        let isNegated: Bool
        let offset: Int
    }

    private mutating func takeOperator(atLeast precedence: Int) throws(ExpressionError)
        -> Operation?
    {
        guard case .symbol(var text) = current.kind else { return nil }
        let offset = current.offset
        let start = index
        let isNegated = text == "not"
        if isNegated {
            advance()
            guard case .symbol(let word) = current.kind else { throw unexpected() }
            text = word
        }
        guard let operation = BinaryOperator(spelling: text) else {
            if isNegated { throw unexpected() }
            return nil
        }
        if isNegated, !operation.canBeNegated { throw unexpected() }
        guard operation.precedence >= precedence else {
            index = start
            return nil
        }
        advance()
        return Operation(operation: operation, isNegated: isNegated, offset: offset)
    }

    private mutating func parseRight(
        of left: SyntaxTree,
        _ next: Operation
    ) throws(ExpressionError) -> SyntaxTree {
        let operation = next.operation
        if operation.isComparison { return try parseComparisons(of: left, next) }
        let isRightFirst = operation == .power
        let right = try parseExpression(operation.precedence + (isRightFirst ? 0 : 1))
        let tree: SyntaxTree
        if operation == .matches, case .literal(.string(let pattern)) = right.kind {
            let expression = try compiled(pattern, at: right.offset)
            tree = try make(.matches(left, expression), at: next.offset, over: left)
        } else {
            tree = try make(.binary(operation, left, right), at: next.offset, over: left, right)
        }
        return next.isNegated ? try make(.not(tree), at: next.offset, over: tree) : tree
    }

    /// `1 < x < 3` is `1 < x and x < 3`.
    private mutating func parseComparisons(
        of left: SyntaxTree,
        _ first: Operation
    ) throws(ExpressionError) -> SyntaxTree {
        let level = first.operation.precedence
        var right = try parseExpression(level + 1)
        var tree = try make(
            .binary(first.operation, left, right),
            at: first.offset,
            over: left,
            right
        )
        while case .symbol(let text) = current.kind, let operation = BinaryOperator(spelling: text),
            operation.isComparison
        {
            let offset = current.offset
            advance()
            let next = try parseExpression(level + 1)
            let link = try make(.binary(operation, right, next), at: offset, over: right, next)
            tree = try make(.binary(.and, tree, link), at: offset, over: tree, link)
            right = next
        }
        return tree
    }

    private mutating func parsePipe(_ tree: SyntaxTree) throws(ExpressionError) -> SyntaxTree {
        advance()
        let offset = current.offset
        guard case .identifier(let name) = current.kind else {
            throw failure("a function is missing after |", at: offset)
        }
        advance()
        return try parsePostfix(parseCall(name, at: offset, first: tree))
    }

    private mutating func parseConditional(_ tree: SyntaxTree) throws(ExpressionError)
        -> SyntaxTree
    {
        var tree = tree
        while current.isSymbol("?") {
            let offset = current.offset
            advance()
            let first = current.isSymbol(":") ? tree : try parseExpression()
            try expect(":")
            let second = try parseExpression()
            tree = try make(
                .conditional(tree, first, second),
                at: offset,
                over: tree,
                first,
                second
            )
        }
        return tree
    }

    /// `let name = value; body`.
    private mutating func parseBinding() throws(ExpressionError) -> SyntaxTree {
        let offset = current.offset
        advance()
        guard case .identifier(let name) = current.kind else {
            throw failure("a name is missing after let", at: current.offset)
        }
        advance()
        try expect("=")
        let value = try parseExpression()
        try expect(";")
        let body = try parseSequence()
        return try make(.binding(name, value, body), at: offset, over: value, body)
    }

    /// `if condition { first } else { second }`.
    private mutating func parseIf() throws(ExpressionError) -> SyntaxTree {
        let offset = current.offset
        advance()
        let condition = try parseExpression()
        try expect("{")
        let first = try parseSequence()
        try expect("}")
        try expect("else")
        let second: SyntaxTree
        if current.isSymbol("if") {
            second = try parseExpression()
        } else {
            try expect("{")
            second = try parseSequence()
            try expect("}")
        }
        return try make(
            .conditional(condition, first, second),
            at: offset,
            over: condition,
            first,
            second
        )
    }
}
