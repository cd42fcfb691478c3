import Glibc
import LedgerServer
import Testing

/// Who sends too slowly, too much, too often, or takes nothing.
@Suite(.serialized) struct LimitTests {
    @Test func `a body that does not come is not waited for, and nothing is done`() async throws {
        let place = try await LedgerDirectory.applied()
        let before = try place.state()
        try await ServerInProcess.serve(place) {
            $0.bodyPatience = .milliseconds(200)
        } body: { server in
            let answer = try server.http.exchange(
                server.head(
                    "POST /v1/projects/shop/note",
                    "Content-Type: application/json\r\nContent-Length: 50\r\n"
                ) + #"{"subject": "#
            )
            #expect(answer.status == 408)
            #expect(try answer.json["code"].text == "bodyTooSlow")
            #expect(answer.headers["connection"] == "close")
            #expect(try server.get("/health").status == 200)
        }
        #expect(try place.state() == before)
    }

    @Test func `who writes too often is told when to come again, and may read on`() async throws {
        let place = try await LedgerDirectory.applied()
        try await ServerInProcess.serve(place) {
            $0.writesPerSecond = 0.5
        } body: { server in
            #expect(try server.note("the first").status == 200)
            let second = try server.note("the second")
            #expect(second.status == 429)
            #expect(try second.json["code"].text == "tooManyWrites")
            #expect(Int(second.headers["retry-after"] ?? "") ?? 0 >= 1)
            #expect(try server.get("/v1/projects/shop/stages").status == 200)
        }
    }

    @Test func `connections on which nothing is asked give way to others`() async throws {
        let place = try await LedgerDirectory.applied()
        try await ServerInProcess.serve(place) {
            $0.connectionCountMax = 4
            $0.idleSeconds = 1
        } body: { server in
            // Some say nothing, some only begin to.
            let open = try (0..<12).map { number in
                let socket = try server.http.connected()
                if number % 2 == 0 { try server.http.write("GET /hea", to: socket) }
                return socket
            }
            defer { open.forEach { close($0) } }
            #expect(try server.get("/health").status == 200)
        }
    }

    @Test func `a head that comes byte by byte is not waited for longer than one that does not`()
        async throws
    {
        let place = try await LedgerDirectory.applied()
        try await ServerInProcess.serve(place) {
            $0.idleSeconds = 1
        } body: { server in
            for head in ["GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ", "G"] {
                let socket = try server.http.connected()
                defer { close(socket) }
                try server.http.write(head, to: socket)
                #expect(try Self.isClosed(socket, sending: "a", server))
            }
            // On a connection that was of use before, too.
            let socket = try server.http.connected()
            defer { close(socket) }
            try server.http.write(server.head("GET /health"), to: socket)
            #expect(server.http.read(socket) != nil)
            #expect(try Self.isClosed(socket, sending: "a", server))
            #expect(try server.get("/health").status == 200)
        }
    }

    @Test func `a body that nobody reads is not waited for either`() async throws {
        let place = try await LedgerDirectory.applied()
        try await ServerInProcess.serve(place) {
            $0.bodyPatience = .milliseconds(200)
        } body: { server in
            for line in ["GET /health", "POST /v1/nothing", "GET /v1/projects"] {
                let socket = try server.http.connected()
                defer { close(socket) }
                let head = server.head(line, "Content-Length: 1000000\r\n")
                try server.http.write(head, to: socket)
                #expect(server.http.read(socket) != nil, "\(line)")
                #expect(try Self.isClosed(socket, sending: "a", server), "\(line)")
            }
            // Who sends it whole goes on with the same connection.
            let socket = try server.http.connected()
            defer { close(socket) }
            for _ in 0..<3 {
                let head = server.head("GET /health", "Content-Length: 3\r\n")
                try server.http.write(head + "abc", to: socket)
                let bytes = server.http.read(socket) ?? []
                #expect(String(decoding: bytes.prefix(15), as: UTF8.self) == "HTTP/1.1 200 OK")
            }
            usleep(400_000)
            try server.http.write(server.head("GET /health"), to: socket)
            let bytes = server.http.read(socket) ?? []
            #expect(String(decoding: bytes.prefix(15), as: UTF8.self) == "HTTP/1.1 200 OK")
        }
    }

    /// Whether the server ends a connection, while bytes come one after another.
    private static func isClosed(
        _ socket: CInt,
        sending text: String,
        _ server: ServerInProcess
    ) throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 1 << 10)
        for _ in 0..<600 {
            try server.http.write(text, to: socket)
            usleep(50_000)
            let count = unsafe recv(socket, &buffer, buffer.count, CInt(MSG_DONTWAIT))
            if count == 0 || (count < 0 && errno != EAGAIN) { return true }
        }
        return false
    }

    @Test func `a thousand connections at once are all answered`() async throws {
        var limit = rlimit()
        _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(place) { server in
            let request =
                "GET /v1/projects/shop/stages HTTP/1.1\r\nHost: 127.0.0.1:\(server.http.port)\r\n"
                + "Authorization: Bearer \(server.token)\r\n\r\n"
            let sockets = try (0..<1000).map { _ in try server.http.connected() }
            defer { sockets.forEach { close($0) } }
            for socket in sockets { try server.http.write(request, to: socket) }
            for socket in sockets {
                let bytes = server.http.read(socket) ?? []
                #expect(String(decoding: bytes.prefix(15), as: UTF8.self) == "HTTP/1.1 200 OK")
            }
        }
    }

    @Test func `a reader of events is sent a sign of life when there is nothing`() async throws {
        let place = try await LedgerDirectory.applied()
        try await ServerInProcess.serve(place) {
            $0.heartbeat = .milliseconds(20)
        } body: { server in
            let socket = try server.http.connected()
            defer { close(socket) }
            try server.http.write(server.head("GET /v1/events"), to: socket)
            var text = ""
            while text.split(separator: "3\r\n:\n\n").count < 4, text.utf8.count < 10_000,
                let more = server.http.read(socket)
            {
                text += String(decoding: more, as: UTF8.self)
            }
            #expect(text.split(separator: "3\r\n:\n\n").count >= 4)
            #expect(text.contains(": waybill"))
            #expect(!text.contains("event:"))
        }
    }

    @Test func `a reader of events that takes nothing is dropped, and the others are not`()
        async throws
    {
        let place = try await LedgerDirectory.applied()
        let text = String(repeating: "a", count: 16_000)
        try await ServerInProcess.serve(place) {
            $0.readerPatience = .milliseconds(300)
            $0.writesPerSecond = 1_000_000
        } body: { server in
            // More than the kernel keeps for who takes nothing.
            for _ in 0..<1000 { try #require(try server.note(text).status == 200) }
            let lazy = try server.http.connected()
            defer { close(lazy) }
            try server.http.write(server.head("GET /v1/events?from=1"), to: lazy)
            var dropped = false
            for _ in 0..<600 where !dropped {
                dropped = try server.get("/metrics").body.contains(
                    "waybill_event_readers_dropped_total 1"
                )
                if !dropped { usleep(50_000) }
            }
            #expect(dropped)
            // What had been sent is a part of it, and then the connection ends.
            var count = 0
            while let more = server.http.read(lazy) { count += more.count }
            #expect(count < 1000 * 16_000)
            #expect(try server.get("/health").status == 200)
        }
    }
}
