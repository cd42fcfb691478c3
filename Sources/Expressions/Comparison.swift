/// The order of values.
enum Comparison {
    /// Whether `<`, `<=`, `>` or `>=` holds between two numbers or two texts.
    static func holds(
        _ operation: BinaryOperator,
        _ left: Value,
        _ right: Value
    ) throws(ExpressionError) -> Bool {
        guard let order = order(left, right) else {
            throw ExpressionError(
                "\(operation.rawValue) wants two numbers or two texts, not \(left.kindName) and "
                    + right.kindName
            )
        }
        switch operation {
        case .less: return order < 0
        case .lessOrEqual: return order <= 0
        case .greater: return order > 0
        default: return order >= 0
        }
    }

    /// Below, at or above zero; nil for what has no order.
    static func order(_ left: Value, _ right: Value) -> Int? {
        switch (left, right) {
        case (.int(let first), .int(let second)):
            return first < second ? -1 : first > second ? 1 : 0
        case (.string(let first), .string(let second)):
            if first.utf8.lexicographicallyPrecedes(second.utf8) { return -1 }
            return first.utf8.elementsEqual(second.utf8) ? 0 : 1
        default:
            guard let first = left.doubleValue, let second = right.doubleValue else { return nil }
            return first < second ? -1 : first > second ? 1 : 0
        }
    }

    /// The places of `values` in their order; equal ones stay in the order they have.
    static func sortedIndices(
        of values: [Value],
        descending: Bool
    ) throws(ExpressionError) -> [Int] {
        for (index, value) in values.enumerated() where order(value, values[0]) == nil {
            throw ExpressionError(
                "a list is sorted by numbers or by texts, but element \(index) is "
                    + value.kindName
            )
        }
        return values.indices.sorted { left, right in
            let order = order(values[left], values[right]) ?? 0
            if order == 0 { return left < right }
            return descending ? order > 0 : order < 0
        }
    }
}
