/// A text with expressions in it, parsed once: `image: ${{ imageFrom(repo).Tag }}`.
///
/// `${{ }}` holds an expression; `${% %}` too, for bodies in which `}}` occurs. An expression ends
/// at the first end mark, also inside its own quotes, as in Kargo.
package struct Template: Sendable {
    /// As it was written.
    package let source: String
    private let parts: [Part]
    /// Whether what it reads stands in its value as it is.
    private let isVerbatim: Bool

    private enum Part: Sendable {
        case text(String)
        case expression(Expression)
    }

    /// Parses `source`.
    ///
    /// - Throws: an error that shows the expression that does not parse, or the template where an
    ///   end mark is missing.
    package init(parsing source: String) throws(ExpressionError) {
        guard source.utf8.count <= ExpressionLimits.sourceBytesMax || !Self.isTemplate(source)
        else {
            let limit = ExpressionLimits.sourceBytesMax
            throw ExpressionError("the template is longer than \(limit) bytes")
        }
        self.source = source
        parts = try Self.parts(of: source)
        isVerbatim = parts.allSatisfy { part in
            if case .expression(let expression) = part { expression.tree.isVerbatim } else { true }
        }
    }

    /// Whether `text` has an expression in it.
    package static func isTemplate(_ text: String) -> Bool {
        let bytes = text.utf8
        var rest = bytes[...]
        while let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
            rest = rest[dollar...]
            if rest.starts(with: "${{".utf8) || rest.starts(with: "${%".utf8) { return true }
            rest = rest.dropFirst()
        }
        return false
    }

    /// The value in an environment.
    ///
    /// A text without expressions stays as it is; with one, the pieces are joined (what is not
    /// text as JSON) and the whole is coerced in Kargo's order.
    package func evaluate(in environment: some Environment) throws(ExpressionError) -> Value {
        var budget = Budget()
        return try evaluate(in: environment, &budget)
    }

    func evaluate(
        in environment: some Environment,
        _ budget: inout Budget
    ) throws(ExpressionError) -> Value {
        guard hasExpressions else { return .string(source) }
        var text = ""
        for part in parts {
            switch part {
            case .text(let piece): text += piece
            case .expression(let expression):
                let value = try expression.evaluate(in: environment, &budget)
                let piece = value.stringValue ?? value.json
                try budget.spend(bytes: piece.utf8.count)
                text += piece
            }
        }
        let value: Value
        do {
            value = try Coercion.value(of: text)
        } catch {
            throw error.placed(in: source, at: 0)
        }
        environment.hasMade(value, isVerbatim: isVerbatim)
        return value
    }

    /// The expressions, in their order.
    package var expressions: [Expression] {
        parts.compactMap { part in
            guard case .expression(let expression) = part else { return nil }
            return expression
        }
    }

    private var hasExpressions: Bool {
        parts.contains { part in
            if case .expression = part { true } else { false }
        }
    }

    private static func parts(of source: String) throws(ExpressionError) -> [Part] {
        let bytes = Array(source.utf8)
        var parts: [Part] = []
        var textStart = 0
        var index = 0
        while index + 2 < bytes.count {
            guard bytes[index] == UInt8(ascii: "$"), bytes[index + 1] == UInt8(ascii: "{"),
                let end = endMark(after: bytes[index + 2])
            else {
                index += 1
                continue
            }
            let bodyStart = index + 3
            guard let bodyEnd = TextForm.firstOffset(of: end, in: bytes, from: bodyStart) else {
                let mark = String(decoding: end, as: UTF8.self)
                throw ExpressionError("the end mark \(mark) is missing", in: source, at: index)
            }
            if textStart < index {
                parts.append(.text(String(decoding: bytes[textStart..<index], as: UTF8.self)))
            }
            let body = String(decoding: bytes[bodyStart..<bodyEnd], as: UTF8.self)
            parts.append(.expression(try Expression(parsing: body)))
            index = bodyEnd + end.count
            textStart = index
        }
        if textStart < bytes.count {
            parts.append(.text(String(decoding: bytes[textStart...], as: UTF8.self)))
        }
        return parts
    }

    private static func endMark(after byte: UInt8) -> [UInt8]? {
        switch byte {
        case UInt8(ascii: "{"): Array("}}".utf8)
        case UInt8(ascii: "%"): Array("%}".utf8)
        default: nil
        }
    }
}

extension Value {
    /// The value with every template in it evaluated: texts at any depth, never keys.
    ///
    /// - Throws: an error that shows the expression with a caret under the place.
    package func evaluatingTemplates(in environment: some Environment) throws(ExpressionError)
        -> Value
    {
        for name in Functions.reserved where environment.variable(name) != nil {
            throw ExpressionError("no variable may be named \(name): it is a function")
        }
        var budget = Budget()
        return try evaluatingTemplates(in: environment, &budget, depth: 0)
    }

    /// A step's configuration with its templates evaluated: a map, and an empty one for null.
    ///
    /// - Throws: as `evaluatingTemplates(in:)`, and for what is no map.
    package func evaluatingConfiguration(in environment: some Environment) throws(ExpressionError)
        -> Value
    {
        switch self {
        case .object: return try evaluatingTemplates(in: environment)
        case .null: return .object([:])
        default: throw ExpressionError("a configuration is a map, not \(kindName)")
        }
    }

    private func evaluatingTemplates(
        in environment: some Environment,
        _ budget: inout Budget,
        depth: Int
    ) throws(ExpressionError) -> Value {
        guard depth <= ExpressionLimits.valueDepthMax else {
            let limit = ExpressionLimits.valueDepthMax
            throw ExpressionError("the configuration is nested deeper than \(limit) levels")
        }
        switch self {
        case .null, .bool, .int, .double: return self
        case .string(let text):
            guard Template.isTemplate(text) else { return self }
            return try Template(parsing: text).evaluate(in: environment, &budget)
        case .array(let elements):
            var values: [Value] = []
            values.reserveCapacity(elements.count)
            for element in elements {
                values.append(
                    try element.evaluatingTemplates(in: environment, &budget, depth: depth + 1)
                )
            }
            return .array(values)
        case .object(let members):
            var values: [String: Value] = [:]
            for (key, member) in members {
                values[key] = try member.evaluatingTemplates(
                    in: environment,
                    &budget,
                    depth: depth + 1
                )
            }
            return .object(values)
        }
    }
}
