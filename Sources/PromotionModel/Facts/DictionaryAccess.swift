/// Tokens and roles in dictionaries.
struct DictionaryAccess: Sendable {
    fileprivate var tokens: [TokenName: TokenState] = [:]
    fileprivate var names: [String: TokenName] = [:]
    fileprivate var roles: [Principal: RoleList] = [:]

    /// Takes in a change of a token or role; others are not about it.
    mutating func apply(_ change: RowChange) {
        if case .token(let name, let state) = change { tokens[name] = state }
        if case .tokenDigest(let digest, let name) = change { names[digest] = name }
        if case .roles(let principal, let list) = change { roles[principal] = list }
    }
}

extension DictionaryFacts {
    package func token(_ name: TokenName) -> TokenState? { access.tokens[name] }

    package func token(withDigest digest: String) -> TokenName? { access.names[digest] }

    package func tokens() -> [TokenName] { access.tokens.keys.sorted() }

    package func roles(of principal: Principal) -> RoleList {
        access.roles[principal] ?? RoleList()
    }

    package func principals() -> [Principal] { access.roles.keys.sorted() }
}
