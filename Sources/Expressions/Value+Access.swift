extension Value {
    /// The member `name` of an object; nil for anything else and where there is none.
    package subscript(name: String) -> Value? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    /// The text of a string.
    package var stringValue: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// A whole number, also where it is held as a floating-point one.
    package var intValue: Int64? {
        switch self {
        case .int(let number): number
        case .double(let number): Int64(exactly: number)
        default: nil
        }
    }

    /// A number.
    package var doubleValue: Double? {
        switch self {
        case .int(let number): Double(number)
        case .double(let number): number
        default: nil
        }
    }

    /// The elements of an array.
    package var arrayValue: [Value]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members of an object.
    package var objectValue: [String: Value]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// Whether it is null.
    package var isNull: Bool { self == .null }

    /// What it is, with an article: `a number`, `text`, `null`.
    package var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .int, .double: "a number"
        case .string: "text"
        case .array: "a list"
        case .object: "a map"
        }
    }

    /// Whether both say the same, numbers by their value: 1 is 1.0.
    package func isSame(as other: Value) -> Bool {
        switch (self, other) {
        case (.int(let left), .int(let right)): left == right
        case (.int, .double), (.double, .int), (.double, .double):
            doubleValue == other.doubleValue
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
        case (.object(let left), .object(let right)):
            left.count == right.count
                && left.allSatisfy { key, value in
                    right[key].map { value.isSame(as: $0) } ?? false
                }
        default: self == other
        }
    }
}
