/// A glob in doublestar's syntax, matched against a whole text.
///
/// `*` and `?` stay inside one path element; `**` as a whole element spans any number of them;
/// `[a-z]`, `[!a-z]` and `{one,other}` work; a backslash takes a character's meaning away.
package struct Glob: Hashable, Sendable {
    /// As it was written, without a prefix.
    package let pattern: String
    private let expression: RegularExpression

    /// Compiles `pattern`.
    package init(_ pattern: String) throws(MatchingError) {
        guard pattern.utf8.count <= MatchingLimits.patternBytesMax else {
            throw .glob(
                pattern: pattern,
                reason: "it is longer than \(MatchingLimits.patternBytesMax) bytes"
            )
        }
        self.pattern = pattern
        var translation = GlobTranslation(pattern)
        let text = try translation.translated()
        do {
            expression = try RegularExpression(text)
        } catch {
            guard case .regularExpression(_, _, let reason) = error else { throw error }
            throw .glob(pattern: pattern, reason: reason)
        }
    }

    /// Whether all of `text` matches.
    ///
    /// - Throws: `.tooExpensive` when a limit is reached.
    package func matches(_ text: String) throws(MatchingError) -> Bool {
        do {
            return try expression.matches(text)
        } catch {
            throw .tooExpensive(pattern: pattern)
        }
    }

    package static func == (left: Glob, right: Glob) -> Bool { left.pattern == right.pattern }
    package func hash(into hasher: inout Hasher) { hasher.combine(pattern) }
}

/// Spells a glob as a regular expression.
private struct GlobTranslation {
    let pattern: String
    let characters: [Character]
    var index = 0
    var output = "\\A"

    init(_ pattern: String) {
        self.pattern = pattern
        characters = Array(pattern)
    }

    mutating func translated() throws(MatchingError) -> String {
        var braces = 0
        while index < characters.count {
            let character = characters[index]
            switch character {
            case "*":
                star()
                continue
            case "?": output += "[^/]"
            case "[":
                try characterClass()
                continue
            case "{":
                braces += 1
                output += "(?:"
            case "}" where braces > 0:
                braces -= 1
                output += ")"
            case "," where braces > 0: output += "|"
            case "\\":
                index += 1
                guard index < characters.count else {
                    throw refusal("nothing follows the backslash")
                }
                output += quoted(characters[index])
            default: output += quoted(character)
            }
            index += 1
        }
        guard braces == 0 else { throw refusal("a brace is not closed") }
        return output + "\\z"
    }

    /// `*`, or `**` where it stands alone between slashes.
    private mutating func star() {
        var end = index
        while end < characters.count, characters[end] == "*" { end += 1 }
        let startsElement = index == 0 || "/{,".contains(characters[index - 1])
        let endsElement = end == characters.count || "/},".contains(characters[end])
        let isElement = end - index == 2 && startsElement && endsElement
        index = end
        guard isElement else {
            output += "[^/]*"
            return
        }
        if index < characters.count, characters[index] == "/" {
            output += "(?:[^/]*/)*"
            index += 1
        } else if output.hasSuffix("/") {
            // `a/**` is `a` and everything below.
            output.removeLast()
            output += "(?:/.*)?"
        } else {
            output += ".*"
        }
    }

    private mutating func characterClass() throws(MatchingError) {
        var end = index + 1
        var body = ""
        var isNegated = false
        if end < characters.count, characters[end] == "!" || characters[end] == "^" {
            isNegated = true
            end += 1
        }
        while end < characters.count, characters[end] != "]" || body.isEmpty {
            if characters[end] == "\\" { end += 1 }
            guard end < characters.count else { break }
            body += characters[end] == "-" ? "-" : quoted(characters[end])
            end += 1
        }
        guard end < characters.count else { throw refusal("a bracket is not closed") }
        output += isNegated ? "[^/\(body)]" : "[\(body)]"
        index = end + 1
    }

    private func quoted(_ character: Character) -> String {
        let isPlain =
            character == "/" || character.isLetter || character.isNumber || !character.isASCII
        return isPlain ? String(character) : "\\\(character)"
    }

    private func refusal(_ reason: String) -> MatchingError {
        .glob(pattern: pattern, reason: reason)
    }
}
