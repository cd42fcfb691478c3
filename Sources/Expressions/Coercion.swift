/// What a template's text becomes, in Kargo's order.
enum Coercion {
    /// The value of a text that came out of expressions.
    ///
    /// One trailing line break is set aside; then text in double quotes loses them and stays
    /// text; otherwise a number, a boolean and any JSON value are tried in that order; what
    /// remains is text with its line break.
    static func value(of text: String) throws(ExpressionError) -> Value {
        let hasBreak = text.utf8.last == UInt8(ascii: "\n")
        let body = hasBreak ? String(text.unicodeScalars.dropLast()) : text
        let scalars = body.unicodeScalars
        if scalars.count >= 2, scalars.first == "\"", scalars.last == "\"" {
            let inner = String(scalars.dropFirst().dropLast())
            return .string(hasBreak ? inner + "\n" : inner)
        }
        if let number = NumberText.parsed(body) {
            if case .double(let size) = number, !size.isFinite {
                throw ExpressionError(
                    "the value \(body) is a number that JSON cannot hold; quote() keeps it as text"
                )
            }
            return number
        }
        if let flag = TextForm.bool(body) { return .bool(flag) }
        if mayBeJSON(body), let value = try? Value(json: body) { return value }
        return .string(text)
    }

    /// Whether the first letter is one that a JSON value can begin with.
    private static func mayBeJSON(_ text: String) -> Bool {
        let first = text.utf8.first { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }
        guard let first else { return false }
        return "{[\"-0123456789tfn".utf8.contains(first)
    }
}
