private import Crypto

/// A SHA-256 over bytes that come one piece after the other.
package struct DigestStream {
    private var hasher = SHA256()

    /// A stream without a byte.
    package init() {}

    /// Adds bytes.
    package mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { unsafe hasher.update(bufferPointer: $0) }
    }

    /// The SHA-256 of all bytes so far; more may follow.
    package var digest: Digest {
        unsafe hasher.finalize().withUnsafeBytes { bytes in
            let copy = unsafe Array(bytes)
            guard let digest = Digest(bytes: copy.span) else {
                preconditionFailure("a SHA-256 value has 32 bytes")
            }
            return digest
        }
    }
}
