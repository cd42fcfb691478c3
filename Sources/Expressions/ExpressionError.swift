/// Why an expression does not parse or has no value, with the place where it shows.
package struct ExpressionError: Error, Hashable, Sendable {
    /// What is wrong, without the place.
    package let message: String
    /// The whole expression; nil until the place is known.
    package private(set) var source: String?
    /// Where in `source`, in bytes from 0.
    package private(set) var offset: Int?

    /// An error whose place whoever evaluates the expression adds: what functions throw.
    package init(_ message: String) {
        self.message = message
    }

    /// An error at a byte of an expression.
    package init(_ message: String, in source: String, at offset: Int) {
        self.message = message
        self.source = source
        self.offset = min(max(offset, 0), source.utf8.count)
    }

    /// This error, at a place if it has none yet.
    package func placed(in source: String, at offset: Int) -> ExpressionError {
        self.source == nil ? ExpressionError(message, in: source, at: offset) : self
    }
}

extension ExpressionError: CustomStringConvertible {
    /// The message and, below it, the line of the expression with a caret under the place.
    package var description: String {
        guard let excerpt else { return message }
        return "\(message)\n    \(excerpt.line)\n    \(excerpt.caret)"
    }

    /// The line around the place, and a line with a caret under it.
    ///
    /// A long line is cut to the neighbourhood of the place.
    package var excerpt: (line: String, caret: String)? {
        guard let source, let offset else { return nil }
        let bytes = Array(source.utf8)
        let start = bytes[..<offset].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let end = bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        var before = String(decoding: bytes[start..<offset], as: UTF8.self)
        var after = String(decoding: bytes[offset..<end], as: UTF8.self)
        if before.count > 50 { before = "..." + before.suffix(47) }
        if after.count > 40 { after = after.prefix(37) + "..." }
        let line = (before + after).map { $0 == "\t" ? " " : $0 }
        return (String(line), String(repeating: " ", count: before.count) + "^")
    }
}

/// Bounds on what an expression may be and may cost.
package enum ExpressionLimits {
    /// Bytes of one expression or template.
    package static let sourceBytesMax = 65_536
    /// Levels of a syntax tree; evaluation recurses as deep.
    package static let depthMax = 100
    /// Levels of a JSON or configuration tree.
    package static let valueDepthMax = 100
    /// Nodes visited and elements touched in one evaluation: well under a second.
    package static let stepsMax = 1_000_000
    /// Bytes of text and arrays made in one evaluation.
    package static let bytesMax = 16 * 1_024 * 1_024
}
