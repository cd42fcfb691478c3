import EventLog
import Ledger
import LedgerServer
import PromotionModel
import Testing

/// Who may ask what of the server.
@Suite struct RoleTests {
    /// Somebody who asks, and what he may in the project `shop`.
    private struct Asker {
        let name: String
        let token: String?
        let powers: Powers
    }

    /// Everybody that there can be.
    private static func askers(_ server: RunningServer) throws -> [Asker] {
        let shop = ProjectName(unchecked: "shop")
        var askers = [Asker(name: "nobody", token: nil, powers: .none)]
        askers.append(Asker(name: "roleless", token: try issue(server, "roleless"), powers: .none))
        for role in Role.allCases {
            let token = try issue(server, role.name, #", "role": "\#(role.name)""#)
            let powers = Powers([RoleGrant(role, in: shop)])
            askers.append(Asker(name: role.name, token: token, powers: powers))
        }
        let all = try issue(server, "all", #", "role": "admin", "allProjects": true"#)
        askers.append(Asker(name: "all", token: all, powers: .everything))
        return askers
    }

    private static func issue(
        _ server: RunningServer,
        _ name: String,
        _ more: String = ""
    ) throws -> String {
        let answer = try server.post("/v1/tokens", #"{"name": "\#(name)"\#(more)}"#)
        guard answer.status == 200 else { throw TestFailure(answer.body) }
        return try answer.json["token"].text
    }

    /// What each change takes, and a body that asks for it, by the last words of its path.
    private static let changes: [String: (body: String, need: Need)] = {
        let shop = ProjectName(unchecked: "shop")
        func prod(_ permission: Permission) -> Need {
            Need(permission, in: shop, for: .stage(StageName(unchecked: "prod")))
        }
        func need(_ permission: Permission) -> Need { Need(permission, in: shop) }
        let freight = #""freight": "2026.47""#
        return [
            "promote": (#"{"stage": "prod", "freight": ["2026.47"]}"#, prod(.promote)),
            "rollback": (#"{"subject": "stage/prod", "to": "previous"}"#, prod(.promote)),
            "collect": (#"{"junction": "release"}"#, need(.promote)),
            "repackage": (#"{"junction": "release"}"#, need(.promote)),
            "assemble": (#"{"from": "2026.47", "set": ["web=2"]}"#, need(.assemble)),
            "approve": (#"{\#(freight), "for": "stage/prod"}"#, need(.approve)),
            "revoke": (#"{\#(freight), "for": "stage/prod"}"#, need(.approve)),
            "quarantine": (#"{\#(freight), "reason": "bad"}"#, need(.approve)),
            "unquarantine": (#"{\#(freight)}"#, need(.approve)),
            "alias": (#"{\#(freight), "alias": "other"}"#, need(.assemble)),
            "abort": (#"{"promotion": "prod.x.y"}"#, need(.promote)),
            "answer": (#"{"promotion": "prod.x.y", "answer": "yes"}"#, need(.answer)),
            "resume": (#"{"subject": "stage/prod"}"#, prod(.promote)),
            "report": (#"{"stage": "prod", "result": "passed"}"#, prod(.promote)),
            "delete": (#"{"subject": "stage/prod"}"#, need(.administer)),
            "bookmark": (#"{"name": "here"}"#, need(.annotate)),
            "note": (#"{"subject": "stage/prod", "text": "seen"}"#, need(.annotate)),
            "adopt": (#"{"name": "shop"}"#, need(.administer)),
            "audit/evidence": ("", need(.read)),
            "audit/population/folder": ("", need(.read)),
            "discover": (#"{"warehouses": ["nothing"]}"#, need(.assemble)),
            "apply": (
                "apiVersion: kargo.akuity.io/v1alpha1\nkind: Project\nmetadata: {name: shop}\n",
                need(.administer)
            ),
            "tokens": (#"{"name": "other"}"#, Need(.administer, in: nil)),
            "tokens/revoke": (#"{"name": "roleless"}"#, Need(.administer, in: nil)),
            "roles": (
                #"{"role": "viewer", "principal": "group/x", "project": "shop"}"#,
                need(.administer)
            ),
            "roles/revoke": (
                #"{"role": "viewer", "principal": "token/viewer", "project": "shop"}"#,
                need(.administer)
            ),
        ]
    }()

    /// A path of an endpoint, with something in the place of each name.
    private static func path(_ endpoint: Endpoint) -> String {
        let names = [
            "project": "shop", "stage": "prod", "junction": "release", "warehouse": "web",
            "freight": "2026.47", "bookmark": "first-train", "position": "1",
            "tile": "0/000",
        ]
        return endpoint.path.split(separator: "/").map { word in
            guard word.hasPrefix("{") else { return "/\(word)" }
            return "/" + (names[String(word.dropFirst().dropLast())] ?? "none")
        }.joined()
    }

    @Test func `every endpoint answers whoever may, and nobody else`() async throws {
        let place = try await FixedLedger.shared.copied()
        _ = try await RunningServer.serve(place) { server in
            for asker in try Self.askers(server) {
                for endpoint in EndpointTable.all {
                    try Self.check(endpoint, asker, server)
                }
            }
        }
    }

    private static func check(
        _ endpoint: Endpoint,
        _ asker: Asker,
        _ server: RunningServer
    ) throws {
        let shop = ProjectName(unchecked: "shop")
        let hasProject = endpoint.path.contains("{project}")
        var path = path(endpoint)
        var body = ""
        var headers: [String: String] = [:]
        let isLet: Bool
        switch endpoint.admission {
        case .anybody: isLet = true
        case .signedIn: isLet = asker.token != nil
        case .reader:
            isLet = hasProject ? asker.powers.see(shop) : !asker.powers.grants.isEmpty
        case .administrator:
            isLet = asker.powers.allow(Need(.administer, in: hasProject ? shop : nil))
        case .giver:
            let words = endpoint.path.split(separator: "/").drop { $0 == "v1" }
            let name = words.drop { $0 == "projects" || $0 == "{project}" }.joined(separator: "/")
            guard let change = changes[name] else {
                Issue.record("say in this test what \(endpoint.path) needs")
                return
            }
            isLet = asker.powers.allow(change.need)
            body = change.body
            path += "?dryRun=true"
            headers["Content-Type"] = name == "apply" ? "application/yaml" : "application/json"
        }
        // Whoever may follow would be answered for ever.
        if endpoint.path == "/v1/events" { path += "?from=nothing" }
        let method = endpoint.method.rawValue
        let answer = try server.http.send(
            method,
            path,
            token: asker.token,
            headers: headers,
            body: body
        )
        let what = "\(asker.name): \(method) \(path): \(answer.status) \(answer.body.prefix(300))"
        if isLet {
            #expect(![401, 429, 500].contains(answer.status), "\(what)")
            #expect(!answer.body.contains("roleNeeded"), "\(what)")
        } else if asker.token == nil {
            #expect([401, 429].contains(answer.status), "\(what)")
        } else {
            // What is in a project that he does not see is not there for him.
            #expect([403, 404].contains(answer.status), "\(what)")
            #expect(
                answer.body.contains("roleNeeded") || answer.body.contains("unknownProject"),
                "\(what)"
            )
        }
    }

    @Test func `pages show and do what the roles allow, and no more`() async throws {
        let place = try await FixedLedger.shared.copied()
        _ = try await RunningServer.serve(place) { server in
            let pages = [
                "/p/shop", "/p/shop/stages/prod", "/p/shop/freight", "/p/shop/grid",
                "/p/shop/audit?event=1", "/p/shop/restore?to=%232",
            ]
            let stranger = try Visitor(server, token: try Self.issue(server, "roleless"))
            for path in ["/"] + pages {
                let page = try stranger.page(path)
                #expect([403, 404].contains(page.status), "\(path): \(page.status)")
                #expect(!page.body.contains("2026.47"), "\(path)")
            }
            let role = #", "role": "viewer", "project": "shop""#
            let viewer = try Visitor(server, token: try Self.issue(server, "viewer", role))
            for path in ["/"] + pages {
                #expect(try viewer.page(path).status == 200, "\(path)")
            }
            let form = try viewer.form(
                "roll-back-stage",
                on: "/p/shop/stages/prod?do=rollback&to=previous"
            )
            let before = try server.get("/v1/ledger").json["events"].int
            let answer = try viewer.send(form, [("reason", "customers cannot pay")])
            #expect(answer.status == 403)
            #expect(answer.body.contains("waybill role grant"), "\(answer.body)")
            #expect(try server.get("/v1/ledger").json["events"].int == before)
        }
    }

    @Test func `a promoter of prod* cannot promote uat, and is told what he needs`() async throws {
        let place = try await FixedLedger.shared.copied()
        _ = try await RunningServer.serve(place) { server in
            let token = try Self.issue(
                server,
                "ci",
                #", "role": "promoter", "project": "shop", "stages": ["prod*"]"#
            )
            func promote(_ stage: String) throws -> RawHTTP.Answer {
                try server.http.send(
                    "POST",
                    "/v1/projects/shop/promote?dryRun=true",
                    token: token,
                    headers: ["Content-Type": "application/json"],
                    body: #"{"stage": "\#(stage)", "freight": ["2026.47"]}"#
                )
            }
            let refused = try promote("uat")
            #expect(refused.status == 403)
            #expect(
                try refused.json["detail"].text
                    == "to move freight to stage/uat needs the role promoter in project shop; an "
                    + "admin grants it with waybill role grant promoter token/ci --project shop "
                    + "--stage uat"
            )
            #expect(try promote("prod").status != 403)
        }
    }

    @Test func `the actor in the log is the token's name, whatever the body says`() async throws {
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(place) { server in
            let token = try Self.issue(server, "ci", #", "role": "admin", "allProjects": true"#)
            let answer = try server.http.send(
                "POST",
                "/v1/projects/shop/note",
                token: token,
                headers: ["Content-Type": "application/json"],
                body: #"{"subject": "stage/dev", "text": "seen"}"#
            )
            let actor = try answer.json["events"][0]["actor"]
            #expect(actor["name"].text == "ci")
            #expect(actor["assurance"].text == "token")
        }
    }

    @Test func `a token that was revoked opens nothing, nor does its name's next one`() async throws
    {
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(place) { server in
            let first = try Self.issue(server, "ci", #", "role": "viewer", "project": "shop""#)
            #expect(try server.http.send("GET", "/v1/projects", token: first).status == 200)
            #expect(try server.post("/v1/tokens/revoke", #"{"name": "ci"}"#).status == 200)
            let refused = try server.http.send("GET", "/v1/projects", token: first)
            #expect(refused.status == 401)
            #expect(try refused.json["detail"].text.contains("was revoked"))
            let second = try Self.issue(server, "ci")
            #expect(try server.http.send("GET", "/v1/projects", token: second).status == 200)
            let replaced = try server.http.send("GET", "/v1/projects", token: first)
            #expect(try replaced.json["detail"].text.contains("was replaced"))
            for form in [String(second.dropLast()), second.uppercased() + "0", "ab" + second] {
                #expect(try server.http.send("GET", "/v1/projects", token: form).status == 401)
            }
        }
    }

    @Test func `a token that is too old opens nothing`() async throws {
        let place = try LedgerDirectory()
        let start = try #require(Timestamp(text: "2020-01-01T00:00:00Z"))
        let ledger = try Ledger.create(at: place.ledger, clock: { start })
        let token = String(repeating: "0a", count: 32)
        let envelope = CommandEnvelope(
            id: CommandID(unchecked: "old"),
            actor: EventActor(name: "operator", assurance: .osUser),
            command: .issueToken(
                IssueToken(
                    token: TokenName(unchecked: "old"),
                    digest: Digest.sha256(Array(token.utf8)).hex,
                    end: .after(milliseconds: 60_000),
                    grants: [RoleGrant(.admin, in: .cluster)]
                )
            )
        )
        _ = try await ledger.execute(envelope)
        await ledger.log.close()
        _ = try await RunningServer.serve(place) { server in
            let refused = try server.http.send("GET", "/v1/projects", token: token)
            #expect(refused.status == 401)
            #expect(try refused.json["code"].text == "tokenEnded")
            #expect(try server.get("/v1/tokens").json["items"][0]["state"].text == "expired")
        }
    }

    @Test func `who has no role in a project does not learn that it is there`() async throws {
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(place) { server in
            let manifest =
                "apiVersion: kargo.akuity.io/v1alpha1\nkind: Project\nmetadata: {name: bakery}\n"
            let applied = try server.post(
                "/v1/apply",
                manifest,
                headers: ["Content-Type": "application/yaml"]
            )
            #expect(applied.status == 200)
            let token = try Self.issue(server, "baker", #", "role": "viewer", "project": "bakery""#)
            func get(_ path: String) throws -> RawHTTP.Answer {
                try server.http.send("GET", path, token: token)
            }
            let projects = try get("/v1/projects").json["items"]
            #expect(projects.items.map { $0["name"].text } == ["bakery"])
            let there = try get("/v1/projects/shop/stages")
            let notThere = try get("/v1/projects/shap/stages")
            #expect(there.status == 404 && notThere.status == 404)
            #expect(there.body.replacing("shop", with: "shap") == notThere.body)
            for path in [
                "/v1/projects/shop", "/v1/projects?name=shop", "/v1/events/1",
                "/v1/events?project=shop", "/v1/projects/bakery/trace?what=%23nothing",
            ] {
                let answer = try get(path)
                #expect(!answer.body.contains("stage/dev"), "\(path)")
                if path != "/v1/projects?name=shop" { #expect(answer.status >= 400, "\(path)") }
            }
            let events = try get("/v1/audit/events").json["items"].items
            #expect(!events.isEmpty)
            #expect(events.allSatisfy { $0["project"].text == "bakery" })
        }
    }

    @Test func `anybody reads what the server was told to show, and changes nothing`() async throws
    {
        let place = try await LedgerDirectory.applied()
        let options = ["--no-automation", "--anonymous-read", "shop"]
        _ = try await RunningServer.serve(place, options) { server in
            #expect(try server.http.send("GET", "/v1/projects/shop/stages").status == 200)
            #expect(try server.http.send("GET", "/v1/projects/other/stages").status == 401)
            for path in ["/metrics", "/v1/tokens", "/checkpoint", "/v1/events/1000"] {
                let status = try server.http.send("GET", path).status
                #expect(status >= 400, "\(path)")
            }
            let changed = try server.http.send(
                "POST",
                "/v1/projects/shop/note",
                headers: ["Content-Type": "application/json"],
                body: #"{"subject": "stage/dev", "text": "seen"}"#
            )
            #expect(changed.status == 401)
        }
    }
}
