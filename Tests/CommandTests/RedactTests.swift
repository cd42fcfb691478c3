import EventLog
import Foundation
import Testing

/// `waybill ledger redact`, as a user types it.
@Suite struct RedactTests {
    @Test func `what is redacted is nowhere any more, and everything else goes on`() async throws {
        let place = try await LedgerDirectory.applied()
        _ = try await place.run("note", "stage/dev", "the password is hunter2").checked()
        _ = try await place.run("note", "stage/dev", "another note").checked()
        let before = try place.state()
        let dry = try await place.run(
            "ledger",
            "redact",
            "#4",
            "--reason",
            "a password",
            "--dry-run"
        ).checked()
        try Golden.expect(dry.output, "cli/output", "ledger-redact-dry-run")
        #expect(try place.state() == before)
        let redact = ["ledger", "redact", "#4", "--reason", "a password", "--command-id", "r-1"]
        let ending = try await place.run(redact).checked()
        try Golden.expect(ending.output, "cli/output", "ledger-redact")
        let again = try await place.run(redact).checked()
        #expect(again.output.contains("recorded before"))
        #expect(try place.state().size == before.size + 1)
        for words in [
            ["get", "events", "-o", "json"], ["audit", "--text", "hunter2"], ["ledger", "export"],
            ["describe", "event/#4"], ["describe", "stage/dev"], ["get", "stages", "-o", "yaml"],
            ["note", "stage/dev", "third"], ["ledger", "verify"], ["ledger", "replay"],
        ] {
            let answer = try await place.run(words).checked()
            #expect(!answer.output.contains("hunter2"), "\(words)")
        }
        let page = try await place.run("describe", "event/#4").checked().output
        #expect(page.contains("Redacted by  #6"))
        // The root of what was before is what it was.
        let root = try await place.run("ledger", "checkpoint", "--at", "#5", "-o", "json").checked()
        #expect(try root.json["root"].text == before.root.hex)
        try await Self.expectGone(from: place)
    }

    /// A copy has no unused pages, so it has none of the bytes.
    private static func expectGone(from place: LedgerDirectory) async throws {
        func isThere(_ file: String) throws -> Bool {
            Data(try Files.bytes(place.directory.sub(file))).range(of: Data("hunter2".utf8)) != nil
        }
        _ = try await place.run("ledger", "backup", "b").checked()
        #expect(try !isThere("b/data.mdb"))
        _ = try await place.run("ledger", "restore", "b", "--ledger", "clean").checked()
        #expect(try !isThere("clean/data.mdb"))
        _ = try await place.run("ledger", "export", "--out", "e.jsonl").checked()
        _ = try await place.run("ledger", "import", "e.jsonl", "--ledger", "new").checked()
        #expect(try LogState(of: place.directory.sub("new")) == place.state())
        for ledger in ["clean", "new"] {
            _ = try await place.run("ledger", "verify", "--ledger", ledger).checked()
            _ = try await place.run("ledger", "replay", "--ledger", ledger).checked()
        }
        // What was redacted only later is redacted in what goes back before that, too.
        let words = ["ledger", "restore", "b", "--ledger", "old", "--to", "#5"]
        _ = try await place.run(words).checked()
        _ = try await place.run("ledger", "verify", "--ledger", "old").checked()
        _ = try await place.run("ledger", "replay", "--ledger", "old").checked()
        #expect(try LogState(of: place.directory.sub("old")).size == 7)
    }

    @Test func `what cannot be redacted says why`() async throws {
        let place = try await LedgerDirectory.applied()
        _ = try await place.run("note", "stage/dev", "words").checked()
        let state = try place.state()
        for (words, code, name) in [
            (["#1", "--reason", "x"], 3, "redact-configuration"),
            (["#99", "--reason", "x"], 4, "redact-future"),
            (["#4"], 2, "redact-no-reason"),
            (["stage/dev", "--reason", "x"], 2, "redact-no-event"),
        ] {
            let ending = try await place.run(["ledger", "redact"] + words)
            try Failure.expect(ending, code: code, "cli/errors", name)
        }
        #expect(try place.state() == state)
        _ = try await place.run("ledger", "redact", "#4", "--reason", "x").checked()
        let twice = try await place.run("ledger", "redact", "#4", "--reason", "x")
        try Failure.expect(twice, code: 3, "cli/errors", "redact-twice")
    }
}
