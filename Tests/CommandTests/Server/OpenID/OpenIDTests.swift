import Foundation
import Testing

/// People and programs who come with tokens of an identity provider.
@Suite struct OpenIDTests {
    private static let note = #"{"subject": "stage/dev", "text": "seen"}"#

    private static func options(_ provider: KeyServer) -> [String] {
        ["--no-automation", "--oidc-issuer", provider.issuer, "--oidc-audience", "waybill"]
    }

    private static func claims(
        _ provider: KeyServer,
        _ user: String,
        _ groups: [String] = [],
        seconds: Int = 600,
        audience: String = "waybill"
    ) -> String {
        let end = Int(Date().timeIntervalSince1970) + seconds
        let names = groups.map { "\"\($0)\"" }.joined(separator: ", ")
        return #"{"iss": "\#(provider.issuer)", "aud": "\#(audience)", "sub": "\#(user)", "#
            + #""exp": \#(end), "groups": [\#(names)]}"#
    }

    private static func grant(
        _ server: RunningServer,
        _ role: String,
        _ principal: String
    ) throws {
        let body = #"{"role": "\#(role)", "principal": "\#(principal)", "project": "shop"}"#
        #expect(try server.post("/v1/roles", body).status == 200)
    }

    private static func note(
        _ server: RunningServer,
        _ token: String
    ) throws -> RawHTTP.Answer {
        try server.http.send(
            "POST",
            "/v1/projects/shop/note",
            token: token,
            headers: ["Content-Type": "application/json"],
            body: note
        )
    }

    @Test func `the actor is the user that the provider names, with his roles and his groups'`()
        async throws
    {
        let key = try TestKey("k1", "RS256")
        let provider = try KeyServer([key])
        defer { provider.stop() }
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(place, Self.options(provider)) { server in
            let claims = Self.claims(provider, "release-manager", ["shop-writers", "others"])
            let token = try key.token("RS256", claims: claims)
            func get() throws -> RawHTTP.Answer {
                try server.http.send("GET", "/v1/projects/shop/stages", token: token)
            }
            #expect(try get().status == 404)
            try Self.grant(server, "viewer", "group/shop-writers")
            #expect(try get().status == 200)
            let refused = try Self.note(server, token)
            #expect(refused.status == 403)
            #expect(
                try refused.json["detail"].text.contains(
                    "waybill role grant promoter user/release-manager --project shop"
                ),
                "\(refused.body)"
            )
            try Self.grant(server, "promoter", "user/release-manager")
            let actor = try Self.note(server, token).json["events"][0]["actor"]
            #expect(actor["name"].text == "user/release-manager")
            #expect(actor["assurance"].text == "oidc")
            // Whoever is in the group only still reads only; a token of that name is somebody else.
            let other = try key.token(
                "RS256",
                claims: Self.claims(provider, "on-call", ["shop-writers"])
            )
            #expect(try Self.note(server, other).status == 403)
            let issued = try server.post("/v1/tokens", #"{"name": "release-manager"}"#)
            #expect(try Self.note(server, try issued.json["token"].text).status == 404)
        }
    }

    @Test func `who is in a group that may read cannot promote, by no way in`() async throws {
        let key = try TestKey("k1")
        let provider = try KeyServer([key])
        defer { provider.stop() }
        let place = try await FixedLedger.shared.copied()
        _ = try await RunningServer.serve(place, Self.options(provider)) { server in
            try Self.grant(server, "viewer", "group/readers")
            let token = try key.token(claims: Self.claims(provider, "on-call", ["readers"]))
            let before = try server.get("/v1/ledger").json["events"].int
            let promoted = try server.http.send(
                "POST",
                "/v1/projects/shop/promote",
                token: token,
                headers: ["Content-Type": "application/json"],
                body: #"{"stage": "prod", "freight": ["2026.47"]}"#
            )
            #expect(promoted.status == 403)
            #expect(try promoted.json["code"].text == "roleNeeded")
            let visitor = try Visitor(server, token: token)
            #expect(try visitor.page("/p/shop").status == 200)
            let form = try visitor.form(
                "roll-back-stage",
                on: "/p/shop/stages/prod?do=rollback&to=previous"
            )
            #expect(try visitor.send(form, [("reason", "it is slow")]).status == 403)
            let address = "http://127.0.0.1:\(server.http.port)"
            let asked = try await place.run(
                "get",
                "stages",
                "--project",
                "shop",
                "--server",
                address,
                "--token",
                token
            )
            #expect(asked.code == 0 && asked.output.contains("prod"), "\(asked.errors)")
            let typed = try await place.run(
                "promote",
                "--project",
                "shop",
                "--stage",
                "prod",
                "--freight",
                "2026.47",
                "--server",
                address,
                "--token",
                token
            )
            #expect(typed.code == 3 || typed.code == 1, "\(typed.code) \(typed.errors)")
            #expect(typed.errors.contains("needs the role promoter"), "\(typed.errors)")
            #expect(try server.get("/v1/ledger").json["events"].int == before)
        }
    }

    @Test func `a token that proves nothing is refused with a sentence, and logged`() async throws {
        let key = try TestKey("k1")
        let provider = try KeyServer([key])
        defer { provider.stop() }
        let place = try await LedgerDirectory.applied()
        let good = Self.claims(provider, "on-call")
        let tokens = [
            ("tokenExpired", try key.token(claims: Self.claims(provider, "on-call", seconds: -61))),
            (
                "tokenAudience",
                try key.token(claims: Self.claims(provider, "on-call", audience: "other"))
            ),
            ("tokenSignature", try TestKey("k1").token(claims: good)),
            ("tokenKey", try TestKey("k2").token(claims: good)),
            ("tokenAlgorithm", try key.token(#"{"alg": "none"}"#, good)),
            ("tokenMalformed", "a.b.c"),
            ("tokenNameless", try key.token(claims: Self.claims(provider, "\\u0007"))),
        ]
        let ending = try await RunningServer.serve(place, Self.options(provider)) { server in
            for (code, token) in tokens {
                let answer = try server.http.send("GET", "/v1/projects", token: token)
                #expect(answer.status == 401, "\(code): \(answer.body)")
                #expect(try answer.json["code"].text == code, "\(answer.body)")
                #expect(answer.headers["www-authenticate"] == "Bearer")
                let signIn = try server.http.send(
                    "POST",
                    "/sign-in",
                    headers: [
                        "Accept": "text/html", "Origin": "http://127.0.0.1:\(server.http.port)",
                        "Content-Type": "application/x-www-form-urlencoded",
                    ],
                    body: "token=\(token)"
                )
                #expect(signIn.status == 401 && signIn.headers["set-cookie"] == nil)
            }
            var statuses: [Int] = []
            for _ in 0..<40 {
                statuses.append(
                    try server.http.send("GET", "/v1/projects", token: "a.b.c").status
                )
            }
            #expect(statuses.contains(429))
        }
        for (code, _) in tokens {
            #expect(ending.errors.contains("refused 127.0.0.1: \(code)"), "\(ending.errors)")
        }
        // Neither of them is in the log of the server.
        #expect(!ending.errors.contains("eyJ"))
    }

    @Test func `a provider that is silent keeps nobody out who has another token`() async throws {
        let key = try TestKey("k1")
        let provider = try KeyServer([key])
        provider.stop()
        let place = try await LedgerDirectory.applied()
        let ending = try await RunningServer.serve(place, Self.options(provider)) { server in
            let token = try key.token(claims: Self.claims(provider, "on-call"))
            let answer = try server.http.send("GET", "/v1/projects", token: token)
            #expect(answer.status == 503)
            #expect(try answer.json["code"].text == "providerSilent")
            #expect(answer.headers["retry-after"] == "5")
            #expect(try server.get("/v1/projects").status == 200)
        }
        #expect(ending.errors.contains("keys of the identity provider cannot be had"))
    }

    @Test func `a server that knows no provider says so`() async throws {
        let key = try TestKey("k1")
        let provider = try KeyServer([key])
        defer { provider.stop() }
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(place) { server in
            let token = try key.token(claims: Self.claims(provider, "on-call"))
            let answer = try server.http.send("GET", "/v1/projects", token: token)
            #expect(answer.status == 401)
            #expect(try answer.json["detail"].text.contains("--oidc-issuer"))
        }
        #expect(provider.keyCount == 0)
    }

    @Test func `a provider with a certificate of its own is trusted by a file`() async throws {
        let key = try TestKey("k1")
        let provider = try KeyServer([key])
        defer { provider.stop() }
        let place = try await LedgerDirectory.applied()
        try await TLSProxy.run(in: place.path) { proxy in
            try proxy.leads(to: provider.port)
            let issuer = "https://localhost:\(proxy.port)/realm"
            let claims = Self.claims(provider, "on-call")
                .replacing(provider.issuer, with: issuer)
            let token = try key.token(claims: claims)
            let options =
                ["--no-automation", "--oidc-issuer", issuer, "--oidc-audience", "waybill"]
                + ["--oidc-keys-url", "https://localhost:\(proxy.port)/keys"]
            _ = try await RunningServer.serve(
                place,
                options + ["--oidc-ca-file", proxy.certificate]
            ) { server in
                // Known, but without a role.
                let answer = try server.http.send("GET", "/v1/projects", token: token)
                #expect(answer.status == 403, "\(answer.body)")
            }
            _ = try await RunningServer.serve(place, options) { server in
                let answer = try server.http.send("GET", "/v1/projects", token: token)
                #expect(answer.status == 503, "\(answer.body)")
            }
        }
    }

    @Test(arguments: [
        (["--oidc-issuer", "http://idp.example.com", "--oidc-audience", "a"], "--oidc-issuer"),
        (["--oidc-issuer", "https://idp.example.com"], "--oidc-audience"),
        (["--oidc-audience", "a"], "oidcAudience is said without oidcIssuer"),
        (
            [
                "--oidc-issuer", "https://idp.example.com", "--oidc-audience", "a",
                "--oidc-keys-url", "http://idp.example.com/keys",
            ], "--oidc-keys-url"
        ),
    ])
    func `settings that would let the wrong ones in are refused`(
        _ options: [String],
        _ sentence: String
    ) async throws {
        let place = try await LedgerDirectory.made()
        let ending = try await place.run(["serve", "--listen", "127.0.0.1:0"] + options)
        #expect(ending.code == 2 && ending.errors.contains(sentence), "\(ending.errors)")
    }

    @Test func `the settings can stand in the file, and are shown`() async throws {
        let place = try await LedgerDirectory.made()
        try Files.write(
            "oidcIssuer: https://idp.example.com\noidcAudience: waybill\n",
            to: place.ledger + "/serve.yaml"
        )
        let shown = try await place.run("config").checked().output
        #expect(shown.contains(/oidcIssuer +https:\/\/idp.example.com +ledger\/serve.yaml:1/))
        #expect(shown.contains(/oidcAudience +waybill +ledger\/serve.yaml:2/))
        #expect(shown.contains(/oidcGroupsClaim +groups +default/))
    }
}
