import Testing

/// The pages, as the server sends them.
@Suite struct PageServingTests {
    @Test func `every page is HTML with a strict policy`() async throws {
        let place = try await FixedLedger.shared.copied()
        _ = try await RunningServer.serve(place) { server in
            let visitor = try Visitor(server, server.signInPath)
            for path in [
                "/", "/p/shop", "/p/shop?at=20", "/p/shop/stages/prod", "/p/shop/freight",
                "/p/shop/stages/prod?do=rollback&to=previous", "/p/shop/junctions/release",
                "/p/shop/warehouses/web", "/p/shop/freight/2026.47", "/p/shop/grid",
                "/p/shop/audit", "/p/shop/audit?event=3", "/p/shop/restore?to=20",
            ] {
                let page = try visitor.page(path)
                #expect(page.status == 200, "\(path)")
                #expect(page.headers["content-type"] == "text/html; charset=utf-8")
                let policy = page.headers["content-security-policy"] ?? ""
                #expect(policy.hasPrefix("default-src 'none'; style-src 'self'"), "\(path)")
                #expect(policy.contains("frame-ancestors 'none'"))
                #expect(page.headers["x-content-type-options"] == "nosniff")
                #expect(page.headers["referrer-policy"] == "same-origin")
                #expect(page.headers["cache-control"] == "private, no-cache")
            }
        }
    }

    @Test func `a browser that is not signed in gets the page for that`() async throws {
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(place) { server in
            for path in ["/", "/p/shop", "/p/none", "/v1/projects"] {
                let page = try server.http.send("GET", path, headers: ["Accept": "text/html"])
                #expect(page.status == 401, "\(path)")
                #expect(page.body.contains("<h1>Sign in</h1>"))
                #expect(page.body.contains("action=\"/sign-in\""))
            }
            let open = try server.http.send("GET", "/sign-in")
            #expect(open.status == 200)
        }
    }

    @Test func `a token that is typed signs in, from this server's page only`() async throws {
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(place) { server in
            let own = "http://127.0.0.1:\(server.http.port)"
            func signIn(_ token: String, _ origin: String?) throws -> RawHTTP.Answer {
                var headers = [
                    "Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded",
                ]
                headers["Origin"] = origin
                return try server.http.send(
                    "POST",
                    "/sign-in",
                    headers: headers,
                    body: "token=\(token)"
                )
            }
            let entered = try signIn(server.token, own)
            #expect(entered.status == 303)
            #expect(entered.headers["location"] == "/")
            let cookie = try #require(entered.headers["set-cookie"]).prefix { $0 != ";" }
            let home = try server.http.send(
                "GET",
                "/",
                headers: ["Cookie": String(cookie)]
            )
            #expect(home.status == 200)
            #expect(try signIn(server.token, nil).status == 403)
            #expect(try signIn(server.token, "http://evil.example").status == 403)
            #expect(try signIn(server.token, "null").status == 403)
            let wrong = try signIn(String(repeating: "0", count: 64), own)
            #expect(wrong.status == 401)
            #expect(wrong.headers["set-cookie"] == nil)
            #expect(wrong.body.contains("role=\"alert\""))
        }
    }

    @Test func `what is not there is said on a page, to programs as a problem`() async throws {
        let place = try await FixedLedger.shared.copied()
        _ = try await RunningServer.serve(place) { server in
            let visitor = try Visitor(server, server.signInPath)
            let rows: [(String, Int)] = [
                ("/p/none", 404), ("/p/shop/stages/none", 404), ("/p/shop/x/y", 404),
                ("/p/shop/stages/prod/more", 404), ("/nothing", 404), ("/p", 404),
                ("/p/shop?at=neverland", 400), ("/p/shop?at=99999999", 404), ("/p/..", 400),
                ("/p/%2e%2e/x", 400), ("/p//shop", 400), ("/p/%ff", 400), ("/p/a%00b", 400),
                ("/p/shop%2f..%2fx", 404), ("/assets/style.css", 404),
                ("/assets/..%2f..%2fserver.token", 404),
            ]
            for (path, status) in rows {
                let page = try visitor.page(path)
                #expect(page.status == status, "\(path)")
                #expect(page.headers["content-type"] == "text/html; charset=utf-8", "\(path)")
                let problem = try server.get(path)
                #expect(problem.status == status, "\(path)")
            }
            #expect(try server.get("/nothing").json["code"].text == "noSuchEndpoint")
        }
    }

    @Test func `assets never change, and come compressed`() async throws {
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(place) { server in
            let page = try server.http.send("GET", "/sign-in").body
            let name = try #require(page.firstMatch(of: /\/assets\/style[^"]*/)).0
            let style = try server.http.send("GET", String(name))
            #expect(style.status == 200)
            #expect(style.headers["content-type"] == "text/css; charset=utf-8")
            #expect(style.headers["cache-control"] == "public, max-age=31536000, immutable")
            let tag = try #require(style.headers["etag"])
            let known = try server.http.send(
                "GET",
                String(name),
                headers: ["If-None-Match": tag]
            )
            #expect(known.status == 304)
            let packed = try server.http.send(
                "GET",
                String(name),
                headers: ["Accept-Encoding": "br, gzip"]
            )
            #expect(packed.headers["content-encoding"] == "gzip")
            #expect(packed.bytes.prefix(2) == [0x1f, 0x8b])
            #expect(packed.bytes.count * 3 < style.bytes.count)
            let refused = try server.http.send(
                "GET",
                String(name),
                headers: ["Accept-Encoding": "gzip;q=0, identity"]
            )
            #expect(refused.bytes == style.bytes)
        }
    }
}
