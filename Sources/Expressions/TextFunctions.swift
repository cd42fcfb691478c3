/// The functions of texts.
enum TextFunctions {
    static func value(
        _ function: Functions,
        _ call: FunctionCall,
        _ budget: inout Budget
    ) throws(ExpressionError) -> Value {
        switch function {
        case .lower: return .string(try call.text(0).lowercased())
        case .upper: return .string(try call.text(0).uppercased())
        case .trim:
            let isOut = try trimSet(call)
            return .string(trimmed(try call.text(0), where: isOut))
        case .trimPrefix:
            let (text, part) = (try call.text(0), try call.text(1))
            return .string(text.hasPrefix(part) ? String(text.dropFirst(part.count)) : text)
        case .trimSuffix:
            let (text, part) = (try call.text(0), try call.text(1))
            return .string(text.hasSuffix(part) ? String(text.dropLast(part.count)) : text)
        case .hasPrefix: return .bool(try call.text(0).utf8.starts(with: call.text(1).utf8))
        case .hasSuffix:
            return .bool(
                try call.text(0).utf8.reversed().starts(with: call.text(1).utf8.reversed())
            )
        case .indexOf: return .int(Int64(try position(call, last: false)))
        case .lastIndexOf: return .int(Int64(try position(call, last: true)))
        case .split, .splitAfter: return try split(function, call, &budget)
        case .join: return try join(call, &budget)
        case .replace: return try replace(call, &budget)
        case .repeat:
            let (text, count) = (try call.text(0), try call.whole(1))
            guard count >= 0 else { throw ExpressionError("repeat() wants a count from 0") }
            let (size, overflow) = text.utf8.count.multipliedReportingOverflow(by: count)
            try budget.spend(bytes: overflow ? Int.max : size)
            return .string(String(repeating: text, count: text.isEmpty ? 0 : count))
        default: fatalError("\(function.rawValue) is no function of texts")
        }
    }

    private static func trimSet(_ call: FunctionCall) throws(ExpressionError)
        -> (Unicode.Scalar) -> Bool
    {
        guard call.arguments.count == 2 else { return { $0.properties.isWhitespace } }
        let characters = Set(try call.text(1).unicodeScalars)
        return { characters.contains($0) }
    }

    private static func trimmed(
        _ text: String,
        where isOut: (Unicode.Scalar) -> Bool
    ) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !isOut($0) }),
            let last = scalars.lastIndex(where: { !isOut($0) })
        else { return "" }
        return String(scalars[first...last])
    }

    /// The place of the second text in the first, in characters; -1 where it is not.
    private static func position(_ call: FunctionCall, last: Bool) throws(ExpressionError) -> Int {
        let bytes = Array(try call.text(0).utf8)
        let part = Array(try call.text(1).utf8)
        var found = TextForm.firstOffset(of: part, in: bytes, from: 0)
        while last, let place = found,
            let next = TextForm.firstOffset(of: part, in: bytes, from: place + 1)
        {
            found = next
        }
        guard let found else { return -1 }
        return String(decoding: bytes[..<found], as: UTF8.self).unicodeScalars.count
    }

    private static func split(
        _ function: Functions,
        _ call: FunctionCall,
        _ budget: inout Budget
    ) throws(ExpressionError) -> Value {
        let bytes = Array(try call.text(0).utf8)
        let separator = try call.text(1)
        let limit = call.arguments.count == 3 ? try call.whole(2) : -1
        if limit == 0 { return .array([]) }
        if separator.isEmpty {
            let scalars = try call.text(0).unicodeScalars
            try budget.spend(elements: scalars.count)
            return .array(scalars.map { .string(String(Character($0))) })
        }
        var parts: [Value] = []
        var start = 0
        let mark = Array(separator.utf8)
        for place in places(of: mark, in: bytes) where limit < 0 || parts.count < limit - 1 {
            let end = function == .splitAfter ? place + mark.count : place
            parts.append(.string(String(decoding: bytes[start..<end], as: UTF8.self)))
            start = place + mark.count
        }
        parts.append(.string(String(decoding: bytes[start...], as: UTF8.self)))
        try budget.spend(elements: parts.count)
        return .array(parts)
    }

    private static func join(
        _ call: FunctionCall,
        _ budget: inout Budget
    ) throws(ExpressionError) -> Value {
        let separator = call.arguments.count == 2 ? try call.text(1) : ""
        var texts: [String] = []
        for (index, element) in try call.list(0).enumerated() {
            guard case .string(let text) = element else {
                throw ExpressionError(
                    "join() wants a list of texts, but element \(index) is \(element.kindName)"
                )
            }
            texts.append(text)
        }
        let length = texts.reduce(0) { $0 + $1.utf8.count + separator.utf8.count }
        try budget.spend(bytes: length)
        return .string(texts.joined(separator: separator))
    }

    private static func replace(
        _ call: FunctionCall,
        _ budget: inout Budget
    ) throws(ExpressionError) -> Value {
        let bytes = Array(try call.text(0).utf8)
        let old = Array(try call.text(1).utf8)
        let new = Array(try call.text(2).utf8)
        let limit = call.arguments.count == 4 ? try call.whole(3) : -1
        guard !old.isEmpty else { throw ExpressionError("replace() wants a text to look for") }
        var places = places(of: old, in: bytes)
        if limit >= 0 { places = Array(places.prefix(limit)) }
        let (added, overflow) = places.count.multipliedReportingOverflow(by: new.count)
        try budget.spend(bytes: overflow ? Int.max : bytes.count + added)
        var result: [UInt8] = []
        var start = 0
        for place in places {
            result += bytes[start..<place]
            result += new
            start = place + old.count
        }
        result += bytes[start...]
        return .string(String(decoding: result, as: UTF8.self))
    }

    /// Where `part` stands in `bytes`, without overlaps.
    private static func places(of part: [UInt8], in bytes: [UInt8]) -> [Int] {
        var places: [Int] = []
        var start = 0
        while let place = TextForm.firstOffset(of: part, in: bytes, from: start) {
            places.append(place)
            start = place + part.count
        }
        return places
    }
}
