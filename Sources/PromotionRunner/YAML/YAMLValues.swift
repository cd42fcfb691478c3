import Expressions

/// What the nodes of a document say.
extension YAMLDocument {
    /// The value of the document; null where there is nothing but comments.
    func value() throws(StepError) -> Value {
        guard let root else { return .null }
        return try Self.value(of: root)
    }

    /// The value of a node, aliases followed and `<<` merged.
    static func value(of node: YAMLNode) throws(StepError) -> Value {
        var budget = 1_000_000
        return try value(of: node, &budget)
    }

    private static func value(of node: YAMLNode, _ budget: inout Int) throws(StepError) -> Value {
        budget -= 1
        guard budget > 0 else { throw .wrong("the file says more than 1000000 values") }
        switch node.content {
        case .scalar(let scalar): return try value(of: scalar, node.tag)
        case .alias(_, let target): return try value(of: target, &budget)
        case .sequence(let elements):
            var values: [Value] = []
            for element in elements { values.append(try value(of: element, &budget)) }
            return .array(values)
        case .mapping(let members): return .object(try object(members, &budget))
        }
    }

    private static func object(
        _ members: [YAMLMember],
        _ budget: inout Int
    ) throws(StepError) -> [String: Value] {
        var object: [String: Value] = [:]
        var merged: [String: Value] = [:]
        for member in members {
            guard let name = member.name else { throw .wrong("a key must be a single value") }
            if name == "<<", case .scalar(let key) = member.key.content, key.style == .plain {
                merged = try mergeable(member.value, &budget).merging(merged) { new, _ in new }
            } else if object.updateValue(try value(of: member.value, &budget), forKey: name) != nil
            {
                throw .wrong("the key \(name) is there twice")
            }
        }
        return object.merging(merged) { own, _ in own }
    }

    /// What `<<: value` brings in; of several maps the first one counts.
    private static func mergeable(
        _ node: YAMLNode,
        _ budget: inout Int
    ) throws(StepError) -> [String: Value] {
        switch try value(of: node, &budget) {
        case .object(let members): return members
        case .array(let elements):
            var members: [String: Value] = [:]
            for element in elements {
                guard let more = element.objectValue else { throw .wrong("<< wants maps to merge") }
                members.merge(more) { first, _ in first }
            }
            return members
        default: throw .wrong("<< wants a map to merge")
        }
    }

    private static func value(of scalar: YAMLScalar, _ tag: String?) throws(StepError) -> Value {
        let kind = tag.flatMap { tag in
            tag.hasPrefix(corePrefix) ? String(tag.dropFirst(corePrefix.count)) : nil
        }
        switch kind {
        case "str", "binary", "timestamp": return .string(scalar.text)
        case "null": return .null
        case "bool", "int", "float":
            guard case let value = YAMLPlainText.value(scalar.text), value.stringValue == nil else {
                throw .wrong("\(scalar.text.debugDescription) is not what its tag says")
            }
            return value
        case .some: return .string(scalar.text)
        case nil:
            // A tag of somebody's own says nothing about numbers.
            let isPlain = scalar.style == .plain && tag == nil
            return isPlain ? YAMLPlainText.value(scalar.text) : .string(scalar.text)
        }
    }

    private static let corePrefix = "tag:yaml.org,2002:"
}

/// What a text without quotes is taken for.
enum YAMLPlainText {
    /// A number, a boolean or null where it looks like one; else the text.
    ///
    /// As Kargo's reader has it, but for digits behind a leading zero and for dates, which are
    /// text: a commit id can look like the one, and nothing here calculates with the other.
    static func value(_ text: String) -> Value {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        guard let first = text.utf8.first, "+-.0123456789".utf8.contains(first) else {
            return .string(text)
        }
        let isNegative = first == UInt8(ascii: "-")
        var digits = text.replacing("_", with: "")
        if isNegative || first == UInt8(ascii: "+") { digits.removeFirst() }
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) {
            guard let size = Int64((isNegative ? "-" : "") + digits.dropFirst(2), radix: radix)
            else { return .string(text) }
            return .int(size)
        }
        return decimal(digits, isNegative: isNegative) ?? .string(text)
    }

    private static func decimal(_ digits: String, isNegative: Bool) -> Value? {
        let isLeadingZero =
            digits.count > 1 && digits.hasPrefix("0") && !digits.hasPrefix("0.")
            && !digits.hasPrefix("0e") && !digits.hasPrefix("0E")
        guard !isLeadingZero, digits.utf8.contains(where: { (0x30...0x39).contains($0) }),
            digits.utf8.allSatisfy({ "0123456789.eE+-".utf8.contains($0) })
        else { return nil }
        // YAML allows `.5`, `5.` and `5.e3`, JSON does not.
        var text = digits.hasPrefix(".") ? "0" + digits : digits
        if text.hasSuffix(".") { text += "0" }
        text = text.replacing(".e", with: ".0e").replacing(".E", with: ".0E")
        return try? Value(json: (isNegative ? "-" : "") + text)
    }
}
