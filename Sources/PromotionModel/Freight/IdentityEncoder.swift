package import EventLog

/// Collects the parts of an identity, each behind its length, and hashes them.
///
/// A length is eight bytes, most significant first, so no two lists of parts have the same bytes.
package struct IdentityEncoder: Sendable {
    private var bytes: [UInt8] = []

    /// An encoder whose first part says what kind of identity it makes.
    package init(domain: String) {
        add(domain)
    }

    /// Adds a part.
    package mutating func add(_ part: String) {
        let count = UInt64(part.utf8.count)
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: count >> shift))
        }
        bytes.append(contentsOf: part.utf8)
    }

    /// The SHA-256 of all parts.
    package var digest: Digest { Digest.sha256(bytes) }
}
