import Wire

/// The name of a token, which is the name of the actor where it is used: at most 63 bytes.
package struct TokenName: Identifier {
    package let rawValue: String
    package init?(rawValue: String) {
        guard NameRule.isName(rawValue, byteCountMax: 63) else { return nil }
        self.rawValue = rawValue
    }
    package init(unchecked: String) { rawValue = unchecked }

    /// The name under which the server's own token is recorded, which no other can have.
    package static let `operator` = TokenName(unchecked: "operator")
}

/// Somebody who can have roles: `token/<name>`, `user/<name>` or `group/<name>`.
///
/// Users and groups are those of an identity provider, under the names that it says.
package struct Principal: Identifier {
    package let rawValue: String

    /// What kind of somebody it is.
    package enum Kind: String, CaseIterable, Sendable {
        case token, user, group
    }

    package init?(rawValue: String) {
        let parts = rawValue.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])) else { return nil }
        let name = String(parts[1])
        switch kind {
        case .token: guard TokenName(rawValue: name) != nil else { return nil }
        case .user, .group: guard Self.isForeignName(name) else { return nil }
        }
        self.rawValue = rawValue
    }

    package init(unchecked: String) { rawValue = unchecked }

    private init(_ kind: Kind, _ name: String) { rawValue = "\(kind.rawValue)/\(name)" }

    /// Whoever has a token.
    package static func token(_ name: TokenName) -> Principal { .init(.token, name.rawValue) }

    /// Somebody of the identity provider; nil if the name cannot be kept.
    package static func user(_ name: String) -> Principal? { .init(rawValue: "user/\(name)") }

    /// A group of the identity provider; nil if the name cannot be kept.
    package static func group(_ name: String) -> Principal? { .init(rawValue: "group/\(name)") }

    /// As what events are about it.
    package var subject: Subject { Subject(unchecked: rawValue) }

    /// Names of others may have any form, but fit into a key and into a line.
    private static func isForeignName(_ name: String) -> Bool {
        (1...200).contains(name.utf8.count)
            && !name.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
