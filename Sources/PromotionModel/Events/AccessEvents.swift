package import EventLog
package import Wire

/// Somebody was given a token; the ledger keeps its SHA-256 only.
package struct TokenIssued: Message, Hashable {
    package var token = TokenName(unchecked: "")
    /// SHA-256 over the token's 64 digits, as 64 digits.
    package var digest = ""
    /// From when on it opens nothing; nil if it never ends by itself.
    package var expires: Timestamp?
    /// Why, in the words of who asked.
    package var reason: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "token", &token)
        try visitor.field(2, "digest", &digest)
        try visitor.field(3, "expiresMs", &expires)
        try visitor.field(4, "reason", &reason)
    }
}

/// A token was taken back: it opens nothing any more.
package struct TokenRevoked: Message, Hashable {
    package var token = TokenName(unchecked: "")
    /// Why, in the words of who asked.
    package var reason: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "token", &token)
        try visitor.field(2, "reason", &reason)
    }
}

/// Somebody has a role from now on, in the event's project, or, of no project, in all of them.
package struct RoleGranted: Message, Hashable {
    package var principal = Principal(unchecked: "")
    package var role = Role.viewer
    /// Globs over the names of the stages and junctions that a promoter moves freight to; none
    /// for all of them.
    package var stages: [String] = []
    /// Why, in the words of who asked.
    package var reason: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "principal", &principal)
        try visitor.field(2, "role", &role)
        try visitor.field(3, "stages", &stages)
        try visitor.field(4, "reason", &reason)
    }
}

/// Somebody no longer has a role in the event's project, or, of no project, in all of them.
package struct RoleRevoked: Message, Hashable {
    package var principal = Principal(unchecked: "")
    package var role = Role.viewer
    /// Why, in the words of who asked.
    package var reason: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "principal", &principal)
        try visitor.field(2, "role", &role)
        try visitor.field(3, "reason", &reason)
    }
}
