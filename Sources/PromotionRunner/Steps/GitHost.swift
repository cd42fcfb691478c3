/// A kind of service that shows commits on pages of its own.
enum GitHost: String, CaseIterable, Sendable {
    case azure, bitbucket, gitea, github, gitlab

    /// All of them, for sentences.
    static let names = allCases.map(\.rawValue).joined(separator: ", ")

    /// The kind that the name of a repository's host tells; nil if it does not.
    init?(of url: String) {
        guard let (host, _) = Self.parts(of: url) else { return nil }
        let lower = host.lowercased()
        if lower.hasSuffix("dev.azure.com") || lower.hasSuffix("visualstudio.com") {
            self = .azure
        } else if let named = Self.allCases.first(where: { lower.contains($0.rawValue) }) {
            self = named
        } else {
            return nil
        }
    }

    /// The page of a commit; nil where the URL does not have the form of the kind.
    func page(ofCommit id: String, in url: String) -> String? {
        guard let (host, path) = Self.parts(of: url) else { return nil }
        let base = "https://\(host)/\(path)"
        switch self {
        case .github, .gitea: return "\(base)/commit/\(id)"
        case .gitlab: return "\(base)/-/commit/\(id)"
        case .bitbucket: return "\(base)/commits/\(id)"
        case .azure:
            if path.contains("/_git/") { return "\(base)/commit/\(id)" }
            // git@ssh.dev.azure.com:v3/organisation/project/repository
            let parts = path.split(separator: "/")
            guard host == "ssh.dev.azure.com", parts.count == 4 else { return nil }
            return "https://dev.azure.com/\(parts[1])/\(parts[2])/_git/\(parts[3])/commit/\(id)"
        }
    }

    /// Host and path, without user, port of ssh, and `.git`.
    private static func parts(of url: String) -> (host: String, path: String)? {
        var rest = url[...]
        var isSSH = false
        if let scheme = rest.firstRange(of: "://") {
            guard ["https", "ssh"].contains(rest[..<scheme.lowerBound]) else { return nil }
            isSSH = rest.hasPrefix("ssh")
            rest = rest[scheme.upperBound...]
        } else if let colon = rest.firstIndex(of: ":"), !rest[..<colon].contains("/") {
            // user@host:path
            rest = rest[..<colon] + "/" + rest[rest.index(after: colon)...]
        } else {
            return nil
        }
        guard let slash = rest.firstIndex(of: "/") else { return nil }
        var host = rest[..<slash]
        if let at = host.lastIndex(of: "@") { host = host[host.index(after: at)...] }
        if isSSH, let colon = host.firstIndex(of: ":") { host = host[..<colon] }
        var path = rest[slash...].drop { $0 == "/" }
        if path.hasSuffix("/") { path.removeLast() }
        if path.hasSuffix(".git") { path.removeLast(4) }
        guard !host.isEmpty, !path.isEmpty else { return nil }
        return (String(host), String(path))
    }
}
