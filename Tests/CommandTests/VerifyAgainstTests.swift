import Glibc
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
        try Failure.expect(missing, code: 4, Self.folder, "verify-missing-checkpoint")
        #expect(text.output.isEmpty && missing.output.isEmpty)
    }

    // MARK: - Signatures

    /// A ledger with a key, a checkpoint that it signed in `kept`, and one event more.
    private func signed() async throws -> LedgerDirectory {
        let place = try await LedgerDirectory.applied()
        _ = try await place.run("ledger", "checkpoint", "--out", "kept").checked()
        _ = try await place.apply(Manifest.warehouse("search")).checked()
        return place
    }

    private func rules(_ place: LedgerDirectory, _ options: String...) async throws -> [String] {
        let ending = try await place.run(["ledger", "verify", "-o", "json"] + options)
        #expect(ending.code == 5)
        let findings = try ending.json["findings"].items
        #expect(findings.allSatisfy { $0["table"].text == "checkpoint" })
        return findings.map { $0["rule"].text + " " + $0["row"].text }
    }

    @Test func `a signed checkpoint that was kept is extended`() async throws {
        let place = try await signed()
        let ending = try await place.run("ledger", "verify", "--against", "kept").checked()
        #expect(ending.output == "OK: 4 events are sound; they extend the checkpoint\n")
    }

    @Test func `a signature that does not verify, or is somebody else's, is found`()
        async throws
    {
        let place = try await signed()
        let text = try Files.text(place.directory.sub("kept"))
        let end = text.index(text.endIndex, offsetBy: -10)
        let other = text[end] == "A" ? "B" : "A"
        try Files.write(
            text[..<end] + other + text[text.index(after: end)...],
            to: place.directory.sub("forged")
        )
        #expect(try await rules(place, "--against", "forged") == ["signature forged"])
        // The key's id is the beginning of the signature.
        let words = text.split(separator: " ")
        let signature = words[words.count - 1]
        let first = signature.first == "A" ? "B" : "A"
        let renamed = words.dropLast().joined(separator: " ") + " \(first)" + signature.dropFirst()
        try Files.write(renamed, to: place.directory.sub("strange"))
        #expect(try await rules(place, "--against", "strange") == ["signature strange"])
    }

    @Test func `an older copy is found by what was signed last, without any other file`()
        async throws
    {
        let place = try await signed()
        let old = try Files.bytes(place.ledger + "/data.mdb")
        _ = try await place.apply(Manifest.warehouse("payments")).checked()
        _ = try await place.run("ledger", "checkpoint").checked()
        _ = try await place.run("ledger", "verify").checked()
        try Files.write(old, to: place.ledger + "/data.mdb")
        #expect(try await rules(place) == ["size checkpoint"])
        #expect(try await rules(place, "--quick") == ["size checkpoint"])
    }

    @Test func `what was signed last is looked at in the store and beside the key`() async throws {
        let place = try await signed()
        let path = place.ledger + "/checkpoint"
        let sound = try Files.bytes(path)
        try Files.write("nonsense", to: path)
        #expect(try await rules(place) == ["file checkpoint"])
        #expect(unsafe unlink(path) == 0)
        #expect(try await rules(place) == ["missing checkpoint"])
        try Files.write(sound, to: path)
        _ = try await place.run("ledger", "verify").checked()
        try Vandal.setMeta("last-checkpoint", to: "nonsense", in: place.ledger)
        #expect(try await rules(place) == ["file last-checkpoint in meta"])
        // A copy without the key, such as a backup, need not have what lies beside it.
        let copy = try LedgerDirectory()
        try Files.makeDirectory(copy.ledger)
        try Vandal.setMeta(
            "last-checkpoint",
            to: String(decoding: sound, as: UTF8.self),
            in: place.ledger
        )
        try Files.copy(place.ledger + "/data.mdb", to: copy.ledger + "/data.mdb")
        _ = try await copy.run("ledger", "verify").checked()
    }
}
