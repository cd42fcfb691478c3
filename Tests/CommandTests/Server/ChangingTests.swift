import Foundation
import Testing

/// Commands by HTTP.
@Suite struct ChangingTests {
    @Test func `a change is recorded, and its key answers the same receipt again`() async throws {
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(place) { server in
            let body = #"{"subject": "stage/dev", "text": "first"}"#
            let key = ["Idempotency-Key": "note-1"]
            let first = try server.post("/v1/projects/shop/note", body, headers: key)
            #expect(first.status == 200, "\(first.body)")
            #expect(first.headers["idempotency-key"] == "note-1")
            let receipt = try first.json
            #expect(receipt["duplicate"] == .bool(false))
            #expect(receipt["events"][0]["type"].text == "NoteRecorded")
            #expect(receipt["events"][0]["actor"]["name"].text == "operator")
            #expect(receipt["events"][0]["actor"]["assurance"].text == "token")
            let second = try server.post("/v1/projects/shop/note", body, headers: key)
            #expect(try second.json["duplicate"] == .bool(true))
            #expect(try second.json["positions"] == receipt["positions"])
            let other = try server.post(
                "/v1/projects/shop/note",
                #"{"subject": "stage/dev", "text": "other"}"#,
                headers: key
            )
            #expect(other.status == 422)
            #expect(try other.json["code"].text == "commandIdConflict")
            let made = try server.post("/v1/projects/shop/note", body)
            #expect(made.headers["idempotency-key"]?.count == 36)
        }
    }

    @Test func `a dry run shows the events and appends nothing`() async throws {
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(place) { server in
            let before = try server.get("/v1/ledger").json["events"].int
            let answer = try server.post(
                "/v1/projects/shop/bookmark?dryRun=true",
                #"{"name": "release", "reason": "day one"}"#
            )
            #expect(answer.status == 200)
            #expect(try answer.json["dryRun"].isTrue)
            #expect(try answer.json["events"][0]["type"].text == "BookmarkSet")
            let after = try server.get("/v1/ledger").json["events"].int
            #expect(after == before)
        }
    }

    @Test func `a refusal has the sentence and the code of the command line`() async throws {
        let place = try await FixedLedger.shared.copied()
        _ = try await RunningServer.serve(place) { server in
            let rows: [(name: String, body: String, words: [String], status: Int)] = [
                (
                    "promote", #"{"stage": "prd", "freight": ["2026.47"]}"#,
                    ["promote", "--stage", "prd", "--freight", "2026.47"], 404
                ),
                (
                    "promote", #"{"stage": "prod", "freight": ["zzzzzzz"]}"#,
                    ["promote", "--stage", "prod", "--freight", "zzzzzzz"], 404
                ),
                (
                    "approve", #"{"freight": "2026.47", "for": "stage/dev"}"#,
                    ["approve", "2026.47", "--for", "stage/dev"], 409
                ),
                (
                    "rollback", #"{"subject": "stage/prod", "to": "collection/ffffff"}"#,
                    ["rollback", "stage/prod", "--to", "collection/ffffff"], 404
                ),
                (
                    "promote", #"{"stage": "prod"}"#,
                    ["promote", "--stage", "prod"], 400
                ),
            ]
            for row in rows {
                let answer = try server.post("/v1/projects/shop/\(row.name)", row.body)
                let typed = try await place.run(row.words + ["-o", "json"])
                let error = try typed.errorJSON["error"]
                #expect(answer.status == row.status, "\(row.body): \(answer.body)")
                #expect(try answer.json["code"].text == error["code"].text)
                #expect(error["message"].text.hasPrefix(try answer.json["detail"].text))
            }
        }
    }

    @Test func `a body that is wrong names what is wrong, and nothing is done`() async throws {
        let place = try await LedgerDirectory.applied()
        let deep = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
        _ = try await RunningServer.serve(place) { server in
            let before = try server.get("/v1/ledger").json["events"].int
            let rows: [(body: String, status: Int, code: String, field: String)] = [
                (#"{"subject": "stage/dev", "text": "a", "txt": 1}"#, 422, "invalidField", "txt"),
                (#"{"subject": "stage/dev"}"#, 422, "invalidField", "text"),
                (#"{"subject": "stage/dev", "text": 7}"#, 422, "invalidField", "text"),
                (#"{"subject": "stage/dev", "text": ["a"]}"#, 422, "invalidField", "text"),
                (
                    #"{"subject": "stage/dev", "text": "a", "reason": 1}"#, 422, "invalidField",
                    "reason"
                ),
                (#"{"text": "a", "text": "b", "subject": "stage/dev"}"#, 400, "malformedBody", ""),
                (#"{"subject": "stage/dev", "text": "a""#, 400, "malformedBody", ""),
                (#"["stage/dev"]"#, 400, "malformedBody", ""),
                ("{\"text\": \(deep)}", 400, "malformedBody", ""),
                ("", 422, "invalidField", "subject"),
            ]
            for row in rows {
                let answer = try server.post("/v1/projects/shop/note", row.body)
                #expect(answer.status == row.status, "\(row.body): \(answer.body)")
                #expect(try answer.json["code"].text == row.code)
                #expect(try answer.json["details"]["field"].text == row.field, "\(row.body)")
            }
            let form = try server.post(
                "/v1/projects/shop/note",
                "subject=stage/dev&text=a",
                headers: ["Content-Type": "application/x-www-form-urlencoded"]
            )
            #expect(form.status == 415)
            let key = try server.post(
                "/v1/projects/shop/note",
                #"{"subject": "stage/dev", "text": "a"}"#,
                headers: ["Idempotency-Key": "a b"]
            )
            #expect(key.status == 400)
            let large = try server.post(
                "/v1/projects/shop/note",
                #"{"subject": "stage/dev", "text": "\#(String(repeating: "a", count: 2 << 20))"}"#
            )
            #expect(large.status == 413)
            let after = try server.get("/v1/ledger").json["events"].int
            #expect(after == before)
        }
    }

    @Test func `a body without an end is cut off at the limit`() async throws {
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(place) { server in
            let chunk = "10000\r\n" + String(repeating: "a", count: 0x10000) + "\r\n"
            let answer = try server.http.exchange(
                "POST /v1/projects/shop/note HTTP/1.1\r\nHost: 127.0.0.1:\(server.http.port)\r\n"
                    + "Authorization: Bearer \(server.token)\r\n"
                    + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + String(repeating: chunk, count: 64)
            )
            #expect(answer.status == 413)
            let large = try server.http.exchange(
                "GET /health HTTP/1.1\r\nHost: 127.0.0.1:\(server.http.port)\r\n"
                    + "X-Large: \(String(repeating: "a", count: 200_000))\r\n\r\n"
            )
            #expect(large.status == 400 || large.status == 431)
            let health = try server.http.send("GET", "/health")
            #expect(health.status == 200)
        }
    }

    @Test func `manifests are applied as a body, or refused with all that is wrong`() async throws {
        let place = try await LedgerDirectory.made()
        _ = try await RunningServer.serve(place) { server in
            let yaml = ["Content-Type": "application/yaml"]
            let tried = try server.post("/v1/apply?dryRun=true", Manifest.small, headers: yaml)
            #expect(tried.status == 200, "\(tried.body)")
            #expect(try tried.json["resources"][0]["action"].text == "created")
            let applied = try server.post("/v1/apply", Manifest.small, headers: yaml)
            #expect(applied.status == 200)
            #expect(try applied.json["events"].items.count == 3)
            let again = try server.post("/v1/apply", Manifest.small, headers: yaml)
            #expect(try again.json["events"].items.isEmpty)
            let wrong = try server.post(
                "/v1/apply",
                Manifest.small.replacing("requestedFreight", with: "requestedFrieght"),
                headers: yaml
            )
            #expect(wrong.status == 422)
            #expect(try wrong.json["code"].text == "manifestProblems")
            #expect(try !wrong.json["details"]["problems"].items.isEmpty)
        }
    }

    @Test func `of two who press the button at once, one is refused`() async throws {
        let place = try await FixedLedger.shared.copied()
        _ = try await RunningServer.serve(place) { server in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        try server.post(
                            "/v1/projects/shop/quarantine",
                            #"{"freight": "2026.47", "reason": "broken"}"#
                        ).json["events"].items.count
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [0, 1])
        }
    }
}
