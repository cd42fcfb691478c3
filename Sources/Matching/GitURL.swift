/// The canonical form of a git repository's URL, by which two spellings are one repository.
package enum GitURL {
    /// `url` in its canonical form.
    ///
    /// Lower case, without what cannot be seen; http(s) without the user, ssh with it; without
    /// one trailing slash and then one `.git`; `user@host:path` as `ssh://user@host/path`. What
    /// is no such URL, or carries a query, is given back as it is.
    package static func normalized(_ url: String) -> String {
        let text = RepositoryURL.sanitized(url).lowercased()
        for scheme in ["http://", "https://", "ssh://"] where text.hasPrefix(scheme) {
            guard let parts = URLParts(text.dropFirst(scheme.count)) else { return url }
            let user = scheme == "ssh://" ? parts.user.map { "\($0)@" } ?? "" : ""
            return scheme + user + parts.host + trimmed(parts.path) + parts.fragment
        }
        return secureCopyForm(text) ?? url
    }

    private static func trimmed(_ path: Substring) -> Substring {
        var path = path
        if path.hasSuffix("/") { path = path.dropLast() }
        if path.hasSuffix(".git") { path = path.dropLast(4) }
        return path
    }

    /// `[user@]host[:path]` as an ssh URL.
    private static func secureCopyForm(_ text: String) -> String? {
        var rest = text[...]
        var user = ""
        if let at = rest.firstIndex(of: "@") {
            guard !rest[..<at].isEmpty, rest[..<at].allSatisfy(isWord) else { return nil }
            user = String(rest[...at])
            rest = rest[rest.index(after: at)...]
        }
        let host = rest.prefix { isWord($0) || $0 == "." }
        let isHost =
            !host.isEmpty
            && host.split(separator: ".", omittingEmptySubsequences: false)
                .allSatisfy { !$0.isEmpty }
        guard isHost else { return nil }
        rest = rest.dropFirst(host.count)
        guard !rest.isEmpty else { return "ssh://\(user)\(host)" }
        guard rest.first == ":", !rest.contains(" "), !rest.hasPrefix("://") else { return nil }
        let path = trimmed(rest.dropFirst().drop { $0 == "/" })
        return path.isEmpty ? "ssh://\(user)\(host)" : "ssh://\(user)\(host)/\(path)"
    }

    private static func isWord(_ character: Character) -> Bool {
        character.isASCII
            && (character.isLetter || character.isNumber || character == "_" || character == "-")
    }
}

/// What stands behind the scheme of a URL without a query.
private struct URLParts {
    var user: Substring?
    var host: Substring
    var path: Substring
    var fragment: Substring

    /// nil for what cannot be taken apart, or has a query.
    init?(_ text: Substring) {
        guard !text.contains("?") else { return nil }
        let authority = text.prefix { $0 != "/" && $0 != "#" }
        let rest = text.dropFirst(authority.count)
        if let at = authority.lastIndex(of: "@") {
            user = authority[..<at]
            host = authority[authority.index(after: at)...]
        } else {
            host = authority
        }
        guard !host.isEmpty, !host.contains(" "), user?.contains(" ") != true else { return nil }
        if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") {
            guard host[host.index(after: colon)...].allSatisfy(\.isNumber) else { return nil }
        }
        path = rest.prefix { $0 != "#" }
        fragment = rest.dropFirst(path.count)
    }
}
