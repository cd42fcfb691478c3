/// Which changes of a repository count: those that touch an included, not excluded path.
package struct PathFilter: Hashable, Sendable {
    private let included: [PathPattern]
    private let excluded: [PathPattern]
    /// Files and directories of which each is, or holds, paths that are included, and outside of
    /// which none is; nil where these may lie anywhere.
    package let bases: [String]?

    /// Reads written patterns; an empty list of included paths includes all.
    package init(
        including: [String],
        excluding: [String]
    ) throws(MatchingError) {
        var included: [PathPattern] = []
        for text in including { included.append(try PathPattern(parsing: text)) }
        var excluded: [PathPattern] = []
        for text in excluding { excluded.append(try PathPattern(parsing: text)) }
        self.included = included
        self.excluded = excluded
        let bases = including.compactMap(PathPattern.base)
        self.bases = bases.isEmpty || bases.count < including.count ? nil : bases
    }

    /// Whether nothing is filtered out.
    package var isEmpty: Bool { included.isEmpty && excluded.isEmpty }

    /// Whether at least one of the paths is included and not excluded.
    ///
    /// - Throws: `.tooExpensive` when a pattern reaches a limit.
    package func matches(anyOf paths: [String]) throws(MatchingError) -> Bool {
        for path in paths where try matches(path) { return true }
        return false
    }

    /// Whether a path is included and not excluded.
    ///
    /// - Throws: `.tooExpensive` when a pattern reaches a limit.
    package func matches(_ path: String) throws(MatchingError) -> Bool {
        for pattern in excluded where try pattern.matches(path) { return false }
        for pattern in included where try pattern.matches(path) { return true }
        return included.isEmpty
    }
}
