import Foundation
import Glibc
import Testing

/// Live events, tiles and measurements.
@Suite struct FollowingTests {
    /// Reads events from a stream until there are so many, or nothing comes for long.
    private func events(
        _ server: RunningServer,
        _ path: String,
        count: Int,
        headers: String = "",
        meanwhile: () async throws -> Void = {}
    ) async throws -> [(id: Int, type: String, data: JSON)] {
        let socket = try server.http.connected()
        defer { close(socket) }
        try server.http.write(
            "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(server.http.port)\r\n"
                + "Authorization: Bearer \(server.token)\r\n\(headers)\r\n",
            to: socket
        )
        var bytes = server.http.read(socket) ?? []
        try await meanwhile()
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            let found = try text.matches(of: /id: (\d+)\nevent: (\w+)\ndata: (.+)\n\n/).map {
                (Int($0.1) ?? 0, String($0.2), try JSON(parsing: String($0.3)))
            }
            if found.count >= count { return found }
            guard let more = server.http.read(socket) else { return found }
            bytes += more
        }
    }

    @Test func `events come as they are recorded, from where the reader was`() async throws {
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(place) { server in
            let old = try await events(server, "/v1/events?from=1", count: 3)
            #expect(old.map(\.id) == [1, 2, 3])
            #expect(old[0].data["position"].int == 1)
            #expect(old[0].type == "ProjectConfigured")
            let new = try await events(server, "/v1/events", count: 2) {
                _ = try await place.run("note", "stage/dev", "by another process").checked()
                _ = try server.post(
                    "/v1/projects/shop/note",
                    #"{"subject": "stage/dev", "text": "by the server"}"#
                )
            }
            #expect(new.map(\.id) == [4, 5])
            #expect(new.map(\.type) == ["NoteRecorded", "NoteRecorded"])
            let resumed = try await events(
                server,
                "/v1/events?from=1",
                count: 1,
                headers: "Last-Event-ID: 4\r\n"
            )
            #expect(resumed.map(\.id) == [5])
            let filtered = try await events(
                server,
                "/v1/events?from=1&type=WarehouseConfigured&type=StageConfigured&project=shop",
                count: 2
            )
            #expect(Set(filtered.map(\.type)) == ["WarehouseConfigured", "StageConfigured"])
        }
    }

    /// Waits until a server has a reader of events.
    private func awaitReader(_ server: RunningServer) async throws {
        for _ in 0..<600 {
            if try server.get("/metrics").body.contains("waybill_event_readers 1\n") { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw TestFailure("nobody reads events")
    }

    @Test(.doesNotHang, .onLedgerOnly("servers are the test's own"))
    func `who watches misses nothing of when the server was away, even before the first event`()
        async throws
    {
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(place) { first in
            let address = "127.0.0.1:\(first.http.port)"
            let ending = try await Program.run(
                Program.waybill,
                ["watch", "--server", "http://\(address)", "--token-file", "ledger/server.token"],
                in: place.path
            ) { watch in
                try await awaitReader(first)
                first.program.send(SIGKILL)
                _ = try await place.run("note", "stage/dev", "while nobody served").checked()
                let options = ["--no-automation", "--listen", address]
                _ = try await RunningServer.serve(place, options) { second in
                    try await awaitReader(second)
                    _ = try await place.run("note", "stage/dev", "and then").checked()
                    try await Task.sleep(for: .seconds(1))
                    watch.send(SIGINT)
                }
            }
            #expect(ending.code == 0, "\(ending.errors)")
            let told = ending.output.split(separator: "\n").map { $0.prefix { $0 != " " } }
            #expect(told == ["#4", "#5"], "\(ending.output)")
        }
    }

    @Test func `what is wrong with a stream is said at once`() async throws {
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(place) { server in
            for (path, field) in [
                ("/v1/events?from=99", "from"), ("/v1/events?from=0", "from"),
                ("/v1/events?frm=1", "frm"),
            ] {
                let answer = try server.get(path)
                #expect(answer.status == 400 || answer.status == 422, "\(path)")
                #expect(try answer.json["details"]["field"].text == field)
            }
            let type = try server.get("/v1/events?type=Nothing")
            #expect(type.status == 400)
            let last = try server.get("/v1/events", headers: ["Last-Event-ID": "99"])
            #expect(last.status == 400)
        }
    }

    @Test func `a server with readers stops all the same`() async throws {
        let place = try await LedgerDirectory.applied()
        let ending = try await RunningServer.serve(place) { server in
            let socket = try server.http.connected()
            try server.http.write(
                "GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1:\(server.http.port)\r\n"
                    + "Authorization: Bearer \(server.token)\r\n\r\n",
                to: socket
            )
            _ = server.http.read(socket)
            let idle = try server.http.connected()
            server.program.send(SIGTERM)
            var rest: [UInt8]? = []
            while rest != nil { rest = server.http.read(socket) }
            close(socket)
            close(idle)
        }
        #expect(ending.code == 0, "\(ending.errors)")
    }

    @Test func `tiles and checkpoint are those that are published`() async throws {
        let place = try await FixedLedger.shared.copied()
        _ = try await place.run("ledger", "key", "--make").checked()
        _ = try await place.run("ledger", "tiles", "--out", "tiles").checked()
        let tiles = place.path + "/tiles"
        let found = FileManager.default.enumerator(atPath: tiles)?.allObjects as? [String] ?? []
        let files = try found.filter { name in
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(tiles)/\(name)")
            return name.hasPrefix("tile/")
                && attributes[.type] as? FileAttributeType == .typeRegular
        }
        #expect(!files.isEmpty)
        _ = try await RunningServer.serve(place) { server in
            let checkpoint = try server.get("/checkpoint")
            #expect(checkpoint.status == 200)
            #expect(checkpoint.headers["cache-control"] == "no-cache")
            let published = try String(contentsOfFile: tiles + "/checkpoint", encoding: .utf8)
            #expect(checkpoint.body == published)
            for file in files {
                let answer = try server.get("/" + file)
                #expect(answer.status == 200, "\(file)")
                #expect(answer.headers["content-type"] == "application/octet-stream")
                let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(tiles)/\(file)"))
                #expect(answer.headers["content-length"] == "\(bytes.count)")
                #expect(answer.bytes == Array(bytes), "\(file)")
                let isFull = !file.contains(".p/")
                let isKept = answer.headers["cache-control"]?.contains("immutable") == true
                #expect(isKept == isFull)
            }
            for path in ["0/999", "0/0", "9/000", "entries/000.p/300", "0/x000/000", "0", "00/000"]
            {
                let answer = try server.get("/tile/\(path)")
                #expect(answer.status == 404, "\(path)")
            }
        }
    }

    @Test func `measurements are in Prometheus' format`() async throws {
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(place) { server in
            _ = try server.get("/v1/projects/shop/stages")
            _ = try server.post(
                "/v1/projects/shop/note",
                #"{"subject": "stage/dev", "text": "first"}"#
            )
            let answer = try server.get("/metrics")
            #expect(answer.status == 200)
            let lines = answer.body.split(separator: "\n")
            for line in lines where !line.hasPrefix("#") {
                #expect(
                    line.wholeMatch(
                        of: /[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.eE+-]+/
                    ) != nil,
                    "\(line)"
                )
            }
            let route = "method=\"GET\",route=\"/v1/projects/{project}/stages\",status=\"200\""
            #expect(answer.body.contains("waybill_http_requests_total{\(route)} 1\n"))
            #expect(answer.body.contains("waybill_log_events 4\n"))
            #expect(answer.body.contains("waybill_commit_seconds_count 1\n"))
            #expect(answer.body.contains("waybill_commands_total{outcome=\"accepted\"} 1\n"))
        }
    }
}
