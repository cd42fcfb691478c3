package import Expressions

/// Replaces single values in the text of a TOML document, and touches nothing else of it.
///
/// Unlike the updates of YAML and JSON it makes no keys: what is missing is an error, as it is
/// with Kargo's `toml-update`.
package struct TOMLUpdate: Sendable {
    private let changes: [Change]

    /// One value and where it goes.
    package struct Change: Sendable {
        fileprivate let key: YAMLKey
        fileprivate let text: String

        /// What is at `key`, such as `package.version` or `hosts.0.name`, becomes `value`: text, a
        /// number or a boolean.
        package init(key: String, value: Value) throws(StepError) {
            self.key = try YAMLKey(key)
            guard let text = TOMLUpdate.text(of: value) else {
                throw .wrong("the value of \(key) must be text, a number or a boolean")
            }
            self.text = text
        }
    }

    /// These changes; of two to the same key the last one holds.
    package init(_ changes: [Change]) { self.changes = changes }

    /// `bytes` with every change made, or an error and nothing changed.
    package func applied(to bytes: [UInt8]) throws(StepError) -> [UInt8] {
        let root = try TOMLScanner.document(bytes)
        var edits: [Int: (range: Range<Int>, text: String)] = [:]
        for change in changes {
            let range = try Self.place(of: change.key, in: root)
            edits[range.lowerBound] = (range, change.text)
        }
        var bytes = bytes
        for edit in edits.values.sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) {
            bytes.replaceSubrange(edit.range, with: Array(edit.text.utf8))
        }
        return bytes
    }

    /// A value as TOML writes it, text in apostrophes where that can be; nil if it is no single
    /// value.
    package static func text(of value: Value) -> String? {
        switch value {
        case .null, .array, .object: return nil
        case .bool(let isTrue): return isTrue ? "true" : "false"
        case .int(let number): return "\(number)"
        case .double(let number): return "\(number)"
        case .string(let text):
            let isLiteral = text.unicodeScalars.allSatisfy { scalar in
                scalar != "'" && (scalar.value >= 0x20 && scalar.value != 0x7F || scalar == "\t")
            }
            return isLiteral ? "'\(text)'" : quoted(text)
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    private static func place(
        of key: YAMLKey,
        in root: TOMLTable
    ) throws(StepError) -> Range<Int> {
        var node = TOMLTable.Node.table(root)
        for part in key.parts {
            switch node {
            case .table(let table):
                guard let member = table.members[part.name] else {
                    throw .wrong("\(key.source) is not there: there is no \(part.name)")
                }
                node = member
            case .array(let elements):
                guard let index = part.index, index < elements.count else {
                    throw missing(part, key, elements.count)
                }
                node = elements[index]
            case .tables(let tables):
                guard let index = part.index, index < tables.count else {
                    throw missing(part, key, tables.count)
                }
                node = .table(tables[index])
            case .scalar:
                throw .wrong("\(key.source) leads into a value, before \(part.name)")
            }
        }
        guard case .scalar(_, let range) = node else {
            throw .wrong("\(key.source) is a list or a table; only single values can be replaced")
        }
        return range
    }

    private static func missing(_ part: YAMLKey.Part, _ key: YAMLKey, _ count: Int) -> StepError {
        .wrong("\(part.name) on the way to \(key.source) is no index into a list of \(count)")
    }
}
