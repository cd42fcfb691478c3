/// The functions of lists and maps.
enum ListFunctions {
    static func value(
        _ function: Functions,
        _ call: FunctionCall,
        _ budget: inout Budget
    ) throws(ExpressionError) -> Value {
        switch function {
        case .len: return .int(Int64(try length(call)))
        case .keys: return .array(sorted(try call.map(0)).map { .string($0.key) })
        case .values: return .array(sorted(try call.map(0)).map(\.value))
        case .sort: return try sort(call)
        case .first: return try call.list(0).first ?? .null
        case .last: return try call.list(0).last ?? .null
        case .take: return .array(Array(try call.list(0).prefix(max(0, call.whole(1)))))
        case .get: return try part(call)
        case .reverse: return .array(try call.list(0).reversed())
        case .concat: return try concat(call, &budget)
        case .flatten:
            var elements: [Value] = []
            try flatten(try call.list(0), into: &elements, &budget)
            return .array(elements)
        case .uniq: return try uniq(call, &budget)
        case .toPairs:
            return .array(sorted(try call.map(0)).map { .array([.string($0.key), $0.value]) })
        case .fromPairs: return try fromPairs(call)
        default: fatalError("\(function.rawValue) is no function of lists")
        }
    }

    /// The members of a map in the order of their keys, so that no answer depends on chance.
    private static func sorted(_ members: [String: Value]) -> [(key: String, value: Value)] {
        members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    private static func length(_ call: FunctionCall) throws(ExpressionError) -> Int {
        switch call[0] {
        case .string(let text): text.unicodeScalars.count
        case .array(let elements): elements.count
        case .object(let members): members.count
        default: throw call.wrong(0, "text, a list or a map")
        }
    }

    private static func sort(_ call: FunctionCall) throws(ExpressionError) -> Value {
        let elements = try call.list(0)
        let isDescending = call.arguments.count == 2 ? try call.text(1) == "desc" : false
        let order = try Comparison.sortedIndices(of: elements, descending: isDescending)
        return .array(order.map { elements[$0] })
    }

    /// A member or element; null where there is none.
    private static func part(_ call: FunctionCall) throws(ExpressionError) -> Value {
        switch call[0] {
        case .null: return .null
        case .object(let members): return members[try call.text(1)] ?? .null
        default:
            let elements = try call.list(0)
            let index = try call.whole(1)
            let place = index < 0 ? index &+ elements.count : index
            return elements.indices.contains(place) ? elements[place] : .null
        }
    }

    private static func concat(
        _ call: FunctionCall,
        _ budget: inout Budget
    ) throws(ExpressionError) -> Value {
        var elements: [Value] = []
        for index in call.arguments.indices {
            let list = try call.list(index)
            try budget.spend(elements: list.count)
            elements += list
        }
        return .array(elements)
    }

    private static func flatten(
        _ elements: [Value],
        into result: inout [Value],
        _ budget: inout Budget
    ) throws(ExpressionError) {
        try budget.spend(elements: elements.count)
        for element in elements {
            if case .array(let inner) = element {
                try flatten(inner, into: &result, &budget)
            } else {
                result.append(element)
            }
        }
    }

    private static func uniq(
        _ call: FunctionCall,
        _ budget: inout Budget
    ) throws(ExpressionError) -> Value {
        let elements = try call.list(0)
        try budget.spend(elements: elements.count)
        var seen: Set<Value> = []
        return .array(
            elements.filter { element in
                // 1 and 1.0 are one number.
                let whole = element.intValue.map { Value.int($0) }
                return seen.insert(whole ?? element).inserted
            }
        )
    }

    private static func fromPairs(_ call: FunctionCall) throws(ExpressionError) -> Value {
        var members: [String: Value] = [:]
        for pair in try call.list(0) {
            guard case .array(let parts) = pair, parts.count == 2 else {
                throw ExpressionError("fromPairs() wants a list of lists of two")
            }
            members[TextForm.display(parts[0])] = parts[1]
        }
        return .object(members)
    }
}
