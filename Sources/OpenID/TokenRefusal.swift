/// Why a token of an identity provider proves nothing, in the order in which that is looked at.
package enum TokenRefusal: Error, Hashable {
    case malformed
    case algorithm
    case critical
    case kind
    case issuer(String)
    case audience([String])
    case endless
    case expired
    case early
    case nameless(claim: String)
    case groups(countMax: Int)
    case unknownKey
    case signature
    /// Nobody can tell: the provider does not answer, and there are no keys.
    case providerSilent

    /// A name for it in lowerCamelCase.
    package var code: String {
        switch self {
        case .malformed: "tokenMalformed"
        case .algorithm: "tokenAlgorithm"
        case .critical: "tokenCritical"
        case .kind: "tokenKind"
        case .issuer: "tokenIssuer"
        case .audience: "tokenAudience"
        case .endless: "tokenEndless"
        case .expired: "tokenExpired"
        case .early: "tokenEarly"
        case .nameless: "tokenNameless"
        case .groups: "tokenGroups"
        case .unknownKey: "tokenKey"
        case .signature: "tokenSignature"
        case .providerSilent: "providerSilent"
        }
    }

    /// One sentence that says what to do.
    package var sentence: String {
        switch self {
        case .malformed:
            "the token is no JWT that can be read; send it as the identity provider gave it"
        case .algorithm:
            "the token is not signed in a way that is taken here; have the identity provider sign "
                + "with one of "
                + SigningAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
        case .critical:
            "the token demands extensions (crit) that are not known here; have the identity "
                + "provider make one without"
        case .kind:
            "the token is made for another purpose than to say who somebody is; send an ID token "
                + "or an access token"
        case .issuer(let issuer):
            "the token is of another identity provider; get one from \(issuer)"
        case .audience(let audiences):
            "the token is not for this server; get one for the audience "
                + audiences.joined(separator: " or ")
        case .endless: "the token does not say until when it is good; get one that has exp"
        case .expired: "the token is too old; get a new one from the identity provider"
        case .early:
            "the token is not good before a later time; wait, or look whether the clocks are right"
        case .nameless(let claim):
            "the token names nobody; have the identity provider put 1 to 200 bytes of text into "
                + "the claim \(claim)"
        case .groups(let countMax):
            "the token names more than \(countMax) groups; have the identity provider name those "
                + "only that have roles"
        case .unknownKey:
            "the token is signed with a key that the identity provider does not have; get a new one"
        case .signature: "the token's signature does not fit it; get another one"
        case .providerSilent:
            "the identity provider does not answer, so the token cannot be checked; try again "
                + "later, or use a token of waybill token create"
        }
    }
}
