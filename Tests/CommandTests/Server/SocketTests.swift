import Foundation
import Glibc
import Testing

/// Commands beside a server: they read the ledger, and what they change goes through its socket.
@Suite(.onLedgerOnly("commands stand beside a server of the test's own"))
struct SocketTests {
    /// How often the server was asked for something, as it counts itself.
    private static func count(_ route: String, _ server: RunningServer) throws -> Int {
        try server.get("/metrics").body.split(whereSeparator: \.isNewline)
            .filter { $0.hasPrefix("waybill_http_requests_total") && $0.contains("\"\(route)\"") }
            .compactMap { line in line.split(separator: " ").last.flatMap { Double($0) } }
            .reduce(0) { $0 + Int($1) }
    }

    @Test func `a change goes through the server, and is told as without one`() async throws {
        let alone = try await FixedLedger.shared.copied()
        let place = try await FixedLedger.shared.copied()
        let words = ["note", "stage/dev", "looked at", "--command-id", "look-1"]
        let without = try await alone.run(words).checked()
        let withoutJSON = try await alone.run(words + ["-o", "json"]).checked()
        _ = try await RunningServer.serve(place) { server in
            let with = try await place.run(words).checked()
            #expect(with.output == without.output)
            #expect(try Self.count("/v1/projects/{project}/note", server) == 1)
            let again = try await place.run(words)
            #expect(again.output.contains("recorded before"))
            let json = try await place.run(words + ["-o", "json"]).checked()
            #expect(Self.stable(try json.json) == Self.stable(try withoutJSON.json))
            let yaml = try await place.run(words + ["-o", "yaml"]).checked()
            #expect(yaml.output.contains("duplicate: true"))
            // Trying appends nothing, and needs no writer.
            let tried = try await place.run(["note", "stage/dev", "b", "--dry-run"]).checked()
            #expect(tried.output.contains("Nothing was appended"))
            #expect(try Self.count("/v1/projects/{project}/note", server) == 4)
        }
        #expect(try place.state().size == alone.state().size)
    }

    /// A receipt without what differs from ledger to ledger: salts, and so hashes, and times.
    private static func stable(_ receipt: JSON) -> [JSON] {
        let event = receipt["events"][0].members.filter {
            !["at", "wallClock", "payloadHash"].contains($0.key)
        }
        let names = receipt.members.keys.sorted().map { JSON.string($0) }
        return [.object(event), receipt["duplicate"], .array(names)]
    }

    @Test func `who acts is the account, or whom somebody names, and nobody by a header over TCP`()
        async throws
    {
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(place) { server in
            _ = try await place.run("note", "stage/dev", "one").checked()
            _ = try await place.run("note", "stage/dev", "two", "--actor", "ope rätor%").checked()
            let answer = try server.post(
                "/v1/projects/shop/note",
                #"{"subject": "stage/dev", "text": "three"}"#,
                headers: ["Waybill-Actor": "somebody"]
            )
            #expect(answer.status == 200)
        }
        let events = try await place.run(
            "audit",
            "events",
            "--type",
            "NoteRecorded",
            "-o",
            "json"
        ).json["items"].items
        let account = try await Program.run("id", ["-un"], in: place.path).output
        #expect(
            events.map { $0["actor"]["name"].text } == [
                "operator", "ope rätor%", account.trimmingCharacters(in: .newlines),
            ]
        )
        #expect(events.map { $0["actor"]["assurance"].text } == ["token", "asserted", "osUser"])
    }

    /// Commands that are refused or make no sense.
    static let refused: [[String]] = [
        ["promote", "--stage", "prdo", "--freight", "2026.47"],
        ["promote", "--stage", "prod", "--freight", "nothing"],
        ["promote", "--stage", "prod", "--freight", "2026"],
        ["abort", "none"], ["repackage", "relaese"], ["note", "stage/dev", ""],
        ["approve", "2026.47", "--for", "stage/none"], ["bookmark", "Not A Name"],
        ["rollback", "stage/prod", "--to", "#1"], ["delete", "stage/none"],
        ["adopt", "none"], ["discover", "none"], ["note", "dev", "x"],
        ["note", "stage/dev", "x", "--command-id", "not an id"],
        ["note", "stage/dev", "x", "--actor", ""], ["note", "stage/dev", "x", "-p", "none"],
    ]

    @Test func `a refusal has the same words and the same exit code as without a server`()
        async throws
    {
        let place = try await FixedLedger.shared.copied()
        var without: [Ending] = []
        for words in Self.refused { without.append(try await place.run(words)) }
        for words in Self.refused { without.append(try await place.run(words + ["-o", "json"])) }
        let before = try place.state()
        let expected = without
        _ = try await RunningServer.serve(place) { server in
            let all = Self.refused + Self.refused.map { $0 + ["-o", "json"] }
            for (words, one) in zip(all, expected) {
                let ending = try await place.run(words)
                #expect(one.code != 0, "\(words)")
                #expect(ending.code == one.code, "\(words): \(ending.errors)")
                #expect(ending.errors == one.errors, "\(words)")
                #expect(ending.output == one.output, "\(words)")
            }
        }
        #expect(try place.state() == before)
    }

    @Test func `manifests are applied through the server, with their warnings`() async throws {
        let place = try await LedgerDirectory.made()
        let folder = place.directory.sub("manifests")
        try Files.makeDirectory(folder)
        let parts = Manifest.small.components(separatedBy: "---\n")
        for (index, part) in parts.enumerated() {
            try Files.write(part, to: "\(folder)/\(index).yaml")
        }
        let strange = parts[2].replacingOccurrences(of: "git-clone", with: "our-own-step")
            .replacingOccurrences(of: "name: dev", with: "name: qa")
        try Files.write("# a comment\n---\n" + strange, to: "\(folder)/9.yaml")
        _ = try await RunningServer.serve(place) { server in
            let ending = try await place.run("apply", "-f", folder).checked()
            #expect(ending.errors.contains("warning: stage/qa"))
            #expect(ending.errors.split(separator: "warning: ").count == 1)
            #expect(!ending.output.contains("warning"))
            #expect(ending.output.contains("stage/dev configured"))
            let again = try await place.run("apply", "-f", folder).checked()
            #expect(again.output.contains("4 documents are applied already"))
            #expect(try Self.count("/v1/apply", server) == 2)
        }
    }

    @Test func `a promotion is waited for beside a server that performs it`() async throws {
        let shop = try await SmallShop.made()
        try await shop.runUntilIdle()
        let freight = try await shop.json("get", "freight")["items"][0]["id"].text
        _ = try await RunningServer.serve(shop.place, ["--allow-file-repos"]) { server in
            let words = ["promote", "--stage", "dev", "--freight", freight, "--wait"]
            let ending = try await shop.place.run(words)
            #expect(ending.code == 0, "\(ending.errors)")
            #expect(ending.output.contains(" succeeded"), "\(ending.output)")
            let discovered = try await shop.place.run("discover").checked()
            #expect(discovered.output.contains("warehouse/checkout has nothing new"))
            #expect(try Self.count("/v1/projects/{project}/discover", server) == 1)
        }
    }

    @Test func `the socket is its owner's alone, and gone when the server is`() async throws {
        let place = try await LedgerDirectory.applied()
        let socket = place.ledger + "/server.sock"
        _ = try await RunningServer.serve(place) { _ in
            let mode = try FileManager.default.attributesOfItem(atPath: socket)
            #expect(mode[.type] as? FileAttributeType == .typeSocket)
            #expect((mode[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        }
        #expect(!FileManager.default.fileExists(atPath: socket))
    }

    @Test func `a socket that nobody listens at is no server, and the next server's place`()
        async throws
    {
        let place = try await LedgerDirectory.applied()
        let socket = place.ledger + "/server.sock"
        _ = try await RunningServer.serve(place) { server in
            server.program.send(SIGKILL)
        }
        #expect(FileManager.default.fileExists(atPath: socket))
        _ = try await place.run("note", "stage/dev", "by itself").checked()
        _ = try await RunningServer.serve(place) { server in
            _ = try await place.run("note", "stage/dev", "through it").checked()
            #expect(try Self.count("/v1/projects/{project}/note", server) == 1)
        }
        #expect(!FileManager.default.fileExists(atPath: socket))
    }

    @Test func `one process serves a ledger`() async throws {
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(place) { _ in
            let words = ["serve", "--listen", "127.0.0.1:0", "--no-automation"]
            let other = try await place.run(words)
            #expect(other.code == 1)
            #expect(other.errors.contains("another process serves"))
            _ = try await place.run("note", "stage/dev", "still there").checked()
        }
    }

    @Test func `a path that is longer than a socket's address may be is served`() async throws {
        let place = try await LedgerDirectory.applied()
        let long = place.path + String(repeating: "/a-rather-long-name-of-a-directory", count: 5)
        try Files.makeDirectory(long)
        try Files.copy(place.ledger, to: long + "/ledger")
        let told = place.path + "/told"
        let words = [
            "-c", "exec \"$0\" \"$@\" >\(told)", Program.waybill, "serve", "--listen",
            "127.0.0.1:0", "--no-automation", "--ledger", long + "/ledger",
        ]
        let ending = try await Program.run("sh", words, in: place.path) { program in
            for _ in 0..<600 where !((try? Files.text(told)) ?? "").contains("Sign in") {
                try await Task.sleep(for: .milliseconds(50))
            }
            let note = ["note", "stage/dev", "far down", "--ledger", long + "/ledger"]
            _ = try await place.run(note).checked()
            let link = try await place.run("login-link", "--ledger", long + "/ledger").checked()
            #expect(link.output.hasPrefix("http://127.0.0.1:"))
            program.send(SIGTERM)
        }
        #expect(ending.code == 0, "\(ending.errors)")
    }

    @Test func `another sign-in link opens another session`() async throws {
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(place) { server in
            let link = try await place.run("login-link").checked().output
            let start = "http://127.0.0.1:\(server.http.port)/"
            #expect(link.hasPrefix(start), "\(link)")
            let path = "/" + link.dropFirst(start.count).filter { !$0.isNewline }
            #expect(try server.http.send("GET", path).headers["set-cookie"] != nil)
            #expect(try server.http.send("GET", path).headers["set-cookie"] == nil)
        }
        let alone = try await place.run("login-link")
        #expect(alone.code == 4 && alone.errors.contains("waybill serve"))
    }
}
