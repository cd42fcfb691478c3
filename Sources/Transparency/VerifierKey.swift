private import Crypto
import EventLog

/// The public half of a key that signs notes (C2SP signed-note, Ed25519).
package struct VerifierKey: Hashable, Sendable {
    /// Who signs: for the key of a log, its origin.
    package let name: String
    /// The Ed25519 public key, 32 bytes (RFC 8032).
    package let publicKey: [UInt8]
    /// The first four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key).
    package let id: UInt32

    /// The byte that says which kind of signature it is.
    static let ed25519: UInt8 = 0x01

    /// A key; nil if the name cannot be one, or the bytes are no public key.
    package init?(name: String, publicKey: [UInt8]) {
        guard Self.isName(name), publicKey.count == 32 else { return nil }
        self.name = name
        self.publicKey = publicKey
        id = Self.id(name, publicKey)
    }

    /// Reads a key as `text` writes it.
    ///
    /// - Throws: `.malformed`
    package init(parsing text: String) throws(TransparencyError) {
        let parts = text.utf8.split(
            separator: UInt8(ascii: "+"),
            maxSplits: 2,
            omittingEmptySubsequences: false
        )
        guard parts.count == 3, let bytes = Base64.decode(parts[2]), let kind = bytes.first else {
            throw .malformed("is no verifier key; it reads NAME+ID+KEY, see waybill ledger key")
        }
        guard kind == Self.ed25519 else {
            throw .malformed("is a verifier key of another kind than Ed25519")
        }
        let name = String(Substring(parts[0]))
        guard let key = VerifierKey(name: name, publicKey: Array(bytes.dropFirst())),
            Array(key.hexID.utf8) == Array(parts[1])
        else { throw .malformed("is a verifier key that was changed: its parts do not agree") }
        self = key
    }

    /// `NAME+ID+KEY`: the id in hexadecimal, the key in base 64 behind its kind.
    package var text: String {
        "\(name)+\(hexID)+\(Base64.encode([Self.ed25519] + publicKey))"
    }

    /// The id as eight hexadecimal digits.
    package var hexID: String {
        let digits = String(id, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// Whether a text is allowed as the name of a key: not empty, no spaces, no `+`, no control
    /// characters.
    package static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy { scalar in
                scalar.value >= 0x20 && scalar != "+" && !scalar.properties.isWhitespace
            }
    }

    /// Whether `signature` is one by this key over `text` (RFC 8032).
    func verifies(_ signature: [UInt8], of text: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else {
            return false
        }
        return key.isValidSignature(signature, for: text)
    }

    private static func id(_ name: String, _ publicKey: [UInt8]) -> UInt32 {
        let hash = Digest.sha256(Array(name.utf8) + [0x0a, ed25519] + publicKey).bytes
        return hash[..<4].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
