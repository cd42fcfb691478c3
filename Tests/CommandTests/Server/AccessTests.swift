import Foundation
import Testing

/// Who may ask the server.
@Suite struct AccessTests {
    @Test func `nobody enters without a token or a session`() async throws {
        let place = try await LedgerDirectory.applied()
        let ending = try await RunningServer.serve(place) { server in
            for path in ["/v1/projects", "/v1/ledger", "/v1/nothing", "/"] {
                let answer = try server.http.send("GET", path)
                #expect(answer.status == 401, "\(path)")
                #expect(answer.headers["www-authenticate"] == "Bearer")
            }
            let wrong = [
                "Bearer", "Bearer x", "Basic \(server.token)",
                "Bearer \(String(repeating: "0", count: 64))",
                "Bearer \(server.token.dropLast())0\(server.token.last == "0" ? "1" : "")",
            ]
            for header in wrong {
                let answer = try server.http.send(
                    "GET",
                    "/v1/projects",
                    headers: ["Authorization": header]
                )
                #expect(answer.status == 401, "\(header)")
                #expect(try answer.json["code"].text == "unknownToken")
            }
        }
        #expect(ending.errors.contains("refused 127.0.0.1: unknownToken"))
        #expect(ending.errors.contains("refused 127.0.0.1: notSignedIn"))
    }

    @Test func `the token's file is its owner's alone, and stays`() async throws {
        let place = try await LedgerDirectory.applied()
        let path = place.ledger + "/server.token"
        _ = try await RunningServer.serve(place) { _ in }
        let first = try String(contentsOfFile: path, encoding: .utf8)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        _ = try await RunningServer.serve(place) { server in
            let answer = try server.get("/v1/projects")
            #expect(answer.status == 200)
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == first)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        let refused = try await place.run("serve", "--listen", "127.0.0.1:0")
        #expect(refused.code == 1)
        #expect(refused.errors.contains("can be read by others"))
    }

    @Test func `the printed link signs a browser in once`() async throws {
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(place) { server in
            let entered = try server.http.send("GET", server.signInPath)
            #expect(entered.status == 303)
            #expect(entered.headers["location"] == "/")
            let cookie = try #require(entered.headers["set-cookie"])
            #expect(cookie.contains("; HttpOnly; SameSite=Strict"))
            let session = String(cookie.prefix { $0 != ";" })
            let asked = try server.http.send(
                "GET",
                "/v1/projects",
                headers: ["Cookie": "other=1; \(session)"]
            )
            #expect(asked.status == 200)
            #expect(try server.http.send("GET", server.signInPath).status == 403)

            let link = try server.post("/v1/login-links", "")
            #expect(link.status == 201)
            let url = try link.json["url"].text
            let path = try #require(url.firstRange(of: "/login?"))
            let again = try server.http.send("GET", String(url[path.lowerBound...]))
            #expect(again.status == 303)

            let left = try server.http.send(
                "POST",
                "/v1/logout",
                headers: ["Cookie": session, "Origin": "http://127.0.0.1:\(server.http.port)"]
            )
            #expect(left.status == 204)
            let after = try server.http.send(
                "GET",
                "/v1/projects",
                headers: ["Cookie": session]
            )
            #expect(after.status == 401)
        }
    }

    @Test func `the server answers to its own names only`() async throws {
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(
            place,
            ["--no-automation", "--host", "ledger.example.com"]
        ) { server in
            let port = server.http.port
            for (host, status) in [
                ("127.0.0.1:\(port)", 200), ("localhost:\(port)", 200), ("LOCALHOST:\(port)", 200),
                ("ledger.example.com", 200), ("127.0.0.1", 421), ("evil.example.com", 421),
                ("127.0.0.1:\(port).evil.example.com", 421), ("", 421),
            ] {
                let answer = try server.get("/v1/projects", headers: ["Host": host])
                #expect(answer.status == status, "\(host)")
            }
        }
    }

    @Test func `a page of another site changes nothing with the browser's session`() async throws {
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(place) { server in
            let entered = try server.http.send("GET", server.signInPath)
            let cookie = try #require(entered.headers["set-cookie"]).prefix { $0 != ";" }
            let own = "http://127.0.0.1:\(server.http.port)"
            let rows: [([String: String], Int)] = [
                ([:], 403), (["Origin": "null"], 403), (["Origin": "http://evil.example"], 403),
                (["Origin": own + ".evil.example"], 403),
                (["Sec-Fetch-Site": "cross-site"], 403),
                (["Sec-Fetch-Site": "same-origin"], 201), (["Origin": own], 201),
            ]
            for (headers, status) in rows {
                let answer = try server.http.send(
                    "POST",
                    "/v1/login-links",
                    headers: headers.merging(["Cookie": String(cookie)]) { $1 }
                )
                #expect(answer.status == status, "\(headers)")
            }
        }
    }

    @Test func `who tries again and again to enter is slowed down`() async throws {
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(place) { server in
            var statuses: [Int] = []
            for _ in 0..<40 { statuses.append(try server.http.send("GET", "/v1/projects").status) }
            #expect(statuses.prefix(10).allSatisfy { $0 == 401 })
            #expect(statuses.contains(429))
            // Who has the token is not kept out by that.
            #expect(try server.get("/v1/projects").status == 200)
        }
    }
}
