import Matching

extension Parser {
    /// What stands between operators: a sign before it, and what follows it directly.
    mutating func parseOperand() throws(ExpressionError) -> SyntaxTree {
        let offset = current.offset
        guard case .symbol(let text) = current.kind else { return try parsePostfix(parsePrimary()) }
        switch text {
        case "!", "not":
            advance()
            let operand = try parseExpression(50)
            return try parsePostfix(make(.not(operand), at: offset, over: operand))
        case "-":
            advance()
            let operand = try parseExpression(90)
            return try parsePostfix(make(.negative(operand), at: offset, over: operand))
        case "+":
            advance()
            let operand = try parseExpression(90)
            return try parsePostfix(make(.positive(operand), at: offset, over: operand))
        case "(":
            advance()
            let tree = try parseSequence()
            try expect(")")
            return try parsePostfix(tree)
        case "#", ".":
            guard closures > 0 else { throw unexpected() }
            return try parsePostfix(parsePointer())
        case "[":
            return try parsePostfix(parseArray())
        case "{":
            return try parsePostfix(parseObject())
        default:
            throw unexpected()
        }
    }

    private mutating func parsePrimary() throws(ExpressionError) -> SyntaxTree {
        let token = current
        switch token.kind {
        case .number(let value):
            advance()
            return try make(.literal(value), at: token.offset)
        case .string(let text):
            advance()
            return try make(.literal(.string(text)), at: token.offset)
        case .identifier(let name):
            advance()
            switch name {
            case "true": return try make(.literal(.bool(true)), at: token.offset)
            case "false": return try make(.literal(.bool(false)), at: token.offset)
            case "nil", "null": return try make(.literal(.null), at: token.offset)
            default: break
            }
            guard current.isSymbol("(") else { return try make(.variable(name), at: token.offset) }
            return try parseCall(name, at: token.offset, first: nil)
        case .symbol, .end:
            throw unexpected()
        }
    }

    /// `#`, `#index`, `#acc`; before a leading dot, which stays, `#` is meant.
    private mutating func parsePointer() throws(ExpressionError) -> SyntaxTree {
        let offset = current.offset
        guard take("#") else { return try make(.pointer(.element), at: offset) }
        guard case .identifier(let name) = current.kind else {
            return try make(.pointer(.element), at: offset)
        }
        guard let pointer = SyntaxTree.Pointer(rawValue: name) else {
            throw failure("there are #, #index and #acc, not #\(name)", at: offset)
        }
        advance()
        return try make(.pointer(pointer), at: offset)
    }

    private mutating func parseArray() throws(ExpressionError) -> SyntaxTree {
        let offset = current.offset
        advance()
        var elements: [SyntaxTree] = []
        while !current.isSymbol("]") {
            elements.append(try parseExpression())
            guard take(",") else { break }
        }
        try expect("]")
        return try make(.array(elements), at: offset, over: elements)
    }

    private mutating func parseObject() throws(ExpressionError) -> SyntaxTree {
        let offset = current.offset
        advance()
        var members: [(key: SyntaxTree, value: SyntaxTree)] = []
        while !current.isSymbol("}") {
            let key = try parseKey()
            try expect(":")
            members.append((key, try parseExpression()))
            guard take(",") else { break }
        }
        try expect("}")
        return try make(.object(members), at: offset, over: members.flatMap { [$0.key, $0.value] })
    }

    private mutating func parseKey() throws(ExpressionError) -> SyntaxTree {
        let token = current
        switch token.kind {
        case .string(let text):
            advance()
            return try make(.literal(.string(text)), at: token.offset)
        case .number(let value):
            advance()
            return try make(.literal(.string(value.json)), at: token.offset)
        case .symbol("("):
            advance()
            let key = try parseExpression()
            try expect(")")
            return key
        default:
            return try make(.literal(.string(takeName())), at: token.offset)
        }
    }

    // MARK: - What follows an operand

    /// Members, indices, slices and methods of `base`.
    mutating func parsePostfix(_ base: SyntaxTree) throws(ExpressionError) -> SyntaxTree {
        var tree = base
        var isChain = false
        while case .symbol(let text) = current.kind {
            let offset = current.offset
            switch text {
            case ".":
                advance()
                tree = try parseMember(of: tree, isOptional: false, at: offset)
            case "?.":
                advance()
                isChain = true
                tree =
                    current.isSymbol("[")
                    ? try parseIndex(of: tree, isOptional: true)
                    : try parseMember(of: tree, isOptional: true, at: offset)
            case "[":
                tree = try parseIndex(of: tree, isOptional: false)
            default:
                return isChain ? try make(.chain(tree), at: tree.offset, over: tree) : tree
            }
        }
        return isChain ? try make(.chain(tree), at: tree.offset, over: tree) : tree
    }

    private mutating func parseMember(
        of base: SyntaxTree,
        isOptional: Bool,
        at offset: Int
    ) throws(ExpressionError) -> SyntaxTree {
        let place = current.offset
        let name = try takeName()
        if current.isSymbol("(") {
            let arguments = try parseArguments()
            return try make(
                .method(base, name, arguments, isOptional: isOptional),
                at: place,
                over: [base] + arguments
            )
        }
        let key = try make(.literal(.string(name)), at: place)
        return try make(.member(base, key, isOptional: isOptional), at: place, over: base, key)
    }

    private mutating func parseIndex(
        of base: SyntaxTree,
        isOptional: Bool
    ) throws(ExpressionError) -> SyntaxTree {
        let offset = current.offset
        try expect("[")
        if take(":") { return try parseSliceEnd(of: base, from: nil, at: offset) }
        let first = try parseExpression()
        if take(":") { return try parseSliceEnd(of: base, from: first, at: offset) }
        try expect("]")
        return try make(.member(base, first, isOptional: isOptional), at: offset, over: base, first)
    }

    private mutating func parseSliceEnd(
        of base: SyntaxTree,
        from first: SyntaxTree?,
        at offset: Int
    ) throws(ExpressionError) -> SyntaxTree {
        let end = current.isSymbol("]") ? nil : try parseExpression()
        try expect("]")
        return try make(
            .slice(base, from: first, to: end),
            at: offset,
            over: [base, first, end].compactMap(\.self)
        )
    }

    // MARK: - Calls

    /// `(a, b)`, a trailing comma allowed.
    private mutating func parseArguments() throws(ExpressionError) -> [SyntaxTree] {
        try expect("(")
        var arguments: [SyntaxTree] = []
        while !current.isSymbol(")") {
            arguments.append(try parseExpression())
            guard take(",") else { break }
        }
        try expect(")")
        return arguments
    }

    /// The call of `name`, whose parentheses come next; `first` is what was piped into it.
    mutating func parseCall(
        _ name: String,
        at offset: Int,
        first: SyntaxTree?
    ) throws(ExpressionError) -> SyntaxTree {
        if let iteration = Iteration(rawValue: name) {
            return try parseIteration(iteration, at: offset, first: first)
        }
        var arguments = first.map { [$0] } ?? []
        arguments += try parseArguments()
        return try make(.call(name, arguments), at: offset, over: arguments)
    }

    private mutating func parseIteration(
        _ iteration: Iteration,
        at offset: Int,
        first: SyntaxTree?
    ) throws(ExpressionError) -> SyntaxTree {
        try expect("(")
        let list: SyntaxTree
        var hasMore = true
        if let first {
            list = first
            hasMore = !current.isSymbol(")")
        } else {
            list = try parseExpression()
            hasMore = take(",") && !current.isSymbol(")")
        }
        var body: SyntaxTree?
        var argument: SyntaxTree?
        if hasMore {
            body = try parseClosure()
            if take(","), !current.isSymbol(")") { argument = try parseExpression() }
        }
        _ = take(",")
        try expect(")")
        guard body != nil || iteration.isBodyOptional else {
            throw failure("\(iteration.rawValue)() wants a closure: {# > 1}", at: offset)
        }
        guard argument == nil || iteration == .reduce || iteration == .sortBy else {
            throw failure("\(iteration.rawValue)() takes a list and a closure", at: offset)
        }
        return try make(
            .iteration(iteration, list, body: body, argument: argument),
            at: offset,
            over: [list, body, argument].compactMap(\.self)
        )
    }

    /// `{# > 1}`, or the same without braces.
    private mutating func parseClosure() throws(ExpressionError) -> SyntaxTree {
        closures += 1
        defer { closures -= 1 }
        guard take("{") else { return try parseExpression() }
        let body = try parseSequence()
        try expect("}")
        return body
    }

    func compiled(_ pattern: String, at offset: Int) throws(ExpressionError) -> RegularExpression {
        do {
            return try RegularExpression(pattern)
        } catch {
            throw failure(error.description, at: offset)
        }
    }
}
