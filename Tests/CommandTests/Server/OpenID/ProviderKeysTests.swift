import EventLog
import Foundation
import OpenID
import Synchronization
import Testing

/// When an identity provider is asked for its keys, and what holds while it is silent.
@Suite struct ProviderKeysTests {
    private static let start = VerifierTests.now

    private struct Setting {
        let server: KeyServer
        let verifier: IdentityVerifier
        let warnings: Warnings

        init(_ server: KeyServer, keysURL: String? = nil) throws {
            self.server = server
            let warnings = Warnings()
            self.warnings = warnings
            verifier = IdentityVerifier(
                try IdentityProvider(
                    issuer: server.issuer,
                    audiences: ["waybill"],
                    keysURL: keysURL
                )
            ) { line in warnings.add(line) }
        }

        /// What comes of a token that a key signs, so many seconds after the start.
        func asked(_ key: TestKey, after seconds: Int64) async throws -> TokenRefusal? {
            let now = ProviderKeysTests.start.adding(milliseconds: seconds * 1000)
            let claims = VerifierTests.claims(
                server.issuer,
                ["exp": "\(now.rawValue / 1000 + 60)"]
            )
            let token = try key.token(claims: claims)
            do throws(TokenRefusal) {
                _ = try await verifier.identity(of: token, at: now)
                return nil
            } catch {
                return error
            }
        }
    }

    private final class Warnings: Sendable {
        private let lines = Mutex<[String]>([])
        func add(_ line: String) { lines.withLock { $0.append(line) } }
        var text: String { lines.withLock { $0.joined(separator: "\n") } }
    }

    @Test(
        arguments: [
            (nil, 600), ("max-age=300", 300), ("public, max-age=\"120\"", 120), ("max-age=0", 60),
            ("no-store", 60), ("max-age=300, no-cache", 60), ("max-age=99999999999999999999", 600),
            ("max-age=86400", 3600),
        ] as [(String?, Int64)]
    )
    func `keys are asked for once as long as they hold, within bounds`(
        _ cacheControl: String?,
        _ seconds: Int64
    ) async throws {
        let key = try TestKey("k1")
        let server = try KeyServer([key], cacheControl: cacheControl)
        defer { server.stop() }
        let setting = try Setting(server)
        for _ in 0..<5 { #expect(try await setting.asked(key, after: 0) == nil) }
        #expect(try await setting.asked(key, after: seconds - 1) == nil)
        #expect(server.keyCount == 1)
        #expect(try await setting.asked(key, after: seconds) == nil)
        #expect(server.keyCount == 2)
    }

    @Test func `a new key is taken at once, and one that is taken back is not`() async throws {
        let (old, new) = (try TestKey("k1"), try TestKey("k2"))
        let server = try KeyServer([old])
        defer { server.stop() }
        let setting = try Setting(server)
        #expect(try await setting.asked(old, after: 0) == nil)
        server.rotate(to: [new])
        #expect(try await setting.asked(new, after: 40) == nil)
        #expect(server.keyCount == 2)
        #expect(try await setting.asked(old, after: 80) == .unknownKey)
    }

    @Test func `names of keys that there are not have the provider asked rarely`() async throws {
        let key = try TestKey("k1")
        let server = try KeyServer([key])
        defer { server.stop() }
        let setting = try Setting(server)
        #expect(try await setting.asked(key, after: 0) == nil)
        for number in 0..<100 {
            let forger = try TestKey("forged-\(number)")
            #expect(try await setting.asked(forger, after: 31) == .unknownKey)
        }
        #expect(server.keyCount == 2)
        #expect(try await setting.asked(try TestKey("forged"), after: 60) == .unknownKey)
        #expect(server.keyCount == 2)
        #expect(try await setting.asked(try TestKey("forged"), after: 61) == .unknownKey)
        #expect(server.keyCount == 3)
    }

    @Test func `who asks at the same time waits for the same answer`() async throws {
        let key = try TestKey("k1")
        let server = try KeyServer([key])
        defer { server.stop() }
        let setting = try Setting(server)
        try await withThrowingTaskGroup(of: TokenRefusal?.self) { group in
            for _ in 0..<20 { group.addTask { try await setting.asked(key, after: 0) } }
            for try await refusal in group { #expect(refusal == nil) }
        }
        #expect(server.keyCount == 1)
    }

    @Test func `the last keys hold for a day while the provider does not answer`() async throws {
        let key = try TestKey("k1")
        let server = try KeyServer([key])
        defer { server.stop() }
        let setting = try Setting(server)
        #expect(try await setting.asked(key, after: 0) == nil)
        server.answer(500)
        let hour: Int64 = 3600
        #expect(try await setting.asked(key, after: hour) == nil)
        #expect(try await setting.asked(key, after: 24 * hour - 1) == nil)
        #expect(try await setting.asked(key, after: 24 * hour) == .providerSilent)
        #expect(setting.warnings.text.contains("/realm/.well-known/openid-configuration"))
        #expect(setting.warnings.text.contains("answers 500"))
        let count = setting.warnings.text.count
        #expect(try await setting.asked(key, after: 24 * hour + 1) == .providerSilent)
        #expect(setting.warnings.text.count == count)
        server.answer(200)
        #expect(try await setting.asked(key, after: 25 * hour) == nil)
    }

    @Test func `without one answer nobody is let in, and the provider is asked again soon`()
        async throws
    {
        let key = try TestKey("k1")
        let server = try KeyServer([key])
        let setting = try Setting(server)
        server.answer(503)
        #expect(try await setting.asked(key, after: 0) == .providerSilent)
        server.answer(200)
        #expect(try await setting.asked(key, after: 4) == .providerSilent)
        #expect(try await setting.asked(key, after: 5) == nil)
        server.stop()
        let alone = try Setting(server)
        #expect(try await alone.asked(key, after: 0) == .providerSilent)
        #expect(alone.warnings.text.contains("keys of the identity provider cannot be had"))
    }

    @Test func `what is no answer of this provider brings no keys`() async throws {
        let key = try TestKey("k1")
        for text in [
            "", "[]", "{}", #"{"keys": {}}"#, #"{"keys": "x"}"#, "<html>",
            #"{"keys": [\#(Array(repeating: key.jwk, count: 101).joined(separator: ","))]}"#,
            String(repeating: " ", count: 1 << 21),
        ] {
            let server = try KeyServer([key])
            defer { server.stop() }
            server.say(text)
            let setting = try Setting(server, keysURL: "http://127.0.0.1:\(server.port)/keys")
            #expect(
                try await setting.asked(key, after: 0) == .providerSilent,
                "\(text.prefix(40))"
            )
        }
        let server = try KeyServer([key])
        defer { server.stop() }
        server.pose(as: "https://evil.example")
        let setting = try Setting(server)
        #expect(try await setting.asked(key, after: 0) == .providerSilent)
        #expect(setting.warnings.text.contains("is of another issuer"))
    }

    @Test func `keys for other uses, and such that are none, sign nobody in`() async throws {
        let key = try TestKey("k1")
        let server = try KeyServer()
        defer { server.stop() }
        let url = "http://127.0.0.1:\(server.port)/keys"
        let odd = [
            #"{"kid": "k1", "kty": "oct", "k": "AAAA"}"#, #"{"kid": "k1"}"#, "1", "null",
            #"{"kid": "k1", "use": "enc", \#(key.members)}"#,
            #"{"kid": "k1", "key_ops": ["sign"], \#(key.members)}"#,
            #"{"kid": "k1", "alg": "ES384", \#(key.members)}"#,
            #"{"kid": "k1", "kty": "EC", "crv": "P-256", "x": "AAAA"}"#,
        ]
        server.say(#"{"keys": [\#(odd.joined(separator: ", "))]}"#)
        #expect(try await Setting(server, keysURL: url).asked(key, after: 0) == .unknownKey)
        let none = #"{"kid": "k1", "kty": "EC", "crv": "P-256", "x": "AAAA", "y": "!"}"#
        server.say(#"{"keys": [\#(none)]}"#)
        #expect(try await Setting(server, keysURL: url).asked(key, after: 0) == .signature)
        // They are no reason to leave out the good one.
        server.say(#"{"keys": [\#((odd + [none, key.jwk]).joined(separator: ", "))]}"#)
        #expect(try await Setting(server, keysURL: url).asked(key, after: 0) == nil)
    }

    @Test(arguments: [
        "http://idp.example.com", "ftp://idp.example.com", "idp.example.com", "https://", "",
        "https://idp.example.com/?a", "https://me@idp.example.com", "https://idp.example.com#a",
        "http://127.0.0.1.evil.example", "http://localhost:80x", "https://a b",
    ])
    func `keys are had from https only, or from this machine`(_ issuer: String) {
        #expect(throws: ProviderSettingsError.issuer(issuer)) {
            try IdentityProvider(issuer: issuer, audiences: ["waybill"])
        }
    }
}
