private import Crypto

/// The secret half of a key that signs notes (Ed25519), written as Go's `sumdb/note` does.
package struct SigningKey: Sendable {
    private static let prefix = "PRIVATE+KEY+"

    /// The public half.
    package let verifier: VerifierKey
    /// RFC 8032's 32 bytes of secret.
    private let seed: [UInt8]

    /// A new key under a name; nil if the name cannot be one.
    package init?(name: String) {
        let key = Curve25519.Signing.PrivateKey()
        self.init(name: name, seed: Array(key.rawRepresentation))
    }

    /// The key that `seed` makes; nil if the name cannot be one, or there are not 32 bytes.
    package init?(name: String, seed: [UInt8]) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed),
            let verifier = VerifierKey(
                name: name,
                publicKey: Array(key.publicKey.rawRepresentation)
            )
        else { return nil }
        self.verifier = verifier
        self.seed = seed
    }

    /// Reads `PRIVATE+KEY+NAME+ID+KEY` and a line break; nil if it is anything else.
    package init?(parsing text: String) {
        guard text.hasPrefix(Self.prefix), text.utf8.last == UInt8(ascii: "\n") else { return nil }
        let parts = text.utf8.dropFirst(Self.prefix.utf8.count).dropLast().split(
            separator: UInt8(ascii: "+"),
            maxSplits: 2,
            omittingEmptySubsequences: false
        )
        guard parts.count == 3, let bytes = Base64.decode(parts[2]),
            bytes.first == VerifierKey.ed25519,
            let key = SigningKey(
                name: String(Substring(parts[0])),
                seed: Array(bytes.dropFirst())
            ), Array(key.verifier.hexID.utf8) == Array(parts[1])
        else { return nil }
        self = key
    }

    /// What the key file holds; never to be shown to anybody.
    package var secretText: String {
        Self.prefix + "\(verifier.name)+\(verifier.hexID)+"
            + Base64.encode([VerifierKey.ed25519] + seed) + "\n"
    }

    /// A note with this text and one signature.
    ///
    /// The text ends with a line break, and has no other control characters.
    package func note(_ text: String) -> SignedNote {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed),
            let signature = try? key.signature(for: Array(text.utf8))
        else { preconditionFailure("a key that was read before cannot sign") }
        return SignedNote(
            text: text,
            signatures: [
                NoteSignature(name: verifier.name, keyID: verifier.id, bytes: Array(signature))
            ]
        )
    }
}

extension SigningKey: CustomStringConvertible {
    /// Says whose key it is, and nothing of the secret.
    package var description: String { "the signing key of \(verifier.name)" }
}

extension SigningKey: CustomReflectable {
    /// Without the secret: what is dumped ends up in logs.
    package var customMirror: Mirror { Mirror(self, children: ["verifier": verifier]) }
}
