import Glibc

/// What the arithmetic operators do.
enum Arithmetic {
    /// The value itself, if it is a number.
    static func number(_ value: Value) throws(ExpressionError) -> Value {
        switch value {
        case .int, .double: return value
        default: throw ExpressionError("a number is wanted here, not \(value.kindName)")
        }
    }

    static func negative(_ value: Value) throws(ExpressionError) -> Value {
        switch try number(value) {
        case .int(let number) where number != .min: return .int(-number)
        case .int: throw outOfRange
        default: return .double(-(value.doubleValue ?? 0))
        }
    }

    /// The sum of two numbers, or one text after another.
    static func sum(
        _ left: Value,
        _ right: Value,
        _ budget: inout Budget
    ) throws(ExpressionError) -> Value {
        if case .string(let first) = left, case .string(let second) = right {
            try budget.spend(bytes: first.utf8.count + second.utf8.count)
            return .string(first + second)
        }
        return try sum(left, right)
    }

    static func sum(_ left: Value, _ right: Value) throws(ExpressionError) -> Value {
        if case .int(let first) = left, case .int(let second) = right {
            return try whole(first.addingReportingOverflow(second))
        }
        guard let first = left.doubleValue, let second = right.doubleValue else {
            throw ExpressionError(
                "+ wants two numbers or two texts, not \(left.kindName) and \(right.kindName)"
            )
        }
        return .double(first + second)
    }

    static func result(
        _ operation: BinaryOperator,
        _ left: Value,
        _ right: Value
    ) throws(ExpressionError) -> Value {
        guard let first = left.doubleValue, let second = right.doubleValue else {
            throw ExpressionError(
                "\(operation.rawValue) wants two numbers, not \(left.kindName) and "
                    + right.kindName
            )
        }
        if operation == .divide {
            guard second != 0 else { throw ExpressionError("a number is divided by zero") }
            return .double(first / second)
        }
        if operation == .power { return .double(power(first, second)) }
        if operation == .remainder { return try remainder(left, right) }
        if case .int(let first) = left, case .int(let second) = right {
            return try whole(
                operation == .subtract
                    ? first.subtractingReportingOverflow(second)
                    : first.multipliedReportingOverflow(by: second)
            )
        }
        return .double(operation == .subtract ? first - second : first * second)
    }

    /// The whole numbers from `first` to `last`, none if they descend.
    static func range(
        _ first: Value,
        _ last: Value,
        _ budget: inout Budget
    ) throws(ExpressionError) -> Value {
        guard let from = first.intValue, let to = last.intValue else {
            throw ExpressionError(".. wants two whole numbers")
        }
        guard from <= to else { return .array([]) }
        let (length, overflow) = to.subtractingReportingOverflow(from)
        try budget.spend(elements: overflow ? Int.max : Int(clamping: length) + 1)
        return .array((from...to).map { .int($0) })
    }

    private static func remainder(_ left: Value, _ right: Value) throws(ExpressionError) -> Value {
        guard let first = left.intValue, let second = right.intValue else {
            throw ExpressionError("% wants two whole numbers")
        }
        guard second != 0 else { throw ExpressionError("a number is divided by zero") }
        return try whole(first.remainderReportingOverflow(dividingBy: second))
    }

    /// Exponents that are whole numbers are exact; others are the C library's business.
    private static func power(_ base: Double, _ exponent: Double) -> Double {
        guard let whole = Int(exactly: exponent), abs(whole) <= 1_024 else {
            return pow(base, exponent)
        }
        var result = 1.0
        for _ in 0..<abs(whole) { result *= base }
        return whole < 0 ? 1 / result : result
    }

    private static func whole(_ result: (partialValue: Int64, overflow: Bool))
        throws(ExpressionError) -> Value
    {
        guard !result.overflow else { throw outOfRange }
        return .int(result.partialValue)
    }

    private static var outOfRange: ExpressionError {
        ExpressionError("the result is out of the range of 64-bit whole numbers")
    }
}
