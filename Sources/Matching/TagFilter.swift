/// Which tags are looked at: those that an allowed expression matches, and no ignored one.
///
/// As in Kargo: an empty list of allowed expressions allows all, an ignored expression wins, and
/// expressions match anywhere in the tag.
package struct TagFilter: Hashable, Sendable {
    private let allowed: [RegularExpression]
    private let ignored: [RegularExpression]

    /// Compiles the expressions.
    package init(allowing: [String], ignoring: [String]) throws(MatchingError) {
        allowed = try Self.compiled(allowing)
        ignored = try Self.compiled(ignoring)
    }

    private static func compiled(_ texts: [String]) throws(MatchingError) -> [RegularExpression] {
        var expressions: [RegularExpression] = []
        for text in texts { expressions.append(try RegularExpression(text)) }
        return expressions
    }

    /// Whether `tag` is looked at.
    ///
    /// - Throws: `.tooExpensive` when an expression reaches a limit.
    package func matches(_ tag: String) throws(MatchingError) -> Bool {
        for expression in ignored where try expression.matches(tag) { return false }
        for expression in allowed where try expression.matches(tag) { return true }
        return allowed.isEmpty
    }
}
