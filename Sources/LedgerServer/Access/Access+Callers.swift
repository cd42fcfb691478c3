import EventLog
import HTTPTypes
import Ledger
import OpenID
import PromotionModel
import Requests

extension Access {
    /// Who sends a token in the header field Authorization.
    func bearer(_ header: String) async -> Admission {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else {
            return .refused(Self.unknownToken)
        }
        let text = String(parts[1])
        guard let secret = Secret(text) else {
            return text.contains(".") ? await statement(text) : .refused(Self.unknownToken)
        }
        let digest = secret.digest
        if digest == operatorToken { return .known(.operator) }
        do {
            let name = try ledger.read { (view) throws(LedgerError) in
                try view.ask { facts throws(FactsFailure) in
                    try facts.token(withDigest: digest.hex)
                }
            }
            guard let name else { return .refused(Self.unknownToken) }
            return admission(of: .token(name, digest))
        } catch {
            return .refused(Problem(error))
        }
    }

    private static let unknownToken = Problem(
        .unauthorized,
        "unknownToken",
        "this token opens nothing here; send the one in \(OperatorToken.fileName), or one of "
            + "waybill token create"
    )

    /// Who sends a token of an identity provider.
    private func statement(_ text: String) async -> Admission {
        guard let verifier else { return .refused(Self.noProvider) }
        do throws(TokenRefusal) {
            return admission(of: .user(try await verifier.identity(of: text, at: .wallClock())))
        } catch {
            return .refused(Problem(error))
        }
    }

    private static let noProvider = Problem(
        .unauthorized,
        "noProvider",
        "this server takes no tokens of an identity provider; start it with --oidc-issuer and "
            + "--oidc-audience, or send a token of waybill token create"
    )

    /// Whether somebody who was known once still is, and what he may now.
    func admission(of identity: Identity) -> Admission {
        switch identity {
        case .operator: return .known(.operator)
        case .anonymous: return anonymous.caller.map { .known($0) } ?? .stranger(Self.notSignedIn)
        case .token(let name, let digest):
            do {
                return try admission(of: name, digest)
            } catch {
                return .refused(Problem(error))
            }
        case .user(let proven):
            do {
                return try admission(of: proven)
            } catch {
                return .refused(Problem(error))
            }
        }
    }

    /// Whether what a provider has signed still holds, and what its user and his groups may now.
    private func admission(of proven: ProvenIdentity) throws -> Admission {
        // A session may be older than the settings.
        guard proven.issuer == verifier?.provider.issuer else {
            return .refused(
                verifier.map { Problem(.issuer($0.provider.issuer)) } ?? Self.noProvider
            )
        }
        guard Timestamp.wallClock() < proven.end else { return .refused(Problem(.expired)) }
        guard let user = Principal.user(proven.user) else {
            return .refused(Problem(.nameless(claim: verifier?.provider.userClaim ?? "sub")))
        }
        // What cannot be the name of a group has no roles.
        let principals = [user] + proven.groups.compactMap(Principal.group)
        let grants = try ledger.read { (view) throws(LedgerError) in
            try view.ask { facts throws(FactsFailure) in
                var grants: [RoleGrant] = []
                for principal in principals { grants += try facts.roles(of: principal).grants }
                return grants
            }
        }
        return .known(
            Caller(
                actor: EventActor(name: user.rawValue, assurance: .oidc),
                identity: .user(proven),
                powers: Powers(grants)
            )
        )
    }

    /// Whether a token is still good, and what it may now.
    private func admission(of name: TokenName, _ digest: Digest) throws -> Admission {
        let now = Timestamp.wallClock()
        return try ledger.read { (view) throws(LedgerError) in
            try view.ask { facts throws(FactsFailure) in
                guard let token = try facts.token(name), token.digest == digest.hex else {
                    return .refused(Self.ended(name, "was replaced by another one of its name"))
                }
                guard token.revokedAt == nil else {
                    return .refused(Self.ended(name, "was revoked"))
                }
                guard token.isGood(at: now) else {
                    return .refused(Self.ended(name, "is too old"))
                }
                let powers = Powers(try facts.roles(of: .token(name)).grants)
                return .known(
                    Caller(
                        actor: EventActor(name: name.rawValue, assurance: .token),
                        identity: .token(name, digest),
                        powers: powers
                    )
                )
            }
        }
    }

    private static func ended(_ name: TokenName, _ what: String) -> Problem {
        Problem(
            .unauthorized,
            "tokenEnded",
            "token \(name) \(what); have an admin make another with waybill token create"
        )
    }
}

extension Problem {
    /// What whoever sends a token that proves nothing is told.
    fileprivate init(_ refusal: TokenRefusal) {
        let isSilent = refusal == .providerSilent
        self.init(
            isSilent ? .serviceUnavailable : .unauthorized,
            refusal.code,
            refusal.sentence
        )
        if isSilent { retryAfterSeconds = 5 }
    }
}
