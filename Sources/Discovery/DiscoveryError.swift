import Git

/// Why a look at a repository found nothing that could be said.
package enum DiscoveryError: Error, Hashable {
    /// git could not read it.
    case unreachable(repoURL: String, reason: String)
    /// git did not end in time.
    case tookTooLong(repoURL: String, reason: String)
    case noBranch(repoURL: String, branch: String)
    case noDefaultBranch(repoURL: String)
    case tooManyTags(repoURL: String, countMax: Int)
    /// What the subscription says does not choose.
    case selection(repoURL: String, SelectionError)
    case refusedURL(repoURL: String, why: String)
    case refusedBranch(repoURL: String, branch: String)
    /// What is kept beside the ledger about how to enter it cannot be used.
    case credentials(repoURL: String, why: String)
    case unsupported(repoURL: String, what: String)
    /// No tag, branch or commit is meant by `version`; perhaps `similar` was.
    case noVersion(repoURL: String, version: String, similar: String?)
    case ambiguousVersion(repoURL: String, version: String, count: Int)

    /// Whether looking again later cannot help: the configuration must change.
    package var isTerminal: Bool {
        switch self {
        case .unreachable, .tookTooLong, .noBranch, .noDefaultBranch, .noVersion,
            .ambiguousVersion, .credentials:
            false
        case .tooManyTags, .selection, .refusedURL, .refusedBranch, .unsupported: true
        }
    }
}

extension DiscoveryError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreachable(let url, let reason), .tookTooLong(let url, let reason):
            "\(Self.shown(url)) cannot be read: \(reason)"
        case .noBranch(let url, let branch):
            "\(Self.shown(url)) has no branch \(branch); push it, or name another in the warehouse"
        case .noDefaultBranch(let url):
            "\(Self.shown(url)) has no default branch with commits; push to it, or name a branch "
                + "in the warehouse"
        case .tooManyTags(let url, let countMax):
            "\(Self.shown(url)) has more than \(countMax) tags to look at; narrow them by "
                + "allowTagsRegexes in the warehouse"
        case .selection(let url, let error):
            "\(Self.shown(url)) is not looked at: \(Self.shown(error.description)); mend the "
                + "subscription in the warehouse"
        case .refusedURL(let url, let why):
            "\(Self.shown(url)) is not looked at: \(why)"
        case .refusedBranch(let url, let branch):
            "\(Self.shown(url)) is not looked at: \(Self.shown(branch)) is no name for a branch"
        case .credentials(let url, let why):
            "\(Self.shown(url)) is not looked at: \(Self.shown(why))"
        case .unsupported(let url, let what):
            "\(Self.shown(url)) is not looked at: \(what)"
        case .noVersion(let url, let version, let similar):
            "\(Self.shown(url)) has no tag, branch or commit \(Self.shown(version))"
                + (similar.map { "; did you mean \(Self.shown($0))?" } ?? "; push it first")
        case .ambiguousVersion(let url, let version, let count):
            "\(Self.shown(version)) begins the ids of \(count) commits of \(Self.shown(url)); "
                + "write more digits"
        }
    }

    /// Text of a manifest for a sentence: no credentials, no control characters, not endless.
    private static func shown(_ text: String) -> String {
        GitError.presentable(text.isEmpty ? "the repository without a URL" : text)
    }
}
