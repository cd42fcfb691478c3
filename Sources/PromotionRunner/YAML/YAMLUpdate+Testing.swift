package import Expressions

/// Parts of editing, as the conformance suites ask for them; not meant for anything else.
extension YAMLUpdate {
    /// Where the scalar at `key` begins, line and column from 0.
    package static func place(
        of key: YAMLKey,
        in bytes: [UInt8]
    ) throws(StepError) -> (line: Int, column: Int) {
        let document = try YAMLDocument(bytes)
        let start = try document.scalar(at: key).node.span.lowerBound
        let line = bytes[..<start].count { $0 == UInt8(ascii: "\n") }
        return (line, document.column(start))
    }

    /// The value at `parts`; of the whole document for none.
    package static func value(
        at parts: [YAMLKey.Part],
        in bytes: [UInt8]
    ) throws(StepError) -> Value {
        let document = try YAMLDocument(bytes)
        let key = parts.map(\.name).joined(separator: ".")
        return try YAMLDocument.value(of: try document.node(at: parts, of: key))
    }

    /// A value as it is written where nothing was written before.
    package static func written(_ value: Value) -> String {
        YAMLScalarText.text(of: value, keepsQuotes: nil, inFlow: false)
    }
}
