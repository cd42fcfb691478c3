import Matching

/// Walks a syntax tree in an environment.
struct Evaluator<Place: Environment> {
    let source: String
    let environment: Place
    var budget: Budget
    /// The closures around the current node, the innermost last.
    private var frames: [Frame] = []
    /// What `let` named, the innermost last.
    private var bindings: [(name: String, value: Value)] = []

    /// What `#`, `#index` and `#acc` are at the moment.
    private struct Frame {
        var element: Value
        var index: Int
        var accumulator: Value
    }

    init(source: String, environment: Place, budget: Budget) {
        self.source = source
        self.environment = environment
        self.budget = budget
    }

    /// The value of `tree`; an error without a place gets the tree's.
    mutating func evaluate(_ tree: SyntaxTree) throws(ExpressionError) -> Value {
        do {
            try budget.spend(steps: 1)
            return try value(of: tree)
        } catch {
            throw error.placed(in: source, at: tree.offset)
        }
    }

    private mutating func value(of tree: SyntaxTree) throws(ExpressionError) -> Value {
        switch tree.kind {
        case .literal(let value): return value
        case .variable(let name): return heard(variable(name))
        case .pointer(let pointer): return heard(pointed(at: pointer))
        case .member, .slice, .method: return try link(tree) ?? .null
        case .chain(let inner): return try link(inner) ?? .null
        case .not(let operand): return .bool(!(try truth(of: operand)))
        case .negative(let operand): return try Arithmetic.negative(evaluate(operand))
        case .positive(let operand): return try Arithmetic.number(evaluate(operand))
        case .binary(let operation, let left, let right):
            return try binary(operation, left, right)
        case .matches(let operand, let expression):
            return try matches(evaluate(operand), expression)
        case .conditional(let condition, let first, let second):
            return try truth(of: condition) ? evaluate(first) : evaluate(second)
        case .array(let elements): return try array(elements)
        case .object(let members): return try object(members)
        case .call(let name, let arguments): return try call(name, arguments)
        case .iteration(let iteration, let list, let body, let argument):
            return try iterate(iteration, list, body, argument)
        case .binding(let name, let value, let body):
            bindings.append((name, try evaluate(value)))
            defer { bindings.removeLast() }
            return try evaluate(body)
        case .sequence(let first, let second):
            _ = try evaluate(first)
            return try evaluate(second)
        }
    }

    /// Text that was read, of which the environment hears.
    private func heard(_ value: Value) -> Value {
        switch value {
        case .string, .int, .double: environment.hasRead(value)
        // Their parts are heard of when they are read.
        case .null, .bool, .array, .object: break
        }
        return value
    }

    func variable(_ name: String) -> Value {
        if let bound = bindings.last(where: { $0.name == name }) { return bound.value }
        return environment.variable(name) ?? .null
    }

    private func pointed(at pointer: SyntaxTree.Pointer) -> Value {
        guard let frame = frames.last else { return .null }
        switch pointer {
        case .element: return frame.element
        case .index: return .int(Int64(frame.index))
        case .accumulator: return frame.accumulator
        }
    }

    func truth(_ value: Value) throws(ExpressionError) -> Bool {
        guard case .bool(let flag) = value else {
            throw ExpressionError("true or false is wanted here, not \(value.kindName)")
        }
        return flag
    }

    mutating func truth(of tree: SyntaxTree) throws(ExpressionError) -> Bool {
        let value = try evaluate(tree)
        guard case .bool(let flag) = value else {
            let message = "true or false is wanted here, not \(value.kindName)"
            throw ExpressionError(message, in: source, at: tree.offset)
        }
        return flag
    }

    private mutating func array(_ elements: [SyntaxTree]) throws(ExpressionError) -> Value {
        try budget.spend(elements: elements.count)
        var values: [Value] = []
        for element in elements { values.append(try evaluate(element)) }
        return .array(values)
    }

    private mutating func object(
        _ members: [(key: SyntaxTree, value: SyntaxTree)]
    ) throws(ExpressionError) -> Value {
        try budget.spend(elements: members.count)
        var values: [String: Value] = [:]
        for member in members {
            let key = try evaluate(member.key)
            values[TextForm.display(key)] = try evaluate(member.value)
        }
        return .object(values)
    }

    private mutating func call(
        _ name: String,
        _ arguments: [SyntaxTree]
    ) throws(ExpressionError) -> Value {
        var values: [Value] = []
        for argument in arguments { values.append(try evaluate(argument)) }
        if let function = Functions.named(name) {
            return try function.call(name, values, &budget)
        }
        guard let value = try environment.call(name, values) else {
            throw ExpressionError("there is no function \(name)()")
        }
        return value
    }

    // MARK: - Members

    /// The value of a member, slice or method; nil where an optional access met null.
    private mutating func link(_ tree: SyntaxTree) throws(ExpressionError) -> Value? {
        do {
            switch tree.kind {
            case .member(let base, let key, let isOptional):
                guard let value = try linkBase(base, isOptional: isOptional) else { return nil }
                return heard(try Members.member(of: value, evaluate(key)))
            case .slice(let base, let first, let end):
                guard let value = try linkBase(base, isOptional: false) else { return nil }
                let from = try first.map { (tree) throws(ExpressionError) in try evaluate(tree) }
                let to = try end.map { (tree) throws(ExpressionError) in try evaluate(tree) }
                return try Members.slice(of: value, from: from, to: to, &budget)
            case .method(let base, let name, let arguments, let isOptional):
                guard let value = try linkBase(base, isOptional: isOptional) else { return nil }
                var values: [Value] = []
                for argument in arguments { values.append(try evaluate(argument)) }
                return try Methods.call(name, on: value, values)
            default:
                return try evaluate(tree)
            }
        } catch {
            throw error.placed(in: source, at: tree.offset)
        }
    }

    private mutating func linkBase(
        _ base: SyntaxTree,
        isOptional: Bool
    ) throws(ExpressionError) -> Value? {
        try budget.spend(steps: 1)
        guard let value = try link(base) else { return nil }
        if isOptional, value.isNull { return Optional.none }
        return value
    }

    // MARK: - Operators

    private mutating func binary(
        _ operation: BinaryOperator,
        _ left: SyntaxTree,
        _ right: SyntaxTree
    ) throws(ExpressionError) -> Value {
        switch operation {
        case .or: return .bool(try truth(of: left) ? true : truth(of: right))
        case .and: return .bool(try truth(of: left) ? truth(of: right) : false)
        case .coalesce:
            let value = try evaluate(left)
            return value.isNull ? try evaluate(right) : value
        case .equal: return .bool(try evaluate(left).isSame(as: evaluate(right)))
        case .unequal: return .bool(!(try evaluate(left).isSame(as: evaluate(right))))
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            return .bool(
                try Comparison.holds(operation, evaluate(left), evaluate(right))
            )
        case .isIn: return .bool(try Members.contains(evaluate(right), evaluate(left), &budget))
        case .matches:
            let text = try evaluate(left)
            guard case .string(let pattern) = try evaluate(right) else {
                throw ExpressionError("matches wants a regular expression as text on its right")
            }
            return try matches(text, compiled(pattern))
        case .contains, .startsWith, .endsWith:
            return .bool(try textual(operation, evaluate(left), evaluate(right)))
        case .range: return try Arithmetic.range(evaluate(left), evaluate(right), &budget)
        case .add: return try Arithmetic.sum(evaluate(left), evaluate(right), &budget)
        case .subtract, .multiply, .divide, .remainder, .power:
            return try Arithmetic.result(operation, evaluate(left), evaluate(right))
        }
    }

    private func compiled(_ pattern: String) throws(ExpressionError) -> RegularExpression {
        do {
            return try RegularExpression(pattern)
        } catch {
            throw ExpressionError(error.description)
        }
    }

    private func matches(
        _ value: Value,
        _ expression: RegularExpression
    ) throws(ExpressionError) -> Value {
        if value.isNull { return .bool(false) }
        guard case .string(let text) = value else {
            throw ExpressionError("matches wants text on its left, not \(value.kindName)")
        }
        do {
            return .bool(try expression.matches(text))
        } catch {
            throw ExpressionError(error.description)
        }
    }

    private func textual(
        _ operation: BinaryOperator,
        _ left: Value,
        _ right: Value
    ) throws(ExpressionError) -> Bool {
        if left.isNull || right.isNull { return false }
        guard case .string(let text) = left, case .string(let part) = right else {
            let other = left.stringValue == nil ? left : right
            let word = operation.rawValue
            throw ExpressionError("\(word) wants text on both sides, not \(other.kindName)")
        }
        switch operation {
        case .startsWith: return text.utf8.starts(with: part.utf8)
        case .endsWith: return text.utf8.reversed().starts(with: part.utf8.reversed())
        default: return TextForm.contains(text, part)
        }
    }

    // MARK: - Closures

    private mutating func iterate(
        _ iteration: Iteration,
        _ list: SyntaxTree,
        _ body: SyntaxTree?,
        _ argument: SyntaxTree?
    ) throws(ExpressionError) -> Value {
        let elements = try Members.elements(evaluate(list), iteration.rawValue)
        let extra = try argument.map { (tree) throws(ExpressionError) in try evaluate(tree) }
        guard let body else { return try Iterations.withoutBody(iteration, elements) }
        try budget.spend(elements: elements.count)
        frames.append(Frame(element: .null, index: 0, accumulator: extra ?? .null))
        defer { frames.removeLast() }
        var run = Iterations.Run(iteration, elements, argument: extra)
        while let index = run.next {
            frames[frames.count - 1].element = elements[index]
            frames[frames.count - 1].index = index
            if iteration == .reduce { frames[frames.count - 1].accumulator = run.accumulator }
            let value = try evaluate(body)
            do {
                try run.take(value)
            } catch {
                throw error.placed(in: source, at: body.offset)
            }
        }
        return try run.result()
    }
}
