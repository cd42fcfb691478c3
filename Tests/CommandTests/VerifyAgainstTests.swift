import Testing

/// `waybill ledger verify --against`: checkpoints that somebody kept elsewhere.
@Suite struct VerifyAgainstTests {
    private static let folder = "cli/errors"

    /// A ledger, and checkpoints of it at some positions in files.
    private func kept(_ positions: [Int]) async throws -> LedgerDirectory {
        let place = try await FixedLedger.shared.copied()
        for position in positions {
            let text = try await place.run("ledger", "checkpoint", "--at", "\(position)")
                .checked().output
            try Files.write(text, to: place.directory.sub("at-\(position)"))
        }
        return place
    }

    @Test func `a ledger extends every checkpoint of its past`() async throws {
        let end = try await FixedLedger.shared.end
        let place = try await kept([1, 2, 64, end])
        let one = try await place.run("ledger", "verify", "--against", "at-64").checked()
        #expect(one.output == "OK: \(end) events are sound; they extend the checkpoint\n")
        let options = [1, 2, 64, end].flatMap { ["--against", "at-\($0)"] }
        let all = try await place.run(["ledger", "verify", "--quick"] + options).checked()
        #expect(all.output == "OK: \(end) events are sound; they extend all 4 checkpoints\n")
    }

    @Test func `an older copy that was put back is found`() async throws {
        let place = try await LedgerDirectory.applied()
        try Files.copy(place.ledger, to: place.directory.sub("copy"))
        _ = try await place.apply(Manifest.warehouse("search")).checked()
        let text = try await place.run("ledger", "checkpoint").checked().output
        try Files.write(text, to: place.directory.sub("kept"))
        _ = try await place.run("ledger", "verify", "--against", "kept").checked()
        // The copy is sound in itself.
        _ = try await place.run("ledger", "verify", "--ledger", "copy").checked()
        let ending = try await place.run(
            "ledger",
            "verify",
            "--ledger",
            "copy",
            "--against",
            "kept"
        )
        #expect(ending.code == 5)
        try Golden.expect(ending.output + ending.errors, Self.folder, "verify-older-copy")
    }

    @Test func `a past that was changed is found`() async throws {
        let place = try await kept([64, 65])
        // The root of another size: what the ledger would have if one event were another.
        var lines = try Files.text(place.directory.sub("at-64")).split(separator: "\n")
        lines[2] = try Files.text(place.directory.sub("at-65")).split(separator: "\n")[2]
        try Files.write(
            lines.joined(separator: "\n") + "\n",
            to: place.directory.sub("other")
        )
        let ending = try await place.run("ledger", "verify", "--against", "other", "-o", "json")
        #expect(ending.code == 5)
        let finding = try ending.json["findings"].items[0]
        #expect(finding["table"].text == "checkpoint" && finding["rule"].text == "root")
        #expect(finding["row"].text == "other")
    }

    @Test func `a checkpoint of another ledger is found`() async throws {
        let place = try await kept([64])
        let other = try await LedgerDirectory.made()
        let text = try await other.run("ledger", "checkpoint").checked().output
        try Files.write(text, to: place.directory.sub("other"))
        let ending = try await place.run("ledger", "verify", "--against", "other", "-o", "json")
        #expect(ending.code == 5)
        #expect(try ending.json["findings"].items[0]["rule"].text == "origin")
    }

    @Test func `what is no checkpoint is an error, and nothing is said of the ledger`()
        async throws
    {
        let place = try await kept([64])
        try Files.write("not a checkpoint\n", to: place.directory.sub("text"))
        let text = try await place.run("ledger", "verify", "--against", "text")
        try Failure.expect(text, code: 2, Self.folder, "verify-no-checkpoint")
        let missing = try await place.run("ledger", "verify", "--against", "missing")
        try Failure.expect(missing, code: 1, Self.folder, "verify-missing-checkpoint")
        #expect(text.output.isEmpty && missing.output.isEmpty)
    }
}
