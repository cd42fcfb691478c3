package import EventLog
package import Wire

/// A token as it stands: who issued it, until when it is good, and whether it was taken back.
package struct TokenState: Message, Hashable {
    /// SHA-256 over the token's 64 digits, as 64 digits: all that is kept of it.
    package var digest = ""
    /// The event that issued it.
    package var issued = Position.origin
    package var issuedAt = Timestamp.epoch
    package var issuedBy = ""
    /// From when on it opens nothing; nil if it never ends by itself.
    package var expires: Timestamp?
    package var revokedAt: Timestamp?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "digest", &digest)
        try visitor.field(2, "issued", &issued)
        try visitor.field(3, "issuedAtMs", &issuedAt)
        try visitor.field(4, "issuedBy", &issuedBy)
        try visitor.field(5, "expiresMs", &expires)
        try visitor.field(6, "revokedAtMs", &revokedAt)
    }

    /// Whether it opens anything at a time.
    package func isGood(at now: Timestamp) -> Bool {
        revokedAt == nil && (expires.map { now < $0 } ?? true)
    }
}
