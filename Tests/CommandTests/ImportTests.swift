import Foundation
import Glibc
import Testing

/// `waybill ledger import`: the same ledger, or nothing.
@Suite struct ImportTests {
    @Test func `a ledger of an export is the same ledger`() async throws {
        let fixed = try await FixedLedger.shared
        let place = try fixed.copied()
        _ = try await place.run("ledger", "export", "--out", "e.jsonl").checked()
        let ending = try await place.run("ledger", "import", "e.jsonl", "--ledger", "new").checked()
        #expect(ending.errors.isEmpty)
        let made = LogState.self
        #expect(try made.init(of: place.directory.sub("new")) == place.state())
        for words in [
            ["ledger", "verify"], ["ledger", "replay"], ["get", "events", "-o", "json"],
            ["get", "stages", "-o", "json"], ["get", "promotions", "-o", "json"],
            ["describe", "stage/prod"], ["history", "stage/prod"],
            ["audit", "--text", "customers"],
        ] {
            let at = words[0] == "ledger" ? [] : ["--at", "#\(fixed.end)"]
            let before = try await place.run(words + at).checked().output
            let after = try await place.run(words + at + ["--ledger", "new"]).checked().output
            #expect(after == before, "\(words)")
        }
        let ids = [
            try await place.run("ledger", "info", "-o", "json").checked().json["id"],
            try await place.run("ledger", "info", "-o", "json", "--ledger", "new").checked()
                .json["id"],
        ]
        #expect(ids[0] == ids[1])
        // And it goes on.
        _ = try await place.run("note", "stage/prod", "moved", "--ledger", "new").checked()
        _ = try await place.run("ledger", "replay", "--ledger", "new").checked()
        // What it exports again begins with the same lines.
        let again = try await place.run("ledger", "export", "--ledger", "new").checked().output
        let lines = try Files.text(place.directory.sub("e.jsonl")).split(separator: "\n")
        #expect(again.split(separator: "\n")[1...fixed.end] == lines[1...fixed.end])
    }

    @Test func `an empty directory is filled, anything else is refused and stays`() async throws {
        let place = try await FixedLedger.shared.copied()
        _ = try await place.run("ledger", "export", "--out", "e.jsonl").checked()
        try Files.makeDirectory(place.directory.sub("empty"))
        _ = try await place.run("ledger", "import", "e.jsonl", "--ledger", "empty").checked()
        _ = try await place.run("ledger", "verify", "--ledger", "empty").checked()
        try Files.makeDirectory(place.directory.sub("full"))
        try Files.write("mine", to: place.directory.sub("full/notes"))
        for target in ["full", "ledger", "e.jsonl"] {
            let ending = try await place.run("ledger", "import", "e.jsonl", "--ledger", target)
            #expect(ending.code == 1, "\(ending.errors)")
            #expect(ending.errors.contains("\(target) is there already"))
        }
        #expect(try Files.names(place.directory.sub("full")) == ["notes"])
        let names = ["e.jsonl", "empty", "full", "ledger"]
        for (file, code) in [("nothing.jsonl", 1), ("full", 1)] {
            let ending = try await place.run("ledger", "import", file, "--ledger", "new")
            #expect(ending.code == code && ending.errors.split(separator: "\n").count == 1)
        }
        #expect(try Files.names(place.path) == names)
    }

    @Test func `an export that does not begin with the first event cannot be a ledger`()
        async throws
    {
        let place = try await FixedLedger.shared.copied()
        _ = try await place.run("ledger", "export", "--from", "#5", "--out", "e.jsonl").checked()
        let ending = try await place.run("ledger", "import", "e.jsonl", "--ledger", "new")
        try Failure.expect(ending, code: 1, "cli/errors", "import-part")
        #expect(try Files.names(place.path) == ["e.jsonl", "ledger"])
    }

    @Test func `an empty ledger can be moved, too`() async throws {
        let place = try await LedgerDirectory.made()
        _ = try await place.run("ledger", "export", "--out", "e.jsonl").checked()
        _ = try await place.run("ledger", "import", "e.jsonl", "--ledger", "new").checked()
        #expect(try LogState(of: place.directory.sub("new")) == place.state())
    }

    @Test func `after kill -9 at any moment of an import there is no ledger or the whole`()
        async throws
    {
        let place = try await LedgerDirectory.applied()
        for number in 0..<6 {
            let warehouses = (0..<200).map {
                Manifest.warehouse("w\($0)", interval: "\(number + 1)m")
            }
            _ = try await place.apply(warehouses.joined(separator: "---\n")).checked()
        }
        _ = try await place.run("ledger", "export", "--out", "e.jsonl").checked()
        let size = try place.state().size
        let words = ["ledger", "import", "e.jsonl", "--ledger", "new"]
        let began = ContinuousClock.now
        _ = try await place.run(words).checked()
        let duration = ContinuousClock.now - began
        try FileManager.default.removeItem(atPath: place.directory.sub("new"))
        var killed = 0
        for signal in [SIGKILL, SIGTERM, SIGINT] {
            var isKilled = false
            for share in [0.1, 0.2, 0.3, 0.5, 0.7] + [Double?](repeating: nil, count: 20) {
                // One that has just begun is enough, once the kill came in time.
                if share == nil, isKilled { break }
                // What a killed one left would be taken for what the next one has begun.
                try? FileManager.default.removeItem(atPath: place.directory.sub("new.partial"))
                let ending = try await Program.run(Program.waybill, words, in: place.path) {
                    // The moment of the kill is the test; the last is when it has just begun.
                    if let share {
                        try await Task.sleep(for: duration * share)
                    } else {
                        try await Files.appear(place.directory.sub("new.partial"))
                    }
                    $0.send(signal)
                }
                let names = try Files.names(place.path)
                try await place.expectNoneOrWhole("new", after: ending, signal: signal, size: size)
                guard ending.code == 128 + Int(signal) else { continue }
                killed += 1
                isKilled = true
                // Who is only asked to end removes what it began.
                if signal != SIGKILL { #expect(!names.contains("new.partial")) }
            }
        }
        #expect(killed >= 3)
        _ = try await place.run(words).checked()
        #expect(try Files.names(place.path) == ["e.jsonl", "ledger", "new"])
        #expect(try LogState(of: place.directory.sub("new")) == place.state())
        _ = try await place.run("ledger", "replay", "--ledger", "new").checked()
    }

    @Test func `of two who make the same ledger, the second is told so`() async throws {
        let place = try await LedgerDirectory.applied()
        _ = try await place.run("ledger", "export", "--out", "e.jsonl").checked()
        try Files.makeDirectory(place.directory.sub("new.partial"))
        let file = unsafe open(place.directory.sub("new.partial"), O_RDONLY | O_DIRECTORY)
        #expect(flock(file, LOCK_EX | LOCK_NB) == 0)
        let ending = try await place.run("ledger", "import", "e.jsonl", "--ledger", "new")
        try Failure.expect(ending, code: 1, "cli/errors", "import-busy")
        close(file)
        _ = try await place.run("ledger", "import", "e.jsonl", "--ledger", "new").checked()
    }
}
