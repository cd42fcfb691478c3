/// A path to a value in a YAML document: `image.tag`, `hosts.0.name`, `annotations.a\.b`.
///
/// Dots separate; `\.` and `\:` stand for themselves; a colon that begins a part says that a
/// number is a key rather than an index (`ports.:8080`). `[2]` is an older spelling of `2`, and
/// `-1` is behind the last element.
package struct YAMLKey: Sendable, Hashable {
    /// What stands between two dots.
    package struct Part: Sendable, Hashable {
        /// Without escapes and without the colon.
        package let name: String
        /// Written with a colon: never an index.
        let isName: Bool

        /// A part that is not read from a key.
        package init(_ name: String, isName: Bool = false) {
            self.name = name
            self.isName = isName
        }

        /// The element that is meant in a list; nil if none can be.
        var index: Int? {
            guard let number, number >= 0 else { return nil }
            return number
        }

        /// Whether the place behind the last element is meant.
        var isBehindLast: Bool { number == -1 }

        private var number: Int? {
            guard !isName else { return nil }
            let isBracketed = name.hasPrefix("[") && name.hasSuffix("]") && name.count > 2
            let digits = isBracketed ? name.dropFirst().dropLast() : name[...]
            let size = digits.hasPrefix("-") ? digits.dropFirst() : digits
            guard size.allSatisfy({ ("0"..."9").contains($0) }) else { return nil }
            return Int(digits)
        }
    }

    /// As it was written.
    package let source: String
    package let parts: [Part]

    /// Reads a key.
    package init(_ source: String) throws(StepError) {
        self.source = source
        var parts: [Part] = []
        var name = ""
        var isName = false
        var isEscaped = false
        func end() throws(StepError) {
            guard !name.isEmpty else {
                throw .wrong("key \"\(source)\" has an empty part; write \\. for a dot in a name")
            }
            parts.append(Part(name, isName: isName))
            name = ""
            isName = false
        }
        for character in source.trimmed {
            if isEscaped {
                guard character == "." || character == ":" || character == "\\" else {
                    throw .wrong(
                        "key \"\(source)\" has \\\(character); only \\. \\: \\\\ are known"
                    )
                }
                name.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "." {
                try end()
            } else if character == ":" {
                guard name.isEmpty else {
                    throw .wrong("key \"\(source)\" has a colon within a name; write \\:")
                }
                isName = true
            } else {
                name.append(character)
            }
        }
        guard !isEscaped else { throw .wrong("key \"\(source)\" ends with a backslash") }
        try end()
        self.parts = parts
    }
}

extension String {
    /// Without blanks and line breaks on both sides.
    fileprivate var trimmed: Substring {
        let start = self.drop { $0.isWhitespace }
        let count = start.reversed().prefix { $0.isWhitespace }.count
        return start.dropLast(count)
    }
}
