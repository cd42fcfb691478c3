package import EventLog
package import Expressions
package import PromotionModel

extension TokenState {
    /// How it stands at a time, in a word.
    package func word(at now: Timestamp) -> String {
        if revokedAt != nil { return "revoked" }
        return isGood(at: now) ? "good" : "expired"
    }
}

extension Shape {
    /// A token, without anything that opens a door.
    package static func token(_ name: TokenName, _ token: TokenState, at now: Timestamp) -> Value {
        object([
            ("kind", "Token"), ("name", .string(name.rawValue)),
            ("position", number(token.issued)), ("at", time(token.issuedAt)),
            ("state", .string(token.word(at: now))), ("issuedBy", .string(token.issuedBy)),
            ("expires", time(token.expires)), ("revokedAt", time(token.revokedAt)),
        ])
    }

    /// A role that somebody has.
    package static func role(_ grant: RoleGrant, of principal: Principal) -> Value {
        object([
            ("kind", "Role"), ("principal", .string(principal.rawValue)),
            ("role", .string(grant.role.name)),
            ("project", grant.project == .cluster ? .null : .string(grant.project.rawValue)),
            ("stages", grant.stages.isEmpty ? .null : names(grant.stages)),
            ("position", number(grant.position)),
        ])
    }
}
