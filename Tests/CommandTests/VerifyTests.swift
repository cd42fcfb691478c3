import Glibc
import Ledger
import Testing

/// `waybill ledger verify`, on ledgers that are sound and on others.
@Suite struct VerifyTests {
    private static let folder = "cli/errors"

    @Test func `a sound ledger is found sound, at its end, as a whole, and with all rows`()
        async throws
    {
        let fixed = try await FixedLedger.shared
        for (options, tail) in [
            ([], ""), (["--quick"], ""), (["--projections"], ", and make "),
        ] {
            let ending = try await fixed.place.run(["ledger", "verify"] + options).checked()
            #expect(ending.output.hasPrefix("OK: \(fixed.end) events are sound\(tail)"))
            #expect(ending.errors.isEmpty)
        }
        let json = try await fixed.place.run("ledger", "verify", "-o", "json").checked().json
        #expect(json["sound"] == .bool(true) && json["events"].int == fixed.end)
        #expect(json["findings"] == .array([]) && json["omitted"] == .array([]))
    }

    @Test func `findings say table, position, page and row`() async throws {
        let place = try await FixedLedger.shared.copied()
        try Vandal.changePayload(of: 3, in: place.ledger)
        try Vandal.changeRow(of: "commands", in: place.ledger)
        let ending = try await place.run("ledger", "verify")
        #expect(ending.code == 5)
        try Golden.expect(ending.output + ending.errors, Self.folder, "verify-findings")
        let findings = try await place.run("ledger", "verify", "-o", "json").json["findings"]
        #expect(findings.items.map { $0["table"].text } == ["payloads", "commands"])
        #expect(findings.items[0]["position"].int == 3)
        #expect(findings.items[0]["rule"].text == "payload")
    }

    @Test(arguments: Ledger.projectionTables)
    func `a row of a projection that was changed, removed or added is found by its key`(
        _ table: String
    ) async throws {
        let fixed = try await FixedLedger.shared
        let untouched = try fixed.copied()
        let isEmpty = try Vandal.rows(in: untouched.ledger)[table] == nil
        let deeds: [(rule: String, deed: (String, String) throws -> Void)] = [
            ("projectionStranger", Vandal.addRow),
            ("projectionMissing", Vandal.removeRow),
            ("projectionDiffers", Vandal.changeRow),
        ]
        for (rule, deed) in isEmpty ? Array(deeds.prefix(1)) : deeds {
            let place = try fixed.copied()
            try deed(table, place.ledger)
            #expect(try await place.run("ledger", "verify").code == 0)
            let ending = try await place.run("ledger", "verify", "--projections", "-o", "json")
            #expect(ending.code == 5)
            let findings = try ending.json["findings"].items
            #expect(findings.map { $0["table"].text } == [table])
            #expect(findings.map { $0["rule"].text } == [rule])
            #expect(!findings[0]["row"].text.isEmpty)
            #expect(ending.errors.contains("run waybill ledger rebuild"))
        }
    }

    @Test func `what --projections finds, a rebuild mends`() async throws {
        let place = try await FixedLedger.shared.copied()
        try Vandal.removeRow(of: "stage_state", in: place.ledger)
        #expect(try await place.run("ledger", "verify", "--projections").code == 5)
        _ = try await place.run("ledger", "rebuild").checked()
        _ = try await place.run("ledger", "verify", "--projections").checked()
    }

    @Test func `projections of a log that is not sound are not compared`() async throws {
        let place = try await FixedLedger.shared.copied()
        try Vandal.changePayload(of: 3, in: place.ledger)
        try Vandal.removeRow(of: "stage_state", in: place.ledger)
        let ending = try await place.run("ledger", "verify", "--projections")
        #expect(ending.code == 5)
        #expect(ending.output.contains("The projections were not compared"))
    }

    @Test func `--quick and --projections do not go together`() async throws {
        let place = try await FixedLedger.shared.place
        let ending = try await place.run("ledger", "verify", "--quick", "--projections")
        try Failure.expect(ending, code: 2, Self.folder, "verify-quick-projections")
    }

    @Test func `the bar is shown on a terminal`() async throws {
        let place = try await FixedLedger.shared.place
        let ending = try await Program.run(
            "script",
            ["-qec", "\(Program.waybill) ledger verify", "/dev/null"],
            in: place.path,
            environment: ["TERM": "xterm"]
        )
        #expect(ending.output.contains("verify [#########################] 100%"))
        #expect(ending.output.contains("OK: "))
    }

    @Test func `a file that crashes the check is a finding, and not a crash`() async throws {
        let place = try await FixedLedger.shared.copied()
        let path = place.ledger + "/lock.mdb"
        var verdict: Ending?
        // As long as somebody has the ledger open, LMDB believes the list of readers.
        _ = try await Program.run(Program.waybill, ["watch"], in: place.path) { watch in
            for _ in 0..<1000 {
                let maps = try await Program.run("cat", ["/proc/\(watch.id)/maps"], in: "/")
                if maps.output.contains(path) { break }
                try await Task.sleep(for: .milliseconds(5))
            }
            let sound = try Files.bytes(path)
            var rotten = sound
            // The number of readers, behind magic, format, a mutex and a transaction number.
            for offset in 56..<59 { rotten[offset] = 0xff }
            try Files.overwrite(path, with: rotten)
            verdict = try await place.run("ledger", "verify")
            try Files.overwrite(path, with: sound)
            watch.send(SIGINT)
        }
        let ending = try #require(verdict)
        #expect(ending.code == 5)
        #expect(
            ending.output.contains("crashed the check (SIG"),
            "\(ending.output) \(ending.errors)"
        )
        #expect(ending.errors.contains("is not sound (1 finding)"))
    }

    @Test func `flipped bytes never crash it, and never pass where a row has changed`()
        async throws
    {
        var random = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: .min ... .max, using: &random)
        var seeded = SeededBits(seed)
        let fixed = try await FixedLedger.shared
        let untouched = try fixed.copied()
        let rows = try Vandal.rows(in: untouched.ledger)
        let whole = try Files.bytes(fixed.place.ledger + "/data.mdb")
        for trial in 0..<40 {
            let place = try fixed.copied()
            var bytes = whole
            for _ in 0..<4 {
                bytes[Int(seeded.next() % UInt64(bytes.count))] ^= 1 << UInt8(seeded.next() & 7)
            }
            try Files.write(bytes, to: place.ledger + "/data.mdb")
            let ending = try await place.run("ledger", "verify", "--projections")
            let name = "seed \(seed), trial \(trial): \(ending.output) \(ending.errors)"
            #expect([0, 1, 5].contains(ending.code), "\(name)")
            if ending.code == 1 { #expect(ending.errors.contains("newer waybill"), "\(name)") }
            guard ending.code == 0 else { continue }
            var now = try Vandal.rows(in: place.ledger)
            now["meta"] = rows["meta"]
            #expect(now == rows, "\(name)")
        }
    }
}

/// Random numbers that a printed seed repeats (SplitMix64).
private struct SeededBits {
    private var state: UInt64

    init(_ seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
