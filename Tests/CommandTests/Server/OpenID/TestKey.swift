import Crypto
import CryptoExtras
import Foundation

/// A private key of an identity provider, with which a test signs tokens.
struct TestKey: Sendable {
    private enum Material: Sendable {
        case rsa(_RSA.Signing.PrivateKey)
        case p256(P256.Signing.PrivateKey)
        case p384(P384.Signing.PrivateKey)
        case p521(P521.Signing.PrivateKey)
        case ed25519(Curve25519.Signing.PrivateKey)
    }

    let id: String
    private let material: Material

    /// A new key for an algorithm.
    init(_ id: String, _ algorithm: String = "ES256") throws {
        self.id = id
        switch algorithm {
        case "ES256": material = .p256(P256.Signing.PrivateKey())
        case "ES384": material = .p384(P384.Signing.PrivateKey())
        case "ES512": material = .p521(P521.Signing.PrivateKey())
        case "EdDSA": material = .ed25519(Curve25519.Signing.PrivateKey())
        default: material = .rsa(try _RSA.Signing.PrivateKey(keySize: .bits2048))
        }
    }

    /// The numbers of the public key, as a JWK has them.
    var members: String {
        func halves(_ bytes: Data) -> String {
            let half = bytes.count / 2
            return #""x": "\#(Self.text(bytes.prefix(half)))", "#
                + #""y": "\#(Self.text(bytes.suffix(half)))""#
        }
        switch material {
        case .rsa(let key):
            guard let numbers = try? key.publicKey.getKeyPrimitives() else { return "" }
            return #""kty": "RSA", "n": "\#(Self.text(numbers.modulus))", "#
                + #""e": "\#(Self.text(numbers.publicExponent))""#
        case .p256(let key):
            return #""kty": "EC", "crv": "P-256", "# + halves(key.publicKey.rawRepresentation)
        case .p384(let key):
            return #""kty": "EC", "crv": "P-384", "# + halves(key.publicKey.rawRepresentation)
        case .p521(let key):
            return #""kty": "EC", "crv": "P-521", "# + halves(key.publicKey.rawRepresentation)
        case .ed25519(let key):
            return #""kty": "OKP", "crv": "Ed25519", "x": "#
                + #""\#(Self.text(key.publicKey.rawRepresentation))""#
        }
    }

    /// The public key as a provider shows it.
    var jwk: String { #"{"kid": "\#(id)", "use": "sig", \#(members)}"# }

    /// The public key as a file: what a forger has as a secret for HMAC.
    var publicText: [UInt8] {
        guard case .rsa(let key) = material else { return [] }
        return Array(key.publicKey.pemRepresentation.utf8)
    }

    /// A token with a header and claims, signed.
    func token(_ header: String, _ claims: String) throws -> String {
        let signed = Self.text(Data(header.utf8)) + "." + Self.text(Data(claims.utf8))
        return signed + "." + Self.text(try signature(Data(signed.utf8), header))
    }

    /// A token with this key's name in its header.
    func token(_ algorithm: String = "ES256", claims: String) throws -> String {
        try token(#"{"alg": "\#(algorithm)", "kid": "\#(id)"}"#, claims)
    }

    private func signature(_ bytes: Data, _ header: String) throws -> Data {
        switch material {
        case .rsa(let key):
            let padding: _RSA.Signing.Padding =
                header.contains(#""PS"#) ? .PSS : .insecurePKCS1v1_5
            if header.contains("S384") {
                return try key.signature(for: SHA384.hash(data: bytes), padding: padding)
                    .rawRepresentation
            }
            if header.contains("S512") {
                return try key.signature(for: SHA512.hash(data: bytes), padding: padding)
                    .rawRepresentation
            }
            return try key.signature(for: SHA256.hash(data: bytes), padding: padding)
                .rawRepresentation
        case .p256(let key): return try key.signature(for: bytes).rawRepresentation
        case .p384(let key): return try key.signature(for: bytes).rawRepresentation
        case .p521(let key): return try key.signature(for: bytes).rawRepresentation
        case .ed25519(let key): return try key.signature(for: bytes)
        }
    }

    /// Base64 as tokens have it.
    static func text(_ bytes: Data) -> String {
        bytes.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }
}
