package import EventLog
package import OpenID
package import PromotionModel

/// Who sends a request, and what he may.
package struct Caller: Sendable {
    /// How events name him.
    package let actor: EventActor
    /// How he is known, so that a session can be asked again whether it still holds.
    package let identity: Identity
    /// What he may, at the moment of the request.
    package let powers: Powers

    /// The operator: whoever can read the ledger's directory.
    package static let `operator` = Caller(
        actor: EventActor(name: "operator", assurance: .token),
        identity: .operator,
        powers: .everything
    )
}

/// By what somebody is known.
package enum Identity: Hashable, Sendable {
    /// The token in the ledger's directory, or the link that the server printed.
    case `operator`
    /// A token that the ledger issued, by its digest.
    case token(TokenName, Digest)
    /// What an identity provider has signed.
    case user(ProvenIdentity)
    /// Nobody knows who, where anybody may read.
    case anonymous
}

extension Identity {
    /// How commands that grant roles name him, such as `token/ci`.
    var principal: String {
        switch self {
        case .operator: "operator"
        case .token(let name, _): Principal.token(name).rawValue
        case .user(let proven): "user/\(proven.user)"
        case .anonymous: "anonymous"
        }
    }
}
