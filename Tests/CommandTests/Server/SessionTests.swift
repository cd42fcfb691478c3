import Foundation
import Testing

/// Sessions of browsers, which outlive the server.
@Suite struct SessionTests {
    /// Expects a status for who sends a cookie that was kept.
    private static func expect(
        _ status: Int,
        _ server: RunningServer,
        _ cookies: Cookies,
        _ name: String,
        _ what: String = ""
    ) throws {
        let cookie = try cookies(name)
        // The cookie's name has the port, which is another one now.
        let secret = cookie.split(separator: "=")[1]
        let answer = try server.http.send(
            "GET",
            "/v1/projects",
            headers: ["Cookie": "waybill-session-\(server.http.port)=\(secret)"]
        )
        #expect(answer.status == status, "\(name) \(what)")
    }

    /// What a server is left with in a test.
    private final class Cookies: Sendable {
        private let place: String
        init(_ place: LedgerDirectory) { self.place = place.path + "/cookie-" }
        func keep(_ name: String, _ cookie: String) throws {
            try Files.write(cookie, to: place + name)
        }
        func callAsFunction(_ name: String) throws -> String { try Files.text(place + name) }
    }

    /// In ten minutes, in seconds since 1970.
    private static var soon: Int { Int(Date().timeIntervalSince1970) + 600 }

    /// What the provider says of somebody in the group on-call.
    private static func claims(_ provider: KeyServer, until end: Int = soon) -> String {
        #"{"iss": "\#(provider.issuer)", "aud": "waybill", "sub": "u", "#
            + #""exp": \#(end), "groups": ["on-call"]}"#
    }

    /// Opens a session in each way, and ends those of "left" and "revoked".
    private static func enter(
        _ server: RunningServer,
        _ token: String,
        _ cookies: Cookies
    ) throws {
        func issue(_ name: String) throws -> String {
            let body = #"{"name": "\#(name)", "role": "viewer", "project": "shop"}"#
            return try server.post("/v1/tokens", body).json["token"].text
        }
        try cookies.keep("operator", try Visitor(server, server.signInPath).cookie)
        try cookies.keep("left", try Visitor.another(server).cookie)
        for name in ["ci", "revoked", "later"] {
            try cookies.keep(name, try Visitor(server, token: try issue(name)).cookie)
        }
        let grant = #"{"role": "viewer", "principal": "group/on-call", "project": "shop"}"#
        #expect(try server.post("/v1/roles", grant).status == 200)
        try cookies.keep("user", try Visitor(server, token: token).cookie)
        let left = try server.http.send(
            "POST",
            "/v1/logout",
            headers: [
                "Cookie": try cookies("left"),
                "Origin": "http://127.0.0.1:\(server.http.port)",
            ]
        )
        #expect(left.status == 204)
        #expect(try server.post("/v1/tokens/revoke", #"{"name": "revoked"}"#).status == 200)
    }

    @Test func `sessions go on after a restart, but for those that were ended`() async throws {
        let key = try TestKey("k1")
        let provider = try KeyServer([key])
        defer { provider.stop() }
        let place = try await LedgerDirectory.applied()
        let cookies = Cookies(place)
        let options =
            ["--no-automation", "--oidc-issuer", provider.issuer, "--oidc-audience", "waybill"]
        _ = try await RunningServer.serve(place, options) { server in
            try Self.enter(server, key.token(claims: Self.claims(provider)), cookies)
        }
        let path = place.ledger + "/server.sessions"
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        // Whoever reads it opens nothing.
        let text = try Files.text(path)
        for name in ["operator", "ci", "user"] {
            let secret = try cookies(name).split(separator: "=")[1]
            #expect(!text.contains(secret))
        }
        // Revoked while no server runs.
        _ = try await place.run("token", "revoke", "later").checked()
        _ = try await RunningServer.serve(place, options) { server in
            for (name, status) in [
                ("operator", 200), ("ci", 200), ("user", 200), ("left", 401), ("revoked", 401),
                ("later", 401),
            ] {
                try Self.expect(status, server, cookies, name)
            }
        }
        // Who came by a provider that does not count any more is out, and so is the operator when
        // his token is made anew.
        try FileManager.default.removeItem(atPath: place.ledger + "/server.token")
        _ = try await RunningServer.serve(place) { server in
            try Self.expect(200, server, cookies, "ci")
            try Self.expect(401, server, cookies, "user")
            try Self.expect(401, server, cookies, "operator")
        }
    }

    @Test func `a session that a provider's token opened ends with the token`() async throws {
        let key = try TestKey("k1")
        let provider = try KeyServer([key])
        defer { provider.stop() }
        let place = try await LedgerDirectory.applied()
        let cookies = Cookies(place)
        let options =
            ["--no-automation", "--oidc-issuer", provider.issuer, "--oidc-audience", "waybill"]
        let end = Self.soon
        let token = try key.token(claims: Self.claims(provider, until: end))
        _ = try await RunningServer.serve(place, options) { server in
            let grant = #"{"role": "viewer", "principal": "user/u", "project": "shop"}"#
            #expect(try server.post("/v1/roles", grant).status == 200)
            try cookies.keep("user", try Visitor(server, token: token).cookie)
            try Self.expect(200, server, cookies, "user")
            try cookies.keep("operator", try Visitor(server, server.signInPath).cookie)
        }
        // Nobody waits for the end: the file is made to say that it was.
        let path = place.ledger + "/server.sessions"
        let kept = try Files.text(path)
        let past = kept.replacing("\((end + 60) * 1000)", with: "\((end - 601) * 1000)")
        #expect(past != kept)
        try Files.write(past, to: path)
        try Files.setMode(0o600, of: path)
        _ = try await RunningServer.serve(place, options) { server in
            try Self.expect(401, server, cookies, "user")
            try Self.expect(200, server, cookies, "operator")
        }
    }

    @Test func `a server that is killed has forgotten nobody to whom it answered`() async throws {
        let place = try await LedgerDirectory.applied()
        let cookies = Cookies(place)
        _ = try await RunningServer.serve(place) { server in
            try cookies.keep("one", try Visitor(server, server.signInPath).cookie)
            server.program.send(SIGKILL)
        }
        _ = try await RunningServer.serve(place) { server in
            try Self.expect(200, server, cookies, "one")
        }
    }

    @Test func `a file of sessions that cannot be trusted signs nobody in`() async throws {
        let place = try await LedgerDirectory.applied()
        let cookies = Cookies(place)
        let path = place.ledger + "/server.sessions"
        _ = try await RunningServer.serve(place) { server in
            try cookies.keep("one", try Visitor(server, server.signInPath).cookie)
        }
        let good = try Files.text(path)
        for (text, mode) in [
            (good, 0o660), ("", 0o600), ("{", 0o600), (#"{"format": 2}"#, 0o600),
            (good.replacing("\"end\"", with: "\"and\""), 0o600), (String(good.dropLast(9)), 0o600),
        ] {
            try Files.write(text, to: path)
            try Files.setMode(mode_t(mode), of: path)
            let ending = try await RunningServer.serve(place) { server in
                try Self.expect(401, server, cookies, "one", "\(text)")
            }
            #expect(ending.errors.contains("everybody signs in again"), "\(ending.errors)")
        }
        try Files.write(good, to: path)
        try Files.setMode(0o600, of: path)
        _ = try await RunningServer.serve(place) { server in
            try Self.expect(200, server, cookies, "one")
        }
    }
}
