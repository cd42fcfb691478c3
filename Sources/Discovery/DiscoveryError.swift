import Git

/// Why a look at a repository found nothing that could be said.
package enum DiscoveryError: Error, Hashable {
    /// git could not read it.
    case unreachable(repoURL: String, reason: String)
    case noBranch(repoURL: String, branch: String)
    case noDefaultBranch(repoURL: String)
    case refusedURL(repoURL: String, why: String)
    case refusedBranch(repoURL: String, branch: String)
    case unsupported(repoURL: String, what: String)

    /// Whether looking again later cannot help: the configuration must change.
    package var isTerminal: Bool {
        switch self {
        case .unreachable, .noBranch, .noDefaultBranch: false
        case .refusedURL, .refusedBranch, .unsupported: true
        }
    }
}

extension DiscoveryError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreachable(let url, let reason):
            "\(Self.shown(url)) cannot be read: \(reason)"
        case .noBranch(let url, let branch):
            "\(Self.shown(url)) has no branch \(branch); push it, or name another in the warehouse"
        case .noDefaultBranch(let url):
            "\(Self.shown(url)) has no default branch with commits; push to it, or name a branch "
                + "in the warehouse"
        case .refusedURL(let url, let why):
            "\(Self.shown(url)) is not looked at: \(why)"
        case .refusedBranch(let url, let branch):
            "\(Self.shown(url)) is not looked at: \(Self.shown(branch)) is no name for a branch"
        case .unsupported(let url, let what):
            "\(Self.shown(url)) is not looked at: \(what)"
        }
    }

    /// Text of a manifest for a sentence: no credentials, no control characters, not endless.
    private static func shown(_ text: String) -> String {
        GitError.presentable(text.isEmpty ? "the repository without a URL" : text)
    }
}
