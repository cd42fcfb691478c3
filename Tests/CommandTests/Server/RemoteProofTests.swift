import EventLog
import Foundation
import Requests
import Testing

/// `--server URL`: keys, checkpoints, proofs and folders for auditors.
@Suite(.onLedgerOnly("a ledger is compared with a server of the test's own"))
struct RemoteProofTests {
    @Test func `keys, checkpoints and proofs come from a server as from the ledger`() async throws {
        let place = try await LedgerDirectory.applied()
        let key = try await place.run("ledger", "key").checked().output.filter { $0 != "\n" }
        _ = try await RunningServer.serve(place) { server in
            func ask(_ words: String...) async throws -> Ending {
                try await RemoteTests.run(server, words).checked()
            }
            let old = try await ask("ledger", "checkpoint", "--out", "old")
            #expect(old.output.isEmpty)
            _ = try await ask("note", "stage/dev", "seen")
            // What was recorded just now is in it, however often one is asked for.
            let note = try await ask("ledger", "checkpoint", "-o", "json").json
            let state = try place.state()
            #expect(note["size"].int == Int(state.size) && note["root"].text == state.root.hex)
            #expect(note["note"].text == (try await ask("ledger", "checkpoint").output))
            for words in [
                ["key"], ["key", "-o", "json"], ["checkpoint"], ["checkpoint", "--at", "#2"],
                ["prove", "--position", "2"], ["prove", "--position", "#2", "-o", "json"],
                ["prove", "--position", "2", "--header-only", "--to-checkpoint", "old"],
                ["prove", "--from", "old"], ["prove", "--from", "old", "--position", "1"],
                ["prove", "--header-only", "--from", "old"], ["prove", "--position", "0"],
                ["prove", "--position", "99"], ["prove", "--position", "x"], ["prove"],
                ["prove", "--from", "nothing"],
            ] {
                let there = try await RemoteTests.run(server, ["ledger"] + words)
                let here = try await place.run(["ledger"] + words)
                #expect(there.output == here.output, "\(words)")
                #expect(there.errors == here.errors, "\(words)")
                #expect(there.code == here.code, "\(words)")
            }
            _ = try await ask("ledger", "prove", "--position", "2", "--out", "2.tlog-proof")
            for file in ["old", "2.tlog-proof"] {
                let kind = file == "old" ? "checkpoint" : "proof"
                let checked = try await Checker.run(kind, file, "--key", key, in: place.path)
                #expect(checked.code == 0, "\(checked.output)")
            }
        }
    }

    @Test func `a checkpoint is signed for nobody who is not signed in`() async throws {
        let place = try await LedgerDirectory.applied()
        _ = try await RunningServer.serve(place) { server in
            let before = try? Files.text(place.ledger + "/checkpoint")
            let answer = try server.http.send("POST", "/v1/ledger/checkpoints")
            #expect(answer.status == 401)
            #expect((try? Files.text(place.ledger + "/checkpoint")) == before)
            #expect(try server.post("/v1/ledger/checkpoints", "").status == 201)
        }
    }

    @Test func `who sees one project is given no proof of another's events`() async throws {
        let place = try await LedgerDirectory.applied()
        let other = Manifest.small.replacingOccurrences(of: "shop", with: "other")
        _ = try await place.apply(other).checked()
        _ = try await place.run("ledger", "checkpoint").checked()
        let last = try place.state().size
        _ = try await RunningServer.serve(place) { server in
            let body = #"{"name": "one", "role": "viewer", "project": "shop"}"#
            let token = try server.post("/v1/tokens", body).json["token"].text
            let shown = try await RemoteTests.run(
                server,
                ["ledger", "prove", "--position", "1"],
                token: token
            )
            #expect(shown.code == 0, "\(shown.errors)")
            for option in [[], ["--header-only"]] {
                let words = ["ledger", "prove", "--position", "\(last)"] + option
                let hidden = try await RemoteTests.run(server, words, token: token)
                #expect(hidden.code == 4, "\(hidden.output)")
                #expect(
                    hidden.errors == "waybill: there is no event #\(last); see waybill get events\n"
                )
                #expect(try await RemoteTests.run(server, words).code == 0)
            }
        }
    }

    @Test(.doesNotHang)
    func `folders for auditors are the same from a server, file by file`() async throws {
        let shop = try await MainJob.done.shop.copied()
        let key = try await shop.waybill("ledger", "key").output.filter { $0 != "\n" }
        let items = try await shop.json("audit", "population", "--stage", "prod")["items"].items
        let promotion = try #require(items.last)["promotion"].text
        _ = try await RunningServer.serve(shop.place) { server in
            let place = shop.place
            for (name, words) in [
                ("evidence", ["audit", "evidence", "promotion/\(promotion)"]),
                ("population", ["audit", "population", "--stage", "prod", "--from", "#20"]),
            ] {
                let here = try await place.run(words + ["--out", "\(name)-a"]).checked()
                let there = try await RemoteTests.run(server, words + ["--out", "\(name)-b"])
                    .checked()
                #expect(there.output == here.output.replacing("\(name)-a", with: "\(name)-b"))
                try Self.expectSame(
                    place.directory.sub("\(name)-a"),
                    place.directory.sub("\(name)-b")
                )
                // Where there is something already, the server is not even asked.
                let again = try await RemoteTests.run(server, words + ["--out", "\(name)-a"])
                let beside = try await place.run(words + ["--out", "\(name)-a"])
                #expect(again.code == 1 && again.errors == beside.errors)
            }
            let tool = "\(Program.root)/tools/verify-population.py"
            let checked = try await Program.run(
                "python3",
                [tool, "population-b", "--key", key],
                in: place.path
            )
            #expect(checked.output.hasPrefix("OK: "), "\(checked.output)")
            for words in [
                ["audit", "evidence", "prod.none.none", "--out", "x"],
                ["audit", "evidence", "No/Name", "--out", "x"],
                ["audit", "evidence", promotion, "--out", "none/x"],
                ["audit", "population", "--stage", "none", "--out", "x"],
                ["audit", "population", "--stage", "prod", "--from", "now", "--out", "x"],
                ["audit", "population", "--stage", "prod", "--format", "csv", "--out", "x"],
            ] {
                let there = try await RemoteTests.run(server, words)
                let here = try await place.run(words)
                #expect(there.errors == here.errors && there.code == here.code, "\(words)")
                #expect(here.code > 0, "\(words)")
            }
        }
        // Neither here nor beside the ledger is anything left.
        for folder in [shop.place.path, shop.place.ledger] {
            let names = try Files.names(folder)
            #expect(!names.contains { $0.hasPrefix(".waybill") || $0.hasSuffix(".partial") })
        }
    }

    private static func expectSame(_ one: String, _ other: String) throws {
        let names = try Files.names(one)
        #expect(Set(names) == Set(try Files.names(other)))
        for name in names {
            #expect(try Files.text("\(one)/\(name)") == Files.text("\(other)/\(name)"), "\(name)")
        }
    }

    @Test func `other programs unpack what the server sends`() async throws {
        let shop = try await MainJob.done.shop.copied()
        let place = shop.place
        _ = try await RunningServer.serve(place) { server in
            let path = "/v1/projects/shop/audit/population/folder?stage=prod"
            let answer = try server.get(path)
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "application/x-tar")
            #expect(
                answer.headers["content-disposition"]
                    == "attachment; filename=\"prod-population.tar\""
            )
            let file = place.directory.sub("prod.tar")
            try Data(answer.bytes).write(to: URL(fileURLWithPath: file))
            let listed = try await Program.run("tar", ["-tf", "prod.tar"], in: place.path)
            #expect(listed.code == 0 && listed.errors.isEmpty, "\(listed.errors)")
            let names = listed.output.split(separator: "\n")
            #expect(names.contains("headers.jsonl") && names.contains("README.txt"))
            let program = "import tarfile; print(len(tarfile.open('prod.tar').getnames()))"
            let counted = try await Program.run("python3", ["-c", program], in: place.path)
            #expect(counted.output == "\(names.count)\n", "\(counted.errors)")
            #expect(try server.http.send("GET", path).status == 401)
            let unknown = try server.get(path + "&dryRun=true")
            #expect(try unknown.json["details"]["field"].text == "dryRun")
        }
    }

    @Test func `an answer that is no whole folder leaves nothing`() async throws {
        let place = try await LedgerDirectory.made()
        let whole = try #require(TarHeader(name: "a", byteCount: 3, seconds: 0)).block
        let outside = whole.replacing("a".utf8, with: "../a".utf8, maxReplacements: 1)
        for body in [
            [], Array("no archive".utf8), whole, whole + Array("abc".utf8),
            whole + Array("abc".utf8) + [UInt8](repeating: 0, count: 509), Array(outside),
        ] {
            let head =
                "HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\n"
                + "Content-Length: \(body.count)\r\n\r\n"
            let server = try ClosingListener(answer: Array(head.utf8) + body)
            let ending = try await place.run(
                ["audit", "evidence", "prod.x.y", "--out", "x"],
                environment: ["WAYBILL_SERVER": "http://127.0.0.1:\(server.port)"]
            )
            #expect(ending.code == 1)
            #expect(ending.errors.contains("no whole folder of files"), "\(ending.errors)")
            #expect(try Set(Files.names(place.path)).isSubset(of: ["ledger"]))
        }
    }
}

/// What stands before each file in an archive.
@Suite struct TarHeaderTests {
    @Test func `a header is read as it was written`() throws {
        let names = ["a", "event-12.tlog-proof", String(repeating: "n", count: 100)]
        for (name, count) in zip(names, [0, 513, (1 << 33) - 1] as [UInt64]) {
            let header = try #require(
                TarHeader(name: name, byteCount: count, seconds: 1_767_225_600)
            )
            #expect(TarHeader(block: header.block) == header)
            #expect((header.byteCount + UInt64(header.paddingByteCount)) % 512 == 0)
        }
    }

    @Test func `what leads elsewhere, is too long or too large has no header`() {
        let names = ["", ".", "..", "../a", "a/b", "/a", ".a", "a b", "ä", "a\u{0}", "a\n"]
        for name in names + [String(repeating: "n", count: 101)] {
            #expect(TarHeader(name: name, byteCount: 0, seconds: 0) == nil, "\(name)")
        }
        #expect(TarHeader(name: "a", byteCount: 1 << 33, seconds: 0) == nil)
    }

    @Test func `a header with any byte changed is none`() throws {
        let block = try #require(TarHeader(name: "a", byteCount: 7, seconds: 1)).block
        for index in block.indices {
            var changed = block
            changed[index] &+= 1
            let read = TarHeader(block: changed)
            // What ends a number may be a zero or a space.
            #expect(read == nil || [154, 155].contains(index), "byte \(index)")
        }
        #expect(TarHeader(block: Array(block.dropLast())) == nil)
    }
}
