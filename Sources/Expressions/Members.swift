/// Access to parts of a value.
enum Members {
    /// `value[key]`; null where an object has no such member.
    static func member(of value: Value, _ key: Value) throws(ExpressionError) -> Value {
        switch value {
        case .object(let members):
            return members[TextForm.display(key)] ?? .null
        case .array(let elements):
            return elements[try position(key, count: elements.count)]
        case .string(let text):
            let scalars = Array(text.unicodeScalars)
            return .string(String(Character(scalars[try position(key, count: scalars.count)])))
        case .null:
            throw ExpressionError("\(TextForm.display(key)) is asked of null")
        case .bool, .int, .double:
            throw ExpressionError("\(TextForm.display(key)) is asked of \(value.kindName)")
        }
    }

    /// `value[from:to]` of a list or text; negative places count from the end.
    static func slice(
        of value: Value,
        from: Value?,
        to: Value?,
        _ budget: inout Budget
    ) throws(ExpressionError) -> Value {
        switch value {
        case .array(let elements):
            let range = try bounds(from, to, count: elements.count)
            try budget.spend(elements: range.count)
            return .array(Array(elements[range]))
        case .string(let text):
            let scalars = Array(text.unicodeScalars)
            let range = try bounds(from, to, count: scalars.count)
            var result = String.UnicodeScalarView()
            result.append(contentsOf: scalars[range])
            try budget.spend(bytes: text.utf8.count)
            return .string(String(result))
        default:
            throw ExpressionError("a list or text has slices, \(value.kindName) has none")
        }
    }

    /// Whether a list holds `value`, or a map has it as a key.
    static func contains(
        _ container: Value,
        _ value: Value,
        _ budget: inout Budget
    ) throws(ExpressionError) -> Bool {
        switch container {
        case .array(let elements):
            try budget.spend(steps: elements.count)
            return elements.contains { $0.isSame(as: value) }
        case .object(let members):
            return value.stringValue.map { members[$0] != nil } ?? false
        case .null: return false
        default:
            throw ExpressionError(
                "in wants a list or a map on its right, not \(container.kindName)"
            )
        }
    }

    /// The elements that a closure runs over.
    static func elements(_ value: Value, _ function: String) throws(ExpressionError) -> [Value] {
        guard case .array(let elements) = value else {
            throw ExpressionError("\(function)() wants a list, not \(value.kindName)")
        }
        return elements
    }

    private static func position(_ key: Value, count: Int) throws(ExpressionError) -> Int {
        guard let index = key.intValue else {
            throw ExpressionError("a place in a list is a whole number, not \(key.kindName)")
        }
        let place = index < 0 ? Int(clamping: index) &+ count : Int(clamping: index)
        guard (0..<count).contains(place) else {
            throw ExpressionError("there is no element \(index): the list has \(count)")
        }
        return place
    }

    private static func bounds(
        _ from: Value?,
        _ to: Value?,
        count: Int
    ) throws(ExpressionError) -> Range<Int> {
        let first = try bound(from, count: count) ?? 0
        let end = try bound(to, count: count) ?? count
        return first < end ? first..<end : 0..<0
    }

    private static func bound(_ value: Value?, count: Int) throws(ExpressionError) -> Int? {
        guard let value else { return nil }
        guard let index = value.intValue else {
            throw ExpressionError("a slice's bound is a whole number, not \(value.kindName)")
        }
        let place = index < 0 ? Int(clamping: index) &+ count : Int(clamping: index)
        return min(max(place, 0), count)
    }
}
