import Matching

/// Finds the credentials of a repository among those that are kept beside the ledger.
///
/// The keys are those of Kargo's Secrets for git: `repoURL` (with `repoURLIsRegex` an expression),
/// `username` and `password`, or `sshPrivateKey`; and `knownHosts`.
package struct RepositoryCredentials: Sendable {
    private let store: KeyStore

    package init(_ store: KeyStore) {
        self.store = store
    }

    /// The credentials for a URL in a project; nil where there are none.
    ///
    /// Those of the project come before shared ones, a URL before an expression, and otherwise the
    /// first by name.
    package func credential(
        for url: String,
        in project: String
    ) throws(KeyStoreError) -> RepositoryCredential? {
        for place in [project, nil] {
            var byExpression: RepositoryCredential?
            for name in try store.names(.credentials, in: place) {
                guard let keys = try store.keys(.credentials, name, in: place) else { continue }
                guard let pattern = keys["repoURL"] else {
                    throw KeyStoreError(
                        "credentials \(name) do not say for which repository; write it into the "
                            + "key repoURL"
                    )
                }
                if keys["repoURLIsRegex"].map(Self.isTrue) ?? false {
                    guard byExpression == nil, try Self.matches(url, pattern, name) else {
                        continue
                    }
                    byExpression = try credential(keys, name, in: place)
                } else if GitURL.normalized(pattern) == GitURL.normalized(url) {
                    return try credential(keys, name, in: place)
                }
            }
            if let byExpression { return byExpression }
        }
        return nil
    }

    private func credential(
        _ keys: [String: String],
        _ name: String,
        in project: String?
    ) throws(KeyStoreError) -> RepositoryCredential {
        var credential = RepositoryCredential()
        if let password = keys["password"] {
            let user = keys["username"] ?? "git"
            // git hands both over in lines.
            guard ![user, password].contains(where: { $0.contains(where: \.isNewline) }) else {
                throw KeyStoreError("credentials \(name) have a line break in user or password")
            }
            credential.login = RepositoryCredential.Login(user: user, password: password)
        }
        func path(of key: String) throws(KeyStoreError) -> String? {
            guard keys[key] != nil else { return nil }
            guard let path = store.filePath(of: key, .credentials, name, in: project) else {
                throw KeyStoreError(
                    "\(key) of credentials \(name) must be a file, which ssh reads; write it to "
                        + "credentials/\(project ?? "_shared")/\(name)/\(key)"
                )
            }
            return path
        }
        credential.keyPath = try path(of: "sshPrivateKey")
        credential.knownHostsPath = try path(of: "knownHosts")
        return credential
    }

    private static func isTrue(_ text: String) -> Bool {
        ["true", "1", "t"].contains(text.lowercased())
    }

    private static func matches(
        _ url: String,
        _ pattern: String,
        _ name: String
    ) throws(KeyStoreError) -> Bool {
        do {
            return try RegularExpression(pattern).matches(url)
        } catch {
            throw KeyStoreError("repoURL of credentials \(name) is no expression: \(error)")
        }
    }
}
