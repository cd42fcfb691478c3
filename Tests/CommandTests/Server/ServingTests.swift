import Foundation
import Testing

/// `waybill serve`: it starts, answers what the command line answers, and stops.
@Suite struct ServingTests {
    @Test(arguments: [SIGINT, SIGTERM])
    func `it serves until somebody stops it`(_ signal: CInt) async throws {
        let place = try await LedgerDirectory.applied()
        let ending = try await RunningServer.serve(place) { server in
            let answer = try server.get("/v1/projects/shop/stages")
            #expect(answer.status == 200)
            #expect(try answer.json["items"].items.map { $0["name"].text } == ["dev"])
            server.program.send(signal)
        }
        #expect(ending.code == 0, "\(ending.errors)")
        #expect(ending.errors.isEmpty)
    }

    @Test func `health and readiness are told to anybody`() async throws {
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(place) { server in
            let health = try server.http.send("GET", "/health")
            #expect(health.status == 200)
            #expect(try health.json["status"].text == "well")
            let ready = try server.http.send("GET", "/ready")
            #expect(try ready.json["position"].int > 0)
        }
    }

    @Test func `requests are logged where that is wanted, without what links have in them`()
        async throws
    {
        let place = try await LedgerDirectory.applied()
        let options = ["--no-automation", "--request-log"]
        let ending = try await RunningServer.serve(place, options) { server in
            _ = try server.http.send("GET", server.signInPath)
            _ = try server.get("/v1/projects/shop/stages?limit=1")
            _ = try await place.run("note", "stage/dev", "x").checked()
        }
        let lines = ending.errors.split(separator: "\n").map(String.init)
        #expect(lines.contains { $0.contains("127.0.0.1 GET /login 303 ") }, "\(lines)")
        #expect(lines.contains { $0.contains(" GET /v1/projects/shop/stages 200 ") })
        #expect(lines.contains { $0.contains("socket POST /v1/projects/-/note 200 ") })
        #expect(!ending.errors.contains("token="))
    }

    /// Paths, and what is typed for the same answer.
    static let answers: [(path: String, words: [String])] = [
        ("/v1/projects", ["get", "projects"]),
        ("/v1/projects?name=shop", ["get", "projects", "shop"]),
        ("/v1/projects/shop/stages", ["get", "stages"]),
        ("/v1/projects/shop/stages?limit=1", ["get", "stages", "--limit", "1"]),
        ("/v1/projects/shop/stages?cursor=dev", ["get", "stages", "--after", "dev"]),
        ("/v1/projects/shop/stages?at=%2320", ["get", "stages", "--at", "#20"]),
        ("/v1/projects/shop/warehouses", ["get", "warehouses"]),
        ("/v1/projects/shop/junctions", ["get", "junctions"]),
        ("/v1/projects/shop/tasks", ["get", "tasks"]),
        ("/v1/projects/shop/projectconfigs", ["get", "projectconfigs"]),
        ("/v1/projects/shop/bookmarks", ["get", "bookmarks"]),
        ("/v1/projects/shop/freight?limit=3", ["get", "freight", "--limit", "3"]),
        ("/v1/projects/shop/freight?stage=prod", ["get", "freight", "--stage", "prod"]),
        (
            "/v1/projects/shop/promotions?phase=succeeded&phase=failed&stage=prod",
            [
                "get", "promotions", "--phase", "succeeded", "--phase", "failed", "--stage",
                "prod",
            ]
        ),
        ("/v1/projects/shop", ["describe", "project/shop"]),
        ("/v1/projects/shop/stages/prod", ["describe", "stage/prod"]),
        ("/v1/projects/shop/junctions/release", ["describe", "junction/release"]),
        ("/v1/projects/shop/warehouses/web", ["describe", "warehouse/web"]),
        ("/v1/projects/shop/freight/2026.47", ["describe", "freight/2026.47"]),
        ("/v1/events/12", ["describe", "event/#12"]),
        ("/v1/projects/shop/stages/prod/history?limit=2", ["history", "prod", "--limit", "2"]),
        (
            "/v1/projects/shop/junctions/release/history?slots=true",
            ["history", "junction/release", "--slots"]
        ),
        ("/v1/projects/shop/stages/prod/blame", ["blame", "prod"]),
        ("/v1/projects/shop/junctions/release/preview", ["repackage", "release", "--preview"]),
        ("/v1/projects/shop/diff?from=uat&to=prod", ["diff", "uat", "prod"]),
        ("/v1/projects/shop/trace?what=2026.47", ["trace", "2026.47"]),
        ("/v1/projects/shop/explain?subject=stage/prod", ["explain", "stage/prod"]),
        (
            "/v1/audit/events?type=PromotionRequested&limit=4",
            ["audit", "events", "--type", "PromotionRequested", "--limit", "4"]
        ),
        (
            "/v1/projects/shop/audit/events?subject=stage/prod&until=%2340",
            ["audit", "events", "-p", "shop", "--subject", "stage/prod", "--until", "#40"]
        ),
        (
            "/v1/projects/shop/audit/population?stage=prod",
            ["audit", "population", "--stage", "prod"]
        ),
        (
            "/v1/projects/shop/audit/sample?stage=prod&seed=q3&number=2",
            ["audit", "sample", "--stage", "prod", "--seed", "q3", "-n", "2"]
        ),
        (
            "/v1/projects/shop/metrics/delivery?stage=prod&to=%2340",
            ["metrics", "delivery", "--stage", "prod", "--to", "#40"]
        ),
    ]

    @Test func `every read answers what the command line answers`() async throws {
        let ledger = try await FixedLedger.shared
        let moment = "#\(ledger.end)"
        let place = try ledger.copied()
        _ = try await RunningServer.serve(place) { server in
            for (path, words) in Self.answers {
                // At a position, so that the clock has no say.
                let isPinned = ["at=", "population", "sample", "metrics", "/v1/ledger"]
                    .contains { path.contains($0) }
                let at = isPinned ? "" : (path.contains("?") ? "&" : "?") + "at=%23\(ledger.end)"
                let pinned = isPinned ? [] : ["--at", moment]
                let answer = try server.get(path + at)
                let typed = try await place.run(words + pinned + ["-o", "json"]).checked()
                #expect(answer.status == 200, "\(path): \(answer.body)")
                #expect(answer.headers["content-type"] == "application/json")
                #expect(try answer.json == typed.json, "\(path)")
            }
        }
    }

    @Test func `as text it is what the command line prints`() async throws {
        let ledger = try await FixedLedger.shared
        let place = try ledger.copied()
        _ = try await RunningServer.serve(place) { server in
            for (path, words) in Self.answers where !path.contains("/metrics/") {
                let answer = try server.get(path, headers: ["Accept": "text/plain"])
                // Ages differ with the second: those are no digits of a name.
                let typed = try await place.run(words).checked()
                #expect(answer.status == 200, "\(path): \(answer.body)")
                #expect(answer.headers["content-type"] == "text/plain; charset=utf-8")
                #expect(answer.body.withoutAges == typed.output.withoutAges, "\(path)")
            }
            let narrow = try server.get(
                "/v1/projects/shop/stages?width=60",
                headers: ["Accept": "text/plain"]
            )
            #expect(narrow.body.split(separator: "\n").allSatisfy { $0.count <= 60 })
        }
    }

    @Test func `an answer has the position as tag, and is not sent again`() async throws {
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(place) { server in
            let first = try server.get("/v1/projects/shop/stages")
            let tag = try #require(first.headers["etag"])
            #expect(try tag == "\"\(first.json["position"].int)\"")
            let again = try server.get("/v1/projects/shop/stages", headers: ["If-None-Match": tag])
            #expect(again.status == 304)
            #expect(again.body.isEmpty)
            _ = try await place.run("note", "stage/dev", "seen").checked()
            let changed = try server.get(
                "/v1/projects/shop/stages",
                headers: ["If-None-Match": tag]
            )
            #expect(changed.status == 200)
            #expect(try changed.json["position"].int == first.json["position"].int + 1)
        }
    }

    @Test func `what is wrong with a question is said as a problem`() async throws {
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(place) { server in
            let rows: [(path: String, status: Int, code: String, field: String?)] = [
                ("/v1/projects/shop/stages?limit=0", 422, "invalidField", "limit"),
                ("/v1/projects/shop/stages?limit=x", 422, "invalidField", "limit"),
                ("/v1/projects/shop/stages?colour=true&nme=x", 400, "invalidField", "nme"),
                ("/v1/projects/shop/stages?limit=1&limit=2", 400, "invalidField", "limit"),
                ("/v1/projects/shop/promotions?phase=lost", 422, "invalidField", "phase"),
                ("/v1/projects/shop/diff?from=dev", 422, "invalidField", "to"),
                ("/v1/projects/shop/stages?at=someday", 400, "usage", nil),
                ("/v1/projects/shop/stages?at=%23999", 404, "notFound", nil),
                ("/v1/projects/none/stages", 404, "unknownProject", nil),
                ("/v1/projects/shop/stages/prd", 404, "unknownStage", nil),
                ("/v1/projects/shop/freight?stage=dev&origin=x", 400, "usage", nil),
                ("/v1/nothing", 404, "noSuchEndpoint", nil),
                ("/v1/projects/..%2f..%2fetc/stages", 400, "usage", nil),
                ("/v1/projects/%2e%2e/stages", 400, "malformedURL", nil),
                ("/v1//projects", 400, "malformedURL", nil),
                ("/v1/projects/%ff/stages", 400, "malformedURL", nil),
                ("/v1/projects/shop%00/stages", 400, "malformedURL", nil),
                ("/v1/projects/%zz/stages", 400, "malformedURL", nil),
            ]
            for row in rows {
                let answer = try server.get(row.path)
                #expect(answer.status == row.status, "\(row.path): \(answer.body)")
                #expect(answer.headers["content-type"] == "application/problem+json")
                let problem = try answer.json
                #expect(problem["code"].text == row.code, "\(row.path): \(answer.body)")
                #expect(problem["status"].int == row.status)
                #expect(!problem["detail"].text.isEmpty)
                if let field = row.field {
                    #expect(problem["details"]["field"].text == field, "\(row.path)")
                }
            }
            let posted = try server.post("/v1/projects/shop/stages", "{}")
            #expect(posted.status == 405)
            #expect(posted.headers["allow"] == "GET")
        }
    }

    @Test func `an address that is taken, or none, is said in a sentence`() async throws {
        let place = try await LedgerDirectory.applied()
        let wrong = try await place.run("serve", "--listen", "8080")
        #expect(wrong.code == 2)
        #expect(wrong.errors.contains("no address to listen at"))
        _ = try await RunningServer.serve(place) { server in
            let other = try await LedgerDirectory.applied()
            let taken = try await other.run(
                "serve",
                "--listen",
                "127.0.0.1:\(server.http.port)"
            )
            #expect(taken.code == 1)
            #expect(taken.errors.contains("in use"), "\(taken.errors)")
        }
    }
}

extension String {
    /// The text with blanks for how long ago things were, and for gaps between columns.
    fileprivate var withoutAges: String {
        replacing(/\d+[smhd]\+?/, with: "AGE").replacing(/[ ]+/, with: " ")
    }
}
