package import EventLog
import Expressions

/// Finds out of a token of an identity provider who somebody is (RFC 7519, 7.2; RFC 8725).
///
/// Keys are the provider's, never any that come with the token (`jwk`, `jku`, `x5c`, `x5u`).
package final class IdentityVerifier: Sendable {
    /// The provider whose tokens it takes.
    package let provider: IdentityProvider
    private let keys: ProviderKeys

    /// By how much clocks may differ, in milliseconds.
    private static let leeway: Int64 = 60_000
    /// Groups that a token may name: each is looked up with every request.
    private static let groupCountMax = 200
    /// What a token may say that it is; one to log somebody out is none.
    private static let kinds: Set<String> = ["jwt", "at+jwt"]

    /// Asks the provider for its keys when they are needed; `warn` is told when it has none.
    package convenience init(
        _ provider: IdentityProvider,
        warn: @escaping @Sendable (String) -> Void
    ) {
        let download = KeyDownload(provider: provider)
        let keys = ProviderKeys(
            download: { () async throws(ProviderFailure) in try await download.keys() },
            warn: warn
        )
        self.init(provider, keys)
    }

    private init(_ provider: IdentityProvider, _ keys: ProviderKeys) {
        self.provider = provider
        self.keys = keys
    }

    /// Who a token says that somebody is.
    ///
    /// What costs nothing is looked at first, so that the provider is asked for tokens only that
    /// say they are its own, and are good now.
    package func identity(
        of text: String,
        at now: Timestamp
    ) async throws(TokenRefusal) -> ProvenIdentity {
        guard let token = CompactToken(text) else { throw .malformed }
        guard let name = token.header["alg"]?.stringValue,
            let algorithm = SigningAlgorithm(rawValue: name)
        else { throw .algorithm }
        guard token.header["crit"] == nil else { throw .critical }
        if let kind = token.header["typ"] {
            guard let text = kind.stringValue?.lowercased(),
                Self.kinds.contains(Self.withoutPrefix(text))
            else { throw .kind }
        }
        let identity = try claimed(token.claims, at: now)
        let id = token.header["kid"]
        guard id == nil || id?.stringValue != nil else { throw .malformed }
        for key in try await keys.keys(id?.stringValue, algorithm, at: now) {
            if await key.hasSigned(token.signed, token.signature, algorithm) { return identity }
        }
        throw .signature
    }

    /// `application/` may be left out (RFC 7515, 4.1.9).
    private static func withoutPrefix(_ type: String) -> String {
        let prefix = "application/"
        return type.hasPrefix(prefix) ? String(type.dropFirst(prefix.count)) : type
    }

    /// Who claims say that somebody is, if they are this provider's, for this server, and good now.
    private func claimed(
        _ claims: [String: Value],
        at now: Timestamp
    ) throws(TokenRefusal) -> ProvenIdentity {
        guard claims["iss"]?.stringValue == provider.issuer else { throw .issuer(provider.issuer) }
        let audiences = Self.texts(claims["aud"])
        guard provider.audiences.contains(where: audiences.contains) else {
            throw .audience(provider.audiences)
        }
        guard let end = try Self.time(claims["exp"]) else { throw .endless }
        guard now < end.adding(milliseconds: Self.leeway) else { throw .expired }
        if let start = try Self.time(claims["nbf"]) {
            guard start <= now.adding(milliseconds: Self.leeway) else { throw .early }
        }
        let groups = Self.texts(Self.claim(provider.groupsClaim, of: claims))
        guard groups.count <= Self.groupCountMax else {
            throw .groups(countMax: Self.groupCountMax)
        }
        return ProvenIdentity(
            issuer: provider.issuer,
            user: try user(claims),
            groups: groups,
            end: end.adding(milliseconds: Self.leeway)
        )
    }

    /// The name of the user.
    ///
    /// An address counts only if the provider has seen that it is his: whoever may type in any
    /// would be whom he likes. By the claim that somebody named it counts unless the provider says
    /// that it has not.
    private func user(_ claims: [String: Value]) throws(TokenRefusal) -> String {
        // Some say it as text.
        let isVerified = claims["email_verified"].map { $0 == true || $0 == "true" }
        let name: String?
        if let claim = provider.userClaim {
            let isForeign = claim == "email" && isVerified == false
            name = isForeign ? nil : Self.claim(claim, of: claims)?.stringValue
        } else if let email = claims["email"]?.stringValue, isVerified == true {
            name = email
        } else {
            name = claims["sub"]?.stringValue
        }
        guard let name, (1...200).contains(name.utf8.count) else {
            throw .nameless(claim: provider.userClaim ?? "sub")
        }
        return name
    }

    /// A claim by its name, or by names with dots between them, such as `realm_access.roles`.
    private static func claim(_ name: String, of claims: [String: Value]) -> Value? {
        if let value = claims[name] { return value }
        var value: Value? = .object(claims)
        for part in name.split(separator: ".") { value = value?[String(part)] }
        return value
    }

    /// A list of texts, for which a single one may stand.
    private static func texts(_ value: Value?) -> [String] {
        if let text = value?.stringValue { return [text] }
        return value?.arrayValue?.compactMap(\.stringValue) ?? []
    }

    /// Seconds since 1970, which may have a fraction (RFC 7519, 2); nil if there are none.
    private static func time(_ value: Value?) throws(TokenRefusal) -> Timestamp? {
        guard let value else { return nil }
        // Beyond that no time is meant: the year 33658.
        guard let seconds = value.doubleValue, abs(seconds) < 1e12 else { throw .malformed }
        return Timestamp(rawValue: Int64(seconds * 1000))
    }
}
