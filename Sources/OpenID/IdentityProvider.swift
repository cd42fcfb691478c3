/// An identity provider, whose signed statements (JWTs) let people and programs in.
package struct IdentityProvider: Hashable, Sendable {
    /// Its name, as its statements have it in `iss`; they must agree byte by byte.
    package let issuer: String
    /// Statements must be for one of these (`aud`).
    package let audiences: [String]
    /// Where its keys are; nil if `<issuer>/.well-known/openid-configuration` says that.
    package let keysURL: String?
    /// The claim with the user's name; nil for `email` if the provider verified it, else `sub`.
    package let userClaim: String?
    /// The claim with the names of the user's groups.
    package let groupsClaim: String
    /// A file with certificates of authorities that are trusted in the place of the system's.
    package let authorities: String?

    /// The claim with groups, where nobody names another.
    package static let standardGroupsClaim = "groups"

    /// A provider of this name, whose statements are for one of `audiences`.
    ///
    /// - Throws: if keys could be had in the clear, or statements for anybody would do.
    package init(
        issuer: String,
        audiences: [String],
        keysURL: String? = nil,
        userClaim: String? = nil,
        groupsClaim: String = standardGroupsClaim,
        authorities: String? = nil
    ) throws(ProviderSettingsError) {
        guard ProviderURL.isSafe(issuer), !issuer.contains("?") else { throw .issuer(issuer) }
        if let keysURL, !ProviderURL.isSafe(keysURL) { throw .keysURL(keysURL) }
        guard !audiences.isEmpty, !audiences.contains("") else { throw .noAudience }
        self.issuer = issuer
        self.audiences = audiences
        self.keysURL = keysURL
        self.userClaim = userClaim
        self.groupsClaim = groupsClaim
        self.authorities = authorities
    }
}

/// Why settings do not describe an identity provider.
package enum ProviderSettingsError: Error, Hashable {
    /// The issuer is no URL with https, or with http on this machine.
    case issuer(String)
    /// The address of its keys is none.
    case keysURL(String)
    /// Statements that were made for others would be taken.
    case noAudience
}
