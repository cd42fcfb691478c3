import Testing

/// The forms of the pages, sent as browsers send them.
@Suite struct FormTests {
    private static let back = "/p/shop/stages/uat?do=rollback&to=previous"

    private static func events(_ server: RunningServer) throws -> Int {
        try server.get("/v1/ledger").json["events"].int
    }

    private static func rollbackCount(_ server: RunningServer) throws -> Int {
        let promotions = try server.get("/v1/projects/shop/promotions?limit=100").json["items"]
        return promotions.items.count { $0["promotionKind"].text == "rollback" }
    }

    @Test func `a form is recorded once, and leads to a page that says so`() async throws {
        let place = try await FixedLedger.shared.copied()
        _ = try await RunningServer.serve(place) { server in
            let visitor = try Visitor(server, server.signInPath)
            let form = try visitor.form("roll-back-stage", on: Self.back)
            let first = try visitor.send(form, [("reason", "customers cannot pay")])
            #expect(first.status == 303, "\(first.body)")
            let location = try #require(first.headers["location"])
            #expect(location.hasPrefix("/p/shop/promotions/"))
            let page = try visitor.page(location)
            #expect(page.status == 200)
            #expect(page.body.contains("<b>Recorded</b> as"))
            let before = try Self.events(server)
            let again = try visitor.send(form, [("reason", "customers cannot pay")])
            #expect(again.status == 303)
            #expect(again.headers["location"] == location)
            #expect(try Self.events(server) == before)
            let last = try server.get("/v1/audit/events?limit=1").json["items"][0]
            #expect(last["actor"]["name"].text == "operator")
        }
    }

    @Test func `of two people who press at once, one is told that the other did`() async throws {
        let place = try await FixedLedger.shared.copied()
        _ = try await RunningServer.serve(place) { server in
            let visitors = [
                try Visitor(server, server.signInPath), try Visitor.another(server),
            ]
            let forms = try visitors.map { try $0.form("roll-back-stage", on: Self.back) }
            let before = try Self.rollbackCount(server)
            let answers = try await withThrowingTaskGroup(of: RawHTTP.Answer.self) { group in
                for (visitor, form) in zip(visitors, forms) {
                    group.addTask { try visitor.send(form, [("reason", "it is slow")]) }
                }
                var answers: [RawHTTP.Answer] = []
                for try await answer in group { answers.append(answer) }
                return answers
            }
            #expect(answers.map(\.status).sorted() == [303, 422])
            let refused = try #require(answers.first { $0.status == 422 })
            #expect(refused.body.contains("would not do any more what you saw"))
            // The reason is still there, and what would happen now is shown.
            #expect(refused.body.contains("it is slow"))
            #expect(try Self.rollbackCount(server) == before + 1)
        }
    }

    @Test func `a form of another site, or another session, does nothing`() async throws {
        let place = try await FixedLedger.shared.copied()
        _ = try await RunningServer.serve(place) { server in
            let visitor = try Visitor(server, server.signInPath)
            let other = try Visitor.another(server)
            let form = try visitor.form("roll-back-stage", on: Self.back)
                .with("reason", "it is slow")
            let before = try Self.events(server)
            for origin in ["http://evil.example", "null", visitor.origin + ".evil.example"] {
                let answer = try visitor.send(form.action, form.fields, origin: origin)
                #expect(answer.status == 403, "\(origin)")
            }
            #expect(try visitor.send(form.without("csrf")).status == 403)
            #expect(try visitor.send(form.with("csrf", "")).status == 403)
            #expect(try other.send(form).status == 403)
            #expect(try visitor.send("/sign-out", []).status == 403)
            let json = try visitor.http.send(
                "POST",
                form.action,
                headers: [
                    "Cookie": visitor.cookie, "Origin": visitor.origin,
                    "Content-Type": "text/plain",
                ],
                body: "a=b"
            )
            #expect(json.status == 415)
            let stranger = try server.http.send(
                "POST",
                form.action,
                headers: [
                    "Origin": visitor.origin,
                    "Content-Type": "application/x-www-form-urlencoded",
                ],
                body: "a=b"
            )
            #expect(stranger.status == 401)
            #expect(try Self.events(server) == before)
        }
    }

    @Test func `every verb asks for the command that the API knows`() async throws {
        let place = try await FixedLedger.shared.copied()
        _ = try await RunningServer.serve(place) { server in
            let visitor = try Visitor(server, server.signInPath)
            let csrf = try visitor.form("roll-back-stage", on: Self.back).fields
                .first { $0.0 == "csrf" }
            let token = try #require(csrf).1
            let freight = "2026.47"
            let rows: [(verb: String, fields: [(String, String)], status: Int)] = [
                ("note", [("about", "stage/prod"), ("text", "seen")], 303),
                ("bookmark", [("name", "seen"), ("at", "#10")], 303),
                ("bookmark", [("name", "Not a name")], 422),
                ("quarantine", [("freight", freight)], 422),
                ("quarantine", [("freight", freight), ("reason", "broken")], 303),
                ("quarantine", [("freight", freight), ("reason", "broken")], 422),
                ("unquarantine", [("freight", freight), ("reason", "mended")], 303),
                ("approve", [("freight", freight), ("for", "stage/prod")], 303),
                ("approve", [("freight", freight), ("for", "nowhere")], 422),
                ("revoke", [("freight", freight), ("for", "stage/prod")], 303),
                ("alias", [("freight", freight), ("name", "train-47")], 303),
                ("alias", [("freight", "none"), ("name", "train-48")], 422),
                ("promote", [("stage", "prod"), ("freight", "none")], 422),
                ("promote-verified", [("stage", "nowhere")], 422),
                ("roll-back-junction", [("junction", "release"), ("to", "10")], 422),
                ("restore", [("to", "#99999999"), ("reason", "why")], 422),
                ("repackage", [("junction", "none")], 422),
                ("collect", [("junction", "none")], 422),
                ("resume", [("for", "stage/prod")], 303), ("resume", [("for", "stage/dev")], 422),
                ("abort", [("promotion", "none")], 422),
                ("answer", [("promotion", "none"), ("value", "yes")], 422),
                ("report", [("promotion", "none"), ("result", "passed")], 422),
                ("derive", [("freight", freight)], 422), ("mode", [("mode", "fly")], 422),
                ("mode", [("mode", "observe")], 422), ("mode", [("mode", "drive")], 422),
                ("explode", [], 422),
            ]
            for (index, row) in rows.enumerated() {
                let fields = [("csrf", token), ("command", "form-\(index)")] + row.fields
                let answer = try visitor.send("/p/shop/do/\(row.verb)", fields)
                #expect(answer.status == row.status, "\(row.verb) \(row.fields)")
                if row.status == 422 {
                    #expect(answer.body.contains("role=\"alert\""), "\(row.verb)")
                }
            }
        }
    }

    @Test func `whatever is typed is shown as text`() async throws {
        let hostile = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>"
        let place = try await FixedLedger.shared.copied()
        _ = try await RunningServer.serve(place) { server in
            let visitor = try Visitor(server, server.signInPath)
            let form = try visitor.form("roll-back-stage", on: Self.back)
            let token = try #require(form.fields.first { $0.0 == "csrf" }).1
            let verbs = [
                "promote", "promote-verified", "roll-back-stage", "roll-back-junction",
                "restore", "abort", "answer", "resume", "collect", "repackage", "derive",
                "approve", "revoke", "quarantine", "unquarantine", "alias", "bookmark", "note",
                "report", "mode", "%22%3E%3Cscript%3E",
            ]
            let names = [
                "stage", "freight", "origin", "junction", "to", "promotion", "value", "for",
                "artifact", "version", "name", "at", "about", "text", "result", "evidence",
                "message", "mode", "alias", "reason", "allow", "seen", "preview", "back",
            ]
            for verb in verbs {
                for back in ["/p/shop/stages/prod", "/p/shop/freight/2026.47", hostile] {
                    var fields = [("csrf", token), ("command", "hostile-\(verb.count)")]
                    fields += names.map { ($0, hostile) }
                    fields = fields.filter { $0.0 != "back" } + [("back", back)]
                    let answer = try visitor.send("/p/shop/do/\(verb)", fields)
                    #expect((400..<500).contains(answer.status), "\(verb) \(answer.status)")
                    #expect(!answer.body.contains("<script>"), "\(verb)")
                    #expect(!answer.body.contains("<img"), "\(verb)")
                }
            }
            // What is recorded so is shown so.
            let note = [
                ("csrf", token), ("command", "hostile-note"), ("about", "stage/prod"),
                ("text", hostile), ("reason", hostile),
            ]
            #expect(try visitor.send("/p/shop/do/note", note).status == 303)
            for path in ["/p/shop", "/p/shop/stages/prod", "/p/shop/audit"] {
                let page = try visitor.page(path).body
                #expect(!page.contains("<script>") && !page.contains("<img"), "\(path)")
            }
        }
    }

    @Test func `signing out ends the session`() async throws {
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(place) { server in
            let visitor = try Visitor(server, server.signInPath)
            let page = try visitor.page("/").body
            let token = try #require(page.firstMatch(of: /name="csrf" value="([^"]*)"/)).1
            let left = try visitor.send("/sign-out", [("csrf", String(token))])
            #expect(left.status == 303)
            #expect(try visitor.page("/").status == 401)
        }
    }
}
