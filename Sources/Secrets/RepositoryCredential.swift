/// How a repository of others is entered.
package struct RepositoryCredential: Sendable, Hashable {
    /// For https: the user and the password or token.
    package var login: Login?
    /// For ssh: the absolute path of a private key that ssh may read.
    package var keyPath: String?
    /// For ssh: the absolute path of a file that lists the keys of hosts; else what this machine
    /// knows of them counts.
    package var knownHostsPath: String?

    /// A user and a password.
    package struct Login: Sendable, Hashable {
        package var user: String
        package var password: String

        package init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }

    package init(login: Login? = nil, keyPath: String? = nil, knownHostsPath: String? = nil) {
        self.login = login
        self.keyPath = keyPath
        self.knownHostsPath = knownHostsPath
    }
}
