/// What the functions with closures do with the closure's values.
enum Iterations {
    /// `count(list)` and `sum(list)`.
    static func withoutBody(
        _ iteration: Iteration,
        _ elements: [Value]
    ) throws(ExpressionError) -> Value {
        var run = Run(iteration, elements, argument: nil)
        for element in elements { try run.take(element) }
        return try run.result()
    }

    /// One pass over a list: asks for elements and takes what the closure made of each.
    struct Run {
        private let iteration: Iteration
        private let elements: [Value]
        /// The element whose closure comes next; nil when the answer is known.
        private(set) var next: Int?
        /// What `reduce` has so far.
        private(set) var accumulator: Value
        private var answer: Value?
        private var collected: [Value] = []
        private var matchCount = 0
        private var isDescending = false

        init(_ iteration: Iteration, _ elements: [Value], argument: Value?) {
            self.iteration = iteration
            self.elements = elements
            accumulator = argument ?? .null
            switch iteration {
            case .findLast, .findLastIndex: next = elements.isEmpty ? nil : elements.count - 1
            case .reduce where argument == nil:
                accumulator = elements.first ?? .null
                next = elements.count > 1 ? 1 : nil
            case .sum:
                accumulator = .int(0)
                next = elements.isEmpty ? nil : 0
            case .sortBy:
                isDescending = argument?.stringValue == "desc"
                next = elements.isEmpty ? nil : 0
            default: next = elements.isEmpty ? nil : 0
            }
        }

        /// Takes the closure's value for the element at `next`.
        mutating func take(_ value: Value) throws(ExpressionError) {
            let index = next ?? 0
            switch iteration {
            case .map, .groupBy, .sortBy: collected.append(value)
            case .reduce: accumulator = value
            case .sum: accumulator = try Arithmetic.sum(accumulator, Arithmetic.number(value))
            default:
                guard case .bool(let flag) = value else {
                    throw ExpressionError(
                        "the closure of \(iteration.rawValue)() must come to true or false, "
                            + "not \(value.kindName)"
                    )
                }
                judge(flag, at: index)
            }
            guard answer == nil else {
                next = nil
                return
            }
            let isBackward = iteration == .findLast || iteration == .findLastIndex
            let following = index + (isBackward ? -1 : 1)
            next = elements.indices.contains(following) ? following : nil
        }

        private mutating func judge(_ flag: Bool, at index: Int) {
            if flag { matchCount += 1 }
            switch iteration {
            case .filter: if flag { collected.append(elements[index]) }
            case .all: if !flag { answer = .bool(false) }
            case .any: if flag { answer = .bool(true) }
            case .none: if flag { answer = .bool(false) }
            case .one: if matchCount > 1 { answer = .bool(false) }
            case .find, .findLast: if flag { answer = elements[index] }
            case .findIndex, .findLastIndex: if flag { answer = .int(Int64(index)) }
            case .count, .map, .sum, .groupBy, .sortBy, .reduce: break
            }
        }

        /// The function's value, after `next` became nil.
        func result() throws(ExpressionError) -> Value {
            if let answer { return answer }
            switch iteration {
            case .all, .none: return .bool(true)
            case .any: return .bool(false)
            case .one: return .bool(matchCount == 1)
            case .filter, .map: return .array(collected)
            case .count: return .int(Int64(matchCount))
            case .sum, .reduce: return accumulator
            case .find, .findLast: return .null
            case .findIndex, .findLastIndex: return .int(-1)
            case .groupBy: return groups()
            case .sortBy: return .array(try sorted())
            }
        }

        private func groups() -> Value {
            var groups: [String: [Value]] = [:]
            for (key, element) in zip(collected, elements) {
                groups[TextForm.display(key), default: []].append(element)
            }
            return .object(groups.mapValues { .array($0) })
        }

        private func sorted() throws(ExpressionError) -> [Value] {
            let order = try Comparison.sortedIndices(of: collected, descending: isDescending)
            return order.map { elements[$0] }
        }
    }
}
