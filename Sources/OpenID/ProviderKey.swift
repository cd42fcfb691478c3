import Expressions
import JWTKit

/// A public key that a provider signs with, out of its JWK (RFC 7517).
struct ProviderKey: Sendable {
    /// What kind of key it is.
    enum Kind: Sendable {
        case rsa, p256, p384, p521, ed25519
    }

    /// How tokens name it (`kid`); nil if it has no name.
    let id: String?
    private let kind: Kind
    /// The only algorithm that it is for, if it says one.
    private let algorithm: String?
    /// The numbers that it is made of: `n` and `e`, `x` and `y`, or `x`.
    private let numbers: [String]

    /// A key that signatures can be checked with; nil for every other, such as one to encrypt with
    /// or one that both sides know.
    init?(_ value: Value) {
        if let use = value["use"], use.stringValue != "sig" { return nil }
        if let uses = value["key_ops"]?.arrayValue, !uses.contains("verify") { return nil }
        let names: [String]
        switch (value["kty"]?.stringValue, value["crv"]?.stringValue) {
        case ("RSA", nil): (kind, names) = (.rsa, ["n", "e"])
        case ("EC", "P-256"): (kind, names) = (.p256, ["x", "y"])
        case ("EC", "P-384"): (kind, names) = (.p384, ["x", "y"])
        case ("EC", "P-521"): (kind, names) = (.p521, ["x", "y"])
        case ("OKP", "Ed25519"): (kind, names) = (.ed25519, ["x"])
        default: return nil
        }
        numbers = names.compactMap { value[$0]?.stringValue }
        guard numbers.count == names.count else { return nil }
        id = value["kid"]?.stringValue
        algorithm = value["alg"]?.stringValue
    }

    /// Whether it may have signed something with this algorithm.
    func suits(_ wanted: SigningAlgorithm) -> Bool {
        kind == wanted.keyKind && (algorithm.map { $0 == wanted.rawValue } ?? true)
    }

    /// Whether a signature over `bytes` is by this key.
    ///
    /// Keys that are none, such as RSA keys of fewer than 2048 bits, have signed nothing.
    func hasSigned(
        _ bytes: [UInt8],
        _ signature: [UInt8],
        _ algorithm: SigningAlgorithm
    ) async -> Bool {
        let identifier: JWKIdentifier = "key"
        let key: JWK
        switch kind {
        case .rsa:
            key = .rsa(
                algorithm.name,
                identifier: identifier,
                modulus: numbers[0],
                exponent: numbers[1]
            )
        case .p256, .p384, .p521:
            key = .ecdsa(
                algorithm.name,
                identifier: identifier,
                x: numbers[0],
                y: numbers[1],
                curve: nil
            )
        case .ed25519:
            key = .octetKeyPair(
                algorithm.name,
                identifier: identifier,
                x: numbers[0],
                y: nil,
                curve: .ed25519
            )
        }
        do {
            let keys = JWTKeyCollection()
            try await keys.add(jwk: key)
            let checker = try await keys.getKey(for: identifier, alg: algorithm.rawValue)
            return try checker.verify(signature, signs: bytes)
        } catch {
            return false
        }
    }
}
