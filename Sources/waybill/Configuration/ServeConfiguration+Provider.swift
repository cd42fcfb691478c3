import Expressions
import OpenID
import PromotionModel
import Requests

extension ServeConfiguration {
    /// The identity provider whose tokens are taken; nil if none is named.
    ///
    /// - Throws: if what is said of it is not enough, or not safe.
    func identityProvider() throws(CommandFailure) -> IdentityProvider? {
        guard let issuer = self["oidcIssuer"].stringValue else {
            for name in Self.providerSettings where isSaid(name) {
                throw .usage(
                    "\(name) is said without oidcIssuer; name the identity provider with "
                        + "--oidc-issuer"
                )
            }
            return nil
        }
        do throws(ProviderSettingsError) {
            return try IdentityProvider(
                issuer: issuer,
                audiences: (self["oidcAudience"].arrayValue ?? []).compactMap(\.stringValue),
                keysURL: self["oidcKeysUrl"].stringValue,
                userClaim: self["oidcUserClaim"].stringValue,
                groupsClaim: self["oidcGroupsClaim"].stringValue
                    ?? IdentityProvider.standardGroupsClaim,
                authorities: self["oidcCaFile"].stringValue
            )
        } catch {
            throw .usage(Self.sentence(error))
        }
    }

    private static let providerSettings = [
        "oidcAudience", "oidcKeysUrl", "oidcUserClaim", "oidcCaFile",
    ]

    private func isSaid(_ name: String) -> Bool {
        let value = self[name]
        return !value.isNull && value != []
    }

    private static func sentence(_ error: ProviderSettingsError) -> String {
        switch error {
        case .issuer(let text):
            "--oidc-issuer \(text.quotedForDisplay) is no URL of an identity provider; write it "
                + "as the provider does, https://HOST/… without ? and #"
        case .keysURL(let text):
            "--oidc-keys-url \(text.quotedForDisplay) is no URL with https; leave it out, and the "
                + "provider says itself where its keys are"
        case .noAudience:
            "--oidc-issuer needs --oidc-audience: the name by which the identity provider knows "
                + "this server"
        }
    }
}
