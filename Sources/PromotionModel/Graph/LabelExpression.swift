package import Wire

/// A requirement on the labels of a stage (one of Kubernetes' `matchExpressions`).
package struct LabelExpression: Message, Hashable {
    /// The label that it is about.
    package var key = ""
    package var operation = LabelOperation.exists
    /// What the label is compared with; nothing for `exists` and `doesNotExist`.
    package var values: [String] = []

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "key", &key)
        try visitor.field(2, "operator", &operation)
        try visitor.field(3, "values", &values)
    }

    /// Whether labels meet it.
    ///
    /// As in Kubernetes, `notIn` is met where there is no such label.
    package func isMet(by labels: [String: String]) -> Bool {
        switch operation {
        case .isIn: labels[key].map(values.contains) ?? false
        case .notIn: labels[key].map { !values.contains($0) } ?? true
        case .exists: labels[key] != nil
        case .doesNotExist: labels[key] == nil
        }
    }
}

/// How a label is compared.
package enum LabelOperation: UInt32, WireEnum {
    case isIn = 1
    case notIn = 2
    case exists = 3
    case doesNotExist = 4
}

extension LabelExpression: CustomStringConvertible {
    /// The requirement as Kubernetes writes selectors: `tier in (test,uat)`, `!frozen`.
    package var description: String {
        let list = values.joined(separator: ",")
        return switch operation {
        case .isIn: "\(key) in (\(list))"
        case .notIn: "\(key) notin (\(list))"
        case .exists: key
        case .doesNotExist: "!\(key)"
        }
    }
}
