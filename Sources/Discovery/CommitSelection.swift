import EventLog
import Expressions
import Matching
package import PromotionModel

/// What a git subscription chooses, ready to be asked: its patterns and expressions are compiled.
///
/// Kargo's rules. By name: `ignoreTagsRegexes`, `allowTagsRegexes`, and for `SemVer` a version in
/// the range. By `expressionFilter`. In the order of the strategy. By the paths that a commit
/// changes against its first parent. At most `discoveryLimit`.
package struct CommitSelection: Sendable {
    package let strategy: CommitSelectionStrategy
    private let branch: String?
    private let tags: TagFilter
    private let range: VersionRange?
    private let isStrict: Bool
    private var expression: Expression?
    let paths: PathFilter
    /// The most that is chosen; 0 for all.
    package private(set) var limit: Int
    private(set) var sinceMs: Int64?

    /// Compiles what `subscription` says.
    package init(_ subscription: GitSubscription) throws(SelectionError) {
        strategy = subscription.strategy
        branch = subscription.branch
        isStrict = subscription.strictSemvers
        limit = Int(clamping: max(0, subscription.discoveryLimit))
        sinceMs = subscription.sinceMs
        do {
            tags = try TagFilter(
                allowing: subscription.allowTagsRegexes,
                ignoring: subscription.ignoreTagsRegexes
            )
            range = try subscription.semverConstraint.map { (text) throws(MatchingError) in
                try VersionRange(text)
            }
            paths = try PathFilter(
                including: subscription.includePaths,
                excluding: subscription.excludePaths
            )
        } catch {
            throw .pattern(error)
        }
        let text = subscription.expressionFilter ?? ""
        do {
            expression =
                text.allSatisfy(\.isWhitespace) ? nil : try Expression(parsing: text)
        } catch {
            throw .expression(error)
        }
    }

    /// Whether every commit of a branch is chosen, until there are enough.
    var takesEveryCommit: Bool { !hasExpression && !looksAtPaths }

    var hasExpression: Bool { expression != nil }
    var looksAtPaths: Bool { !paths.isEmpty }

    /// The same, choosing by changed paths alone.
    var byPathsAlone: CommitSelection {
        var selection = self
        selection.expression = nil
        selection.sinceMs = nil
        return selection
    }

    /// All commits of a branch.
    static let everything: CommitSelection = {
        guard var selection = try? CommitSelection(GitSubscription()) else {
            preconditionFailure("a subscription that says nothing has nothing to compile")
        }
        selection.limit = 0
        return selection
    }()

    // MARK: - One commit or tag

    /// Whether the tag `name` is looked at.
    package func admits(tag name: String) throws(SelectionError) -> Bool {
        do {
            guard try tags.matches(name) else { return false }
        } catch {
            throw .pattern(error)
        }
        guard strategy == .semVer else { return true }
        guard let version = version(of: name) else { return false }
        return range?.contains(version) ?? true
    }

    private func version(of name: String) -> SemanticVersion? {
        isStrict ? SemanticVersion(strict: name) : SemanticVersion(lenient: name)
    }

    /// Whether the expression holds of a commit; without an expression, true.
    package func admits(_ commit: CommitDetails) throws(SelectionError) -> Bool {
        guard let expression else { return true }
        let variables: [String: Value] = [
            "id": .string(commit.id), "commitDate": .string(commit.committed.wholeSeconds.text),
            "author": .string(commit.author), "committer": .string(commit.committer),
            "subject": .string(commit.subject),
        ]
        return try holds(expression, variables, about: "commit \(commit.id.prefix(12))")
    }

    /// Whether the expression holds of a tag; without an expression, true.
    package func admits(_ tag: TagDetails) throws(SelectionError) -> Bool {
        guard let expression else { return true }
        let variables: [String: Value] = [
            "tag": .string(tag.name), "id": .string(tag.commit.id),
            "creatorDate": .string(tag.created.wholeSeconds.text),
            "author": .string(tag.commit.author), "committer": .string(tag.commit.committer),
            "subject": .string(tag.commit.subject), "tagger": .string(tag.tagger),
            "annotation": .string(tag.annotation),
        ]
        let name = ShortText.presentable(tag.name, countMax: 80)
        return try holds(expression, variables, about: "tag \(name)")
    }

    private func holds(
        _ expression: Expression,
        _ variables: [String: Value],
        about: String
    ) throws(SelectionError) -> Bool {
        do {
            return try expression.holds(in: Variables(variables))
        } catch {
            throw .undecided(about: about, error)
        }
    }

    // MARK: - Tags

    /// The tags that are looked at and of which the expression holds, in the strategy's order.
    ///
    /// For `NewestTag` that is the order in which they come.
    package func chosen(of candidates: [TagDetails]) throws(SelectionError) -> [TagDetails] {
        var chosen: [TagDetails] = []
        for tag in candidates where try admits(tag: tag.name) {
            if try admits(tag) { chosen.append(tag) }
        }
        return ordered(chosen)
    }

    private func ordered(_ tags: [TagDetails]) -> [TagDetails] {
        switch strategy {
        case .newestFromBranch, .newestTag: return tags
        case .lexical:
            return tags.sorted { $1.name.utf8.lexicographicallyPrecedes($0.name.utf8) }
        case .semVer:
            let versions = tags.indices.compactMap { index in
                version(of: tags[index].name).map { (version: $0, index: index) }
            }
            return versions.sorted { SemanticVersion.isNewer($0.version, $1.version) }
                .map { tags[$0.index] }
        }
    }

    /// As many as the limit lets through.
    package func limited<Element>(_ elements: [Element]) -> [Element] {
        limit == 0 ? elements : Array(elements.prefix(limit))
    }

    // MARK: - References

    /// Whether a change of the full reference `name` can change what is chosen.
    ///
    /// For a subscription without a branch the names `main` and `master` are taken for the default
    /// branch, as in Kargo: whoever tells of the change does not tell that.
    package func isConcerned(byReference name: String) throws(SelectionError) -> Bool {
        switch strategy {
        case .newestFromBranch:
            guard name.hasPrefix("refs/heads/") else { return false }
            let changed = name.dropFirst("refs/heads/".count)
            return branch.map { $0 == changed } ?? (changed == "main" || changed == "master")
        case .semVer, .lexical, .newestTag:
            guard name.hasPrefix("refs/tags/") else { return false }
            return try admits(tag: String(name.dropFirst("refs/tags/".count)))
        }
    }
}

extension Timestamp {
    /// The second in which it lies: git knows no smaller parts.
    fileprivate var wholeSeconds: Timestamp {
        let rest = rawValue % 1_000
        return Timestamp(rawValue: rawValue - (rest < 0 ? rest + 1_000 : rest))
    }
}
