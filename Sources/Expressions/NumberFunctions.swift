/// The functions of numbers, and those that make one kind of value of another.
enum NumberFunctions {
    static func value(_ function: Functions, _ call: FunctionCall) throws(ExpressionError) -> Value
    {
        switch function {
        case .int: return .int(try whole(call))
        case .float: return .double(try float(call))
        case .string: return .string(TextForm.display(call[0]))
        case .abs:
            let isNegative = try call.number(0) < 0
            return isNegative ? try Arithmetic.negative(call[0]) : call[0]
        case .ceil: return .double(try call.number(0).rounded(.up))
        case .floor: return .double(try call.number(0).rounded(.down))
        case .round: return .double(try call.number(0).rounded(.toNearestOrAwayFromZero))
        case .min, .max: return try extreme(function, call)
        case .mean:
            let numbers = try numbers(call)
            let sum = numbers.reduce(0) { $0 + ($1.doubleValue ?? 0) }
            return .double(numbers.isEmpty ? 0 : sum / Double(numbers.count))
        case .median: return .double(try median(call))
        case .type: return .string(typeName(call[0]))
        default: fatalError("\(function.rawValue) is no function of numbers")
        }
    }

    private static func whole(_ call: FunctionCall) throws(ExpressionError) -> Int64 {
        switch call[0] {
        case .int(let number): return number
        case .double(let number):
            guard let whole = Int64(exactly: number.rounded(.towardZero)) else {
                throw ExpressionError("\(NumberText.display(number)) is out of range for int()")
            }
            return whole
        case .string(let text):
            guard let number = Int64(text) else {
                throw ExpressionError("int() cannot read \"\(text)\" as a whole number")
            }
            return number
        default: throw call.wrong(0, "a number or text")
        }
    }

    private static func float(_ call: FunctionCall) throws(ExpressionError) -> Double {
        if let number = call[0].doubleValue { return number }
        let text = try call.text(0)
        guard let number = NumberText.parsed(text)?.doubleValue else {
            throw ExpressionError("float() cannot read \"\(text)\" as a number")
        }
        return number
    }

    /// The numbers of all arguments, lists among them taken apart.
    private static func numbers(_ call: FunctionCall) throws(ExpressionError) -> [Value] {
        var numbers: [Value] = []
        for (index, argument) in call.arguments.enumerated() {
            let elements = argument.arrayValue ?? [argument]
            guard elements.allSatisfy({ $0.doubleValue != nil }) else {
                throw call.wrong(index, "numbers")
            }
            numbers += elements
        }
        return numbers
    }

    private static func extreme(
        _ function: Functions,
        _ call: FunctionCall
    ) throws(ExpressionError) -> Value {
        let numbers = try numbers(call)
        guard var best = numbers.first else {
            throw ExpressionError("\(call.name)() wants at least one number")
        }
        for number in numbers.dropFirst() {
            let order = Comparison.order(number, best) ?? 0
            if function == .min ? order < 0 : order > 0 { best = number }
        }
        return best
    }

    private static func median(_ call: FunctionCall) throws(ExpressionError) -> Double {
        let sorted = try numbers(call).compactMap(\.doubleValue).sorted()
        guard !sorted.isEmpty else { return 0 }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    private static func typeName(_ value: Value) -> String {
        switch value {
        case .null: "nil"
        case .bool: "bool"
        case .int: "int"
        case .double: "float"
        case .string: "string"
        case .array: "array"
        case .object: "map"
        }
    }
}
