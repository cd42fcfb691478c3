import Crypto
import EventLog
import Foundation
import OpenID
import Testing

/// What a token of an identity provider must be, so that it says who somebody is.
@Suite struct VerifierTests {
    static let now = Timestamp(rawValue: 1_790_000_000_000)
    static let second: Int64 = 1000

    /// Claims that are good now, and others in their place or besides.
    static func claims(_ issuer: String, _ others: [String: String] = [:]) -> String {
        var claims = [
            "iss": "\"\(issuer)\"", "aud": "\"waybill\"", "sub": "\"u-17\"",
            "exp": "\(now.rawValue / 1000 + 600)",
        ]
        for (name, value) in others { claims[name] = value.isEmpty ? nil : value }
        return "{" + claims.map { "\"\($0.key)\": \($0.value)" }.sorted().joined(separator: ", ")
            + "}"
    }

    private static func verifier(
        _ server: KeyServer,
        userClaim: String? = nil,
        groupsClaim: String = "groups"
    ) throws -> IdentityVerifier {
        let provider = try IdentityProvider(
            issuer: server.issuer,
            audiences: ["other", "waybill"],
            userClaim: userClaim,
            groupsClaim: groupsClaim
        )
        return IdentityVerifier(provider) { _ in }
    }

    private static func refusal(
        _ token: String,
        _ verifier: IdentityVerifier,
        at time: Timestamp = now
    ) async -> TokenRefusal? {
        do throws(TokenRefusal) {
            _ = try await verifier.identity(of: token, at: time)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
    ])
    func `a token that is signed with a key of the provider says who somebody is`(
        _ algorithm: String
    ) async throws {
        let key = try TestKey("k1", algorithm)
        let server = try KeyServer([try TestKey("k0"), key])
        defer { server.stop() }
        let verifier = try Self.verifier(server)
        let claims = Self.claims(server.issuer, ["groups": #"["dev", "ops"]"#])
        let identity = try await verifier.identity(
            of: try key.token(algorithm, claims: claims),
            at: Self.now
        )
        #expect(identity.user == "u-17")
        #expect(identity.groups == ["dev", "ops"])
        #expect(identity.issuer == server.issuer)
        // Without the key's name every key that fits is tried.
        let nameless = try key.token(#"{"alg": "\#(algorithm)", "typ": "at+jwt"}"#, claims)
        #expect(await Self.refusal(nameless, verifier) == nil)
        // Another key of the same kind and name has not signed it.
        let forger = try TestKey("k1", algorithm)
        let forged = try forger.token(algorithm, claims: claims)
        #expect(await Self.refusal(forged, verifier) == .signature)
    }

    @Test func `the name is an address only if the provider has verified it`() async throws {
        let key = try TestKey("k1")
        let server = try KeyServer([key])
        defer { server.stop() }
        let verifier = try Self.verifier(server)
        let mail = "\"release@example.com\""
        for (claims, name) in [
            (["email": mail, "email_verified": "true"], "release@example.com"),
            (["email": mail, "email_verified": "\"true\""], "release@example.com"),
            (["email": mail, "email_verified": "false"], "u-17"), (["email": mail], "u-17"),
        ] {
            let token = try key.token(claims: Self.claims(server.issuer, claims))
            let identity = try await verifier.identity(of: token, at: Self.now)
            #expect(identity.user == name, "\(claims)")
        }
        let byMail = try Self.verifier(server, userClaim: "email", groupsClaim: "realm.roles")
        let named = Self.claims(server.issuer, ["email": mail, "realm": #"{"roles": ["ops"]}"#])
        let identity = try await byMail.identity(of: try key.token(claims: named), at: Self.now)
        #expect(identity.user == "release@example.com")
        #expect(identity.groups == ["ops"])
        let foreign = Self.claims(server.issuer, ["email": mail, "email_verified": "false"])
        #expect(
            await Self.refusal(try key.token(claims: foreign), byMail) == .nameless(claim: "email")
        )
    }

    @Test func `a token that is not for now, or not for this server, is refused`() async throws {
        let key = try TestKey("k1")
        let server = try KeyServer([key])
        defer { server.stop() }
        let verifier = try Self.verifier(server)
        let seconds = Self.now.rawValue / 1000
        let issuer = TokenRefusal.issuer(server.issuer)
        let audience = TokenRefusal.audience(["other", "waybill"])
        let rows: [([String: String], TokenRefusal?)] = [
            (["iss": "\"https://evil.example\""], issuer), (["iss": ""], issuer),
            (["iss": "\"\(server.issuer)/\""], issuer), (["iss": "[\"\(server.issuer)\"]"], issuer),
            (["aud": "\"elsewhere\""], audience), (["aud": ""], audience),
            (["aud": "[]"], audience), (["aud": "{\"waybill\": 1}"], audience),
            (["aud": #"["elsewhere", "waybill"]"#], nil),
            (["exp": ""], .endless), (["exp": "\"2099-01-01\""], .malformed),
            (["exp": "1e400"], .malformed), (["exp": "-1e300"], .malformed),
            (["exp": "\(seconds - 61)"], .expired), (["exp": "\(seconds - 60)"], .expired),
            (["exp": "\(seconds - 59)"], nil), (["exp": "\(seconds).5"], nil),
            (["nbf": "\(seconds + 61)"], .early), (["nbf": "\(seconds + 60)"], nil),
            (["nbf": "true"], .malformed),
            (["sub": ""], .nameless(claim: "sub")), (["sub": "17"], .nameless(claim: "sub")),
            (["sub": "\"\""], .nameless(claim: "sub")),
            (["sub": "\"\(String(repeating: "a", count: 201))\""], .nameless(claim: "sub")),
            (
                ["groups": "[\((0...200).map { "\"g\($0)\"" }.joined(separator: ","))]"],
                .groups(countMax: 200)
            ),
        ]
        for (others, refusal) in rows {
            let token = try key.token(claims: Self.claims(server.issuer, others))
            #expect(await Self.refusal(token, verifier) == refusal, "\(others)")
        }
    }

    @Test func `what is not signed with a private key is refused, whatever it says`() async throws {
        let key = try TestKey("k1", "RS256")
        let forger = try TestKey("k2", "RS256")
        let server = try KeyServer([key])
        defer { server.stop() }
        let verifier = try Self.verifier(server)
        let claims = Self.claims(server.issuer)
        let text = TestKey.text(Data(claims.utf8))
        func unsigned(_ header: String, _ signature: String = "") -> String {
            TestKey.text(Data(header.utf8)) + "." + text + "." + signature
        }
        for algorithm in ["none", "None", "NONE", "", "HS256", "RSA-OAEP", "ES256K", "rs256"] {
            let token = unsigned(#"{"alg": "\#(algorithm)", "kid": "k1"}"#)
            #expect(await Self.refusal(token, verifier) == .algorithm, "\(algorithm)")
        }
        #expect(await Self.refusal(unsigned(#"{"kid": "k1"}"#), verifier) == .algorithm)
        let header = TestKey.text(Data(#"{"alg": "HS256", "kid": "k1"}"#.utf8))
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("\(header).\(text)".utf8),
            using: SymmetricKey(data: key.publicText)
        )
        let confused = "\(header).\(text).\(TestKey.text(Data(code)))"
        #expect(await Self.refusal(confused, verifier) == .algorithm)
        // Each of these is signed, with a key that the token brings along or that has another use.
        let own = #""jwk": \#(forger.jwk), "jku": "http://evil.example", "x5u": "http://x""#
        let brought = try forger.token(#"{"alg": "RS256", "kid": "k2", \#(own)}"#, claims)
        #expect(await Self.refusal(brought, verifier) == .unknownKey)
        let posing = try forger.token(#"{"alg": "RS256", "kid": "k1", \#(own)}"#, claims)
        #expect(await Self.refusal(posing, verifier) == .signature)
        let ignored = try key.token(#"{"alg": "RS256", "kid": "k1", \#(own)}"#, claims)
        #expect(await Self.refusal(ignored, verifier) == nil)
        let good = try key.token("RS256", claims: claims)
        #expect(
            await Self.refusal(unsigned(#"{"alg": "RS256", "kid": "k1"}"#), verifier)
                == .signature
        )
        let parts = good.split(separator: ".")
        let others = TestKey.text(Data(Self.claims(server.issuer, ["sub": "\"boss\""]).utf8))
        #expect(await Self.refusal("\(parts[0]).\(others).\(parts[2])", verifier) == .signature)
    }

    @Test func `a token that is none, or for another purpose, is refused`() async throws {
        let key = try TestKey("k1")
        let server = try KeyServer([key])
        defer { server.stop() }
        let verifier = try Self.verifier(server)
        let claims = Self.claims(server.issuer)
        func signed(_ more: String) throws -> String {
            try key.token(#"{"alg": "ES256", "kid": "k1", \#(more)}"#, claims)
        }
        for (more, refusal) in [
            (#""crit": ["exp"]"#, TokenRefusal.critical), (#""crit": []"#, .critical),
            (#""crit": ["b64"], "b64": false"#, .critical), (#""typ": "logout+jwt""#, .kind),
            (#""typ": 1"#, .kind), (#""alg": "ES256""#, .malformed),
        ] {
            #expect(await Self.refusal(try signed(more), verifier) == refusal, "\(more)")
        }
        #expect(await Self.refusal(try signed(#""typ": "application/JWT""#), verifier) == nil)
        let named = try key.token(#"{"alg": "ES256", "kid": 1}"#, claims)
        #expect(await Self.refusal(named, verifier) == .malformed)
        let good = try key.token(claims: claims)
        let last = good.last == "A" ? "Q" : "A"
        for broken in [
            "", ".", "..", "...", "a.b.c", good + ".", "." + good, good + "=", " " + good,
            good.replacing(".", with: ".."), String(good.dropLast(2)) + "+/",
            good + String(repeating: "A", count: 40_000),
            try key.token(#"{"alg": "ES256"}"#, "[]"),
            try key.token(#"{"alg": "ES256"}"#, String(repeating: "[", count: 10_000)),
            try key.token("\u{0}", claims),
        ] {
            #expect(await Self.refusal(broken, verifier) == .malformed, "\(broken.prefix(80))")
        }
        let cut = await Self.refusal(String(good.dropLast()) + last, verifier)
        #expect(cut == .signature || cut == .malformed)
        #expect(await Self.refusal(good, verifier) == nil)
    }
}
