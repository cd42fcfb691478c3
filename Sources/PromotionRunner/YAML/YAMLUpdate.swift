package import Expressions

/// Replaces scalars in the text of a YAML document, and nothing else of it.
///
/// Layout, comments and quotes stay as they are. Values are found by the parser, so a text that
/// only looks like a key is left alone.
package struct YAMLUpdate: Sendable {
    let changes: [Change]

    /// One scalar and its new value.
    package struct Change: Sendable {
        let key: YAMLKey
        let value: Value

        /// The scalar at `key`, such as `image.tag` or `hosts.0.name`, becomes `value`.
        package init(key: String, value: Value) throws(StepError) {
            self.key = try YAMLKey(key)
            self.value = value
        }
    }

    /// These changes, made together.
    package init(_ changes: [Change]) { self.changes = changes }

    /// `bytes` with every change made, or an error and nothing changed.
    ///
    /// Throws where the text is not YAML, a key is missing, or what is there is no scalar. The
    /// text ends with a line break afterwards.
    package func applied(to bytes: [UInt8]) throws(StepError) -> [UInt8] {
        let document = try YAMLDocument(bytes)
        var replacements: [(span: Range<Int>, text: String)] = []
        for change in changes {
            let replacement = try replacement(for: change, in: document)
            // The last change of a key counts, as if they were made one after the other.
            replacements.removeAll { $0.span == replacement.span }
            replacements.append(replacement)
        }
        var result: [UInt8] = []
        var position = 0
        for replacement in replacements.sorted(by: { $0.span.lowerBound < $1.span.lowerBound }) {
            result += bytes[position..<replacement.span.lowerBound]
            result += replacement.text.utf8
            position = replacement.span.upperBound
        }
        result += bytes[position...]
        if result.last != UInt8(ascii: "\n") { result.append(UInt8(ascii: "\n")) }
        return result
    }

    private func replacement(
        for change: Change,
        in document: YAMLDocument
    ) throws(StepError) -> (span: Range<Int>, text: String) {
        let (node, scalar) = try document.scalar(at: change.key)
        let text = YAMLScalarText.text(
            of: change.value,
            keepsQuotes: scalar.quote,
            inFlow: node.isInFlow
        )
        guard node.span.isEmpty else { return (node.span, text) }
        guard let previous = document.bytes[..<node.span.lowerBound].last,
            previous == UInt8(ascii: ":") || previous == UInt8(ascii: "-")
        else { throw .wrong("\(change.key.source) has no value yet, and no place for one") }
        return (node.span, " " + text)
    }
}

extension YAMLDocument {
    /// The scalar at `key`, which can be replaced: no alias on the way, no anchor and no tag.
    func scalar(at key: YAMLKey) throws(StepError) -> (node: YAMLNode, scalar: YAMLScalar) {
        let node = try node(at: key.parts, of: key.source, followsAliases: false)
        guard case .scalar(let scalar) = node.content else {
            throw .wrong(
                "\(key.source) is no scalar but \(node.kindName); only scalars can be replaced"
            )
        }
        guard !node.isDecorated else {
            throw .wrong("\(key.source) has an anchor or a tag, which would be lost")
        }
        return (node, scalar)
    }
}
