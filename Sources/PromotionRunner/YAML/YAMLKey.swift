/// A path to a value in a YAML document: `image.tag`, `hosts.0.name`, `annotations.a\.b`.
///
/// Dots separate; `\.` and `\:` stand for themselves; a colon that begins a part says that a
/// number is a key rather than an index (`ports.:8080`). `[2]` is an older spelling of `2`.
struct YAMLKey: Sendable, Hashable {
    struct Part: Sendable, Hashable {
        let name: String
        /// Written with a colon: never an index.
        let isName: Bool

        /// The element that is meant in a list; nil if none can be.
        var index: Int? {
            guard !isName else { return nil }
            let isBracketed = name.hasPrefix("[") && name.hasSuffix("]") && name.count > 2
            let digits = isBracketed ? name.dropFirst().dropLast() : name[...]
            guard digits.allSatisfy({ ("0"..."9").contains($0) }) else { return nil }
            return Int(digits)
        }
    }

    /// As it was written.
    let source: String
    let parts: [Part]

    init(_ source: String) throws(StepError) {
        self.source = source
        var parts: [Part] = []
        var name = ""
        var isName = false
        var isEscaped = false
        func end() throws(StepError) {
            guard !name.isEmpty else {
                throw .wrong("key \"\(source)\" has an empty part; write \\. for a dot in a name")
            }
            parts.append(Part(name: name, isName: isName))
            name = ""
            isName = false
        }
        for character in source {
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
            } else if character == ":" && name.isEmpty && !isName {
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
