import Foundation
import Glibc
import Testing

/// `--server URL`: the command line by HTTP, with the same answers as in the ledger's directory.
@Suite(.onLedgerOnly("a ledger is compared with a server of the test's own"))
struct RemoteTests {
    /// Types a command that asks this server.
    static func run(
        _ server: RunningServer,
        _ words: [String],
        token: String? = nil
    ) async throws -> Ending {
        try await server.place.run(
            words,
            environment: [
                "WAYBILL_SERVER": "http://127.0.0.1:\(server.http.port)",
                "WAYBILL_TOKEN": token ?? server.token,
            ]
        )
    }

    /// Questions, besides those that the server's own tests ask.
    private static let questions: [[String]] =
        ServingTests.answers.map(\.words) + [
            ["ledger", "info"], ["ledger", "key"], ["ledger", "checkpoint", "--at", "#20"],
            ["ledger", "prove", "--position", "2"], ["ledger", "prove"],
            ["get", "events", "--limit", "3"], ["get", "clustertasks"],
            ["audit", "population", "--stage", "prod", "--format", "csv"],
            ["audit", "population", "--stage", "prod", "--format", "jsonl"],
            ["audit", "sample", "--stage", "prod", "--seed", "a b&c", "-n", "2"],
            ["metrics", "delivery", "--stage", "prod", "--to", "#234"],
            ["explain", "freight/2026.47"], ["trace", "nothing at all"],
            ["describe", "stage/prdo"], ["describe", "prod"], ["describe", "stage/a/b"],
            ["describe", "stage/"], ["describe", "event/#99999"], ["history", "junction/none"],
            ["get", "stages", "none"], ["get", "stages", "-p", "none"],
            ["get", "stages", "-p", "No Name/é"], ["get", "stages", "--at", "never"],
            ["get", "freight", "--stage", "uat", "--at", "2 h ago"], ["blame", "none"],
            ["get", "stages", "--after", "\"'<>"], ["diff", "uat", "none"],
            ["audit", "events", "--type", "Nonsense"], ["repackage", "none", "--preview"],
        ]

    @Test(.doesNotHang)
    func `questions are answered as in the ledger's directory, in every format`() async throws {
        let place = try await FixedLedger.shared.copied()
        _ = try await RunningServer.serve(place) { server in
            for words in Self.questions {
                // The other formats are made by the same code for all.
                let isOfAllFormats = ["get", "describe"].contains(words[0])
                for format in isOfAllFormats
                    ? ["table", "json", "yaml", "name"] : ["table", "json"]
                {
                    let words = words + ["-o", format]
                    let here = try await place.run(words)
                    let there = try await Self.run(server, words)
                    #expect(there.code == here.code, "\(words): \(there.errors)")
                    // How long ago things were, and who reads, changes with time.
                    #expect(Self.stable(there.output) == Self.stable(here.output), "\(words)")
                    #expect(there.errors == here.errors, "\(words)")
                }
            }
        }
    }

    private static func stable(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let line = String(line)
            return line.contains("readers") || line.contains("sedBytes") ? "" : line
        }
        return lines.joined(separator: "\n").masked()
            .replacingOccurrences(
                of: #"\d+ ?(s|min|h|d)\b( ago)?"#,
                with: "AGE",
                options: .regularExpression
            )
    }

    @Test func `changes are recorded under the token's name`() async throws {
        let place = try await FixedLedger.shared.copied()
        _ = try await RunningServer.serve(place) { server in
            let why = ["--reason", "why & how"]
            let reasoned = try await Self.run(server, ["quarantine", "2026.47"] + why).checked()
            #expect(reasoned.output.contains("quarantined: why & how"))
            let words = ["note", "stage/dev", "by the \"API\" é"]
            let noted = try await Self.run(server, words + ["-o", "json"]).checked().json
            #expect(noted["events"][0]["actor"]["name"].text == "operator")
            #expect(noted["events"][0]["payload"]["text"].text == "by the \"API\" é")
            let tried = try await Self.run(server, words + ["--dry-run"]).checked()
            #expect(tried.output.contains("Nothing was appended"))
            let id = ["--command-id", "once"]
            _ = try await Self.run(server, words + id).checked()
            #expect(try await Self.run(server, words + id).output.contains("recorded before"))
            let other = try await Self.run(server, ["note", "stage/dev", "other"] + id)
            #expect(other.code == 3 && other.errors.contains("belongs to another command"))
        }
    }

    @Test func `refusals have the same words and exit codes as in the directory`() async throws {
        let place = try await FixedLedger.shared.copied()
        let before = try place.state()
        _ = try await RunningServer.serve(place) { server in
            for words in SocketTests.refused where !words.contains("--actor") {
                for words in [words, words + ["-o", "json"]] {
                    let here = try await place.run(words)
                    let there = try await Self.run(server, words)
                    #expect(there.code == here.code, "\(words): \(there.errors)")
                    #expect(there.errors == here.errors, "\(words)")
                }
            }
        }
        #expect(try place.state() == before)
    }

    @Test func `manifests are read here, and applied there`() async throws {
        let place = try await LedgerDirectory.made()
        let strange = Manifest.small.replacingOccurrences(of: "git-clone", with: "our-own-step")
        try Files.write(strange, to: place.path + "/all.yaml")
        try Files.write("kind: Nonsense\n", to: place.path + "/wrong.yaml")
        _ = try await RunningServer.serve(place) { server in
            let ending = try await Self.run(server, ["apply", "-f", "all.yaml"]).checked()
            #expect(ending.errors.contains("warning: stage/dev"))
            #expect(!ending.output.contains("warning"))
            let wrong = try await Self.run(server, ["apply", "-f", "wrong.yaml"])
            #expect(wrong.code == 3 && wrong.errors.contains("wrong.yaml:1:"))
        }
    }

    @Test func `what the server finds wrong in manifests is told of the files`() async throws {
        let place = try await LedgerDirectory.made()
        let shop = "apiVersion: kargo.akuity.io/v1alpha1\nkind: Project\nmetadata: {name: shop}"
        func stage(_ name: String) -> String {
            """
            # comment
            apiVersion: kargo.akuity.io/v1alpha1
            kind: Stage
            metadata: {name: \(name), namespace: shop}
            spec:
              requestedFreight:
              - origin: {kind: Warehouse, name: none}
                sources: {direct: true}

            """
        }
        // A file without an end of its last line, an empty one, CR LF, a directive, and no "---".
        try Files.write(shop, to: place.path + "/1.yaml")
        try Files.write("", to: place.path + "/2.yaml")
        let crlf = stage("a").replacingOccurrences(of: "\n", with: "\r\n")
        try Files.write(crlf, to: place.path + "/3.yaml")
        try Files.write("%YAML 1.2\n---\n" + stage("b"), to: place.path + "/4.yaml")
        try Files.write("---\n" + stage("c") + "---\n" + stage("d"), to: place.path + "/5.yaml")
        let words = ["apply"] + (1...5).flatMap { ["-f", "\($0).yaml"] }
        let here = try await place.run(words)
        #expect(here.code == 3)
        for line in ["3.yaml:2:1:", "4.yaml:4:1:", "5.yaml:3:1:", "5.yaml:12:1:"] {
            #expect(here.errors.contains(line), "\(here.errors)")
        }
        _ = try await RunningServer.serve(place) { server in
            // Beside the server, through its socket; and by its URL.
            for format in ["table", "json"] {
                let words = words + ["-o", format]
                let beside = try await place.run(words)
                let there = try await Self.run(server, words)
                #expect(beside.code == 3 && there.code == 3)
                #expect(there.errors == beside.errors)
                if format == "table" { #expect(there.errors == here.errors) }
                #expect(!there.errors.contains("body:"), "\(there.errors)")
            }
        }
    }

    @Test func `what makes a longer URL than servers take is said so, and not sent`() async throws {
        let place = try LedgerDirectory()
        let name = String(repeating: "é", count: 20_000)
        let listener = try ClosingListener()
        let ask = ["describe", "stage/\(name)", "--server", "http://127.0.0.1:\(listener.port)"]
        let ending = try await place.run(ask)
        #expect(ending.code == 2 && ending.errors.utf8.count < 300)
        #expect(ending.errors.contains("servers take at most 16384"), "\(ending.errors)")
        #expect(ending.errors.contains("--ledger"))
        #expect(listener.connectionCount == 0)
        // The longest that is sent is one that a server takes.
        let shop = try await FixedLedger.shared.copied()
        _ = try await RunningServer.serve(shop) { server in
            let long = "stage/" + String(repeating: "a", count: 16_300)
            let there = try await Self.run(server, ["describe", long])
            let here = try await shop.run("describe", long)
            #expect(there.code == 4 && there.errors == here.errors)
        }
    }

    @Test func `a project that cannot be one is no part of a URL`() async throws {
        let place = try await FixedLedger.shared.copied()
        _ = try await RunningServer.serve(place) { server in
            for project in ["pr\u{1B}[31m\n", "", ".", "..", "a/b", "?", "%00"] {
                for words in [["get", "stages"], ["note", "stage/dev", "x"], ["watch"]] {
                    let words = words + ["-p", project]
                    let here = try await place.run(words + ["--ledger", "ledger"])
                    let there = try await Self.run(server, words)
                    #expect(here.code == 2 && there.code == 2, "\(words)")
                    #expect(there.errors == here.errors, "\(words)")
                }
            }
        }
    }

    @Test func `what works on files is refused in a sentence`() async throws {
        let place = try await FixedLedger.shared.copied()
        let before = try place.state()
        _ = try await RunningServer.serve(place) { server in
            for words in [
                ["init"], ["run", "--until-idle"], ["serve"], ["ledger", "verify"],
                ["ledger", "rebuild"], ["ledger", "replay"], ["ledger", "backup", "x"],
                ["ledger", "export"], ["ledger", "tiles", "--out", "x"],
                ["ledger", "key", "--make"],
            ] {
                let ending = try await Self.run(server, words)
                #expect(ending.code == 2, "\(words)")
                #expect(ending.errors.contains("this works on the ledger itself"), "\(words)")
                #expect(ending.errors.split(separator: "\n").count == 1)
            }
            let acted = try await Self.run(server, ["note", "stage/dev", "x", "--actor", "me"])
            #expect(acted.code == 2 && acted.errors.contains("leave --actor out"))
        }
        #expect(try place.state() == before)
    }

    @Test func `who says nothing that the server knows is told what to give`() async throws {
        let place = try await LedgerDirectory.applied()
        try Files.write("no token\n", to: place.path + "/bad")
        _ = try await RunningServer.serve(place) { server in
            let url = "http://127.0.0.1:\(server.http.port)"
            let ask = ["get", "stages", "--server", url]
            for words in [ask, ask + ["--token", "0"]] {
                let ending = try await place.run(words)
                #expect(ending.code == 3 && ending.errors.contains("--token-file"), "\(words)")
            }
            let file = ["--token-file", "ledger/server.token"]
            #expect(try await place.run(ask + file).code == 0)
            let slash = ["get", "stages", "--server", url + "/"] + file
            #expect(try await place.run(slash).code == 0)
            for (words, sentence) in [
                (ask + file + ["--token", "a"], "name two tokens"),
                (ask + file + ["--ledger", "ledger"], "name two places"),
                (ask + ["--token-file", "bad"], "--token takes a token"),
                (["get", "stages", "--server", "ftp://x"], "is no address of a server"),
                (["get", "stages", "--server", "http://u:p@x"], "is no address of a server"),
            ] {
                let ending = try await place.run(words)
                #expect(ending.code == 2 && ending.errors.contains(sentence), "\(words)")
            }
            let missing = try await place.run(ask + ["--token-file", "nowhere"])
            #expect(missing.code == 4 && missing.errors.contains("--token-file"))
            let both = try await place.run(
                ["get", "stages"],
                environment: ["WAYBILL_SERVER": url, "WAYBILL_LEDGER": "ledger"]
            )
            #expect(both.code == 2 && both.errors.contains("name two places"))
            // A directory that is named counts more than a variable.
            let named = try await place.run(
                ["get", "stages", "--ledger", "ledger"],
                environment: ["WAYBILL_SERVER": "http://127.0.0.1:1"]
            )
            #expect(named.code == 0)
        }
        let gone = try await place.run("get", "stages", "--server", "http://127.0.0.1:1")
        #expect(gone.code == 1)
        #expect(gone.errors.contains("does not answer: Connection refused;"), "\(gone.errors)")
    }

    @Test func `a server that ends the connection is tried once`() async throws {
        let place = try LedgerDirectory()
        let listener = try ClosingListener()
        let url = "https://127.0.0.1:\(listener.port)"
        let ending = try await place.run("get", "stages", "--server", url)
        #expect(ending.code == 1 && ending.errors.contains("does not answer"))
        #expect(listener.connectionCount == 1)
    }

    @Test func `events are told as they come, by line and as JSON`() async throws {
        let place = try await FixedLedger.shared.copied()
        let end = try await FixedLedger.shared.end
        _ = try await RunningServer.serve(place) { server in
            for (format, isJSON) in [("table", false), ("json", true)] {
                let ending = try await Program.run(
                    Program.waybill,
                    [
                        "watch", "--since", "#\(end)", "--type", "NoteRecorded", "-o", format,
                        "--server", "http://127.0.0.1:\(server.http.port)",
                        "--token-file", "ledger/server.token",
                    ],
                    in: place.path
                ) { watch in
                    _ = try await place.run("note", "stage/dev", "seen by all").checked()
                    try await Task.sleep(for: .seconds(2))
                    watch.send(SIGINT)
                }
                #expect(ending.code == 0, "\(ending.errors)")
                let last = String(ending.output.split(separator: "\n").last ?? "")
                #expect(last.contains("NoteRecorded"), "\(ending.output)")
                #expect(((try? JSON(parsing: last)) != nil) == isJSON)
            }
            let wrong = try await Self.run(server, ["watch", "--type", "Nonsense"])
            #expect(wrong.code == 2 && wrong.errors.contains("is no type of event"))
        }
    }

    @Test func `a promotion is waited for over HTTP`() async throws {
        let shop = try await SmallShop.made()
        try await shop.runUntilIdle()
        let freight = try await shop.json("get", "freight")["items"][0]["id"].text
        _ = try await RunningServer.serve(shop.place, ["--allow-file-repos"]) { server in
            let words = ["promote", "--stage", "dev", "--freight", freight, "--wait"]
            let ending = try await Self.run(server, words)
            #expect(ending.code == 0, "\(ending.errors)")
            #expect(ending.output.contains(" succeeded"), "\(ending.output)")
            #expect(!ending.output.contains("recorded before"))
            let json = try await Self.run(server, words + ["-o", "json"]).json
            #expect(json["outcomes"][0]["phase"].text == "succeeded")
            let discovered = try await Self.run(server, ["discover"]).checked()
            #expect(discovered.output.contains("has nothing new"))
            let link = try await Self.run(server, ["login-link"]).checked()
            #expect(link.output.hasPrefix("http://127.0.0.1:\(server.http.port)/login"))
        }
    }

    @Test func `a server behind TLS is asked if its certificate is trusted`() async throws {
        let place = try await LedgerDirectory.applied()
        let folder = try TemporaryDirectory()
        try await TLSProxy.run(in: folder.path) { proxy in
            let name = "localhost:\(proxy.port)"
            let options = ["--no-automation", "--host", name]
            _ = try await RunningServer.serve(place, options) { server in
                try proxy.leads(to: server.http.port)
                let ask = [
                    "get", "stages", "--server", "https://\(name)", "--token-file",
                    "ledger/server.token",
                ]
                let stranger = try await place.run(ask)
                #expect(stranger.code == 1 && stranger.errors.contains("does not answer"))
                let trusted = try await place.run(ask + ["--ca-file", proxy.certificate])
                #expect(trusted.code == 0, "\(trusted.errors)")
                #expect(trusted.output.contains("dev"))
                let note = try await place.run(
                    ["note", "stage/dev", "over TLS"] + ask.dropFirst(2)
                        + ["--ca-file", proxy.certificate]
                )
                #expect(note.code == 0, "\(note.errors)")
            }
        }
    }
}
