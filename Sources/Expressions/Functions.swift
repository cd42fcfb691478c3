/// The language's own functions without closures.
enum Functions: String, CaseIterable {
    // Text.
    case lower, upper, trim, trimPrefix, trimSuffix, split, splitAfter, join, replace
    case `repeat`, indexOf, lastIndexOf, hasPrefix, hasSuffix
    // Lists and maps.
    case len, keys, values, sort, first, last, take, get, reverse, concat, flatten, uniq
    case toPairs, fromPairs
    // Numbers and kinds.
    case int, float, string, abs, ceil, floor, round, min, max, mean, median, type
    // Coding.
    case toJSON, fromJSON, toBase64, fromBase64, date
    // Kargo's own.
    case quote, unsafeQuote, asYAML, asJSON, semverDiff, semverParse

    private static let byName = Dictionary(
        uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) }
    )

    /// The function of that name.
    static func named(_ name: String) -> Functions? { byName[name] }

    /// Names of functions that no variable may have: templates rely on them (Kargo's rule).
    static let reserved = ["quote", "asYAML", "asJSON"]

    /// How many arguments it takes.
    private var arity: ClosedRange<Int> {
        switch self {
        case .trimPrefix, .trimSuffix, .hasPrefix, .hasSuffix, .indexOf, .lastIndexOf, .repeat,
            .take, .get, .semverDiff:
            2...2
        case .replace: 3...4
        case .split, .splitAfter: 2...3
        case .trim, .join, .sort: 1...2
        case .concat, .min, .max, .mean, .median: 1...1_000
        default: 1...1
        }
    }

    /// The function's value.
    func call(
        _ name: String,
        _ arguments: [Value],
        _ budget: inout Budget
    ) throws(ExpressionError) -> Value {
        guard arity.contains(arguments.count) else {
            throw ExpressionError("\(name)() takes \(arityText), not \(arguments.count)")
        }
        try budget.spend(bytes: arguments.reduce(0) { $0 + $1.sizeBytes })
        let call = FunctionCall(name: name, arguments: arguments)
        switch self {
        case .lower, .upper, .trim, .trimPrefix, .trimSuffix, .split, .splitAfter, .join,
            .replace, .repeat, .indexOf, .lastIndexOf, .hasPrefix, .hasSuffix:
            return try TextFunctions.value(self, call, &budget)
        case .len, .keys, .values, .sort, .first, .last, .take, .get, .reverse, .concat,
            .flatten, .uniq, .toPairs, .fromPairs:
            return try ListFunctions.value(self, call, &budget)
        case .int, .float, .string, .abs, .ceil, .floor, .round, .min, .max, .mean, .median,
            .type:
            return try NumberFunctions.value(self, call)
        case .toJSON, .fromJSON, .toBase64, .fromBase64, .date, .quote, .unsafeQuote, .asYAML,
            .asJSON,
            .semverDiff, .semverParse:
            return try CodingFunctions.value(self, call)
        }
    }

    private var arityText: String {
        let (least, most) = (arity.lowerBound, arity.upperBound)
        if most == 1_000 { return "at least \(least) argument" }
        let count = least == most ? "\(least)" : "\(least) or \(most)"
        return "\(count) argument\(most == 1 ? "" : "s")"
    }
}

/// The arguments of a call, taken by the kind that is wanted.
struct FunctionCall {
    let name: String
    let arguments: [Value]

    subscript(index: Int) -> Value { arguments[index] }

    func text(_ index: Int) throws(ExpressionError) -> String {
        guard case .string(let text) = arguments[index] else { throw wrong(index, "text") }
        return text
    }

    func list(_ index: Int) throws(ExpressionError) -> [Value] {
        guard case .array(let elements) = arguments[index] else { throw wrong(index, "a list") }
        return elements
    }

    func map(_ index: Int) throws(ExpressionError) -> [String: Value] {
        guard case .object(let members) = arguments[index] else { throw wrong(index, "a map") }
        return members
    }

    func whole(_ index: Int) throws(ExpressionError) -> Int {
        guard let number = arguments[index].intValue else { throw wrong(index, "a whole number") }
        return Int(clamping: number)
    }

    func number(_ index: Int) throws(ExpressionError) -> Double {
        guard let number = arguments[index].doubleValue else { throw wrong(index, "a number") }
        return number
    }

    func wrong(_ index: Int, _ wanted: String) -> ExpressionError {
        let which = arguments.count == 1 ? "" : " as argument \(index + 1)"
        return ExpressionError(
            "\(name)() wants \(wanted)\(which), not \(arguments[index].kindName)"
        )
    }
}

extension Value {
    /// About how much the value holds, for budgets.
    var sizeBytes: Int {
        switch self {
        case .null, .bool, .int, .double: 0
        case .string(let text): text.utf8.count
        case .array(let elements): elements.reduce(0) { $0 + 8 + $1.sizeBytes }
        case .object(let members): members.reduce(0) { $0 + $1.key.utf8.count + $1.value.sizeBytes }
        }
    }
}
