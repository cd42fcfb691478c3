import EventLog
import Foundation
import Glibc
import Testing

/// `waybill ledger export`, as a user types it.
@Suite struct ExportTests {
    /// The lines of an export.
    static func lines(_ place: LedgerDirectory, _ options: String...) async throws -> [String] {
        let ending = try await place.run(["ledger", "export"] + options).checked()
        #expect(ending.output.hasSuffix("\n"))
        return ending.output.split(separator: "\n").map(String.init)
    }

    private static func sha256(_ text: String, _ place: LedgerDirectory) async throws -> String {
        try await Program.run("sha256sum", in: place.path, input: Array(text.utf8))
            .checked().output.prefix { $0 != " " }.description
    }

    @Test func `an export has every event as it is stored and as it is shown, between two frames`()
        async throws
    {
        let fixed = try await FixedLedger.shared
        let place = try fixed.copied()
        let lines = try await Self.lines(place)
        #expect(lines.count == fixed.end + 2)
        let state = try place.state()
        let head = try JSON(parsing: lines[0])
        let id = try await place.run("ledger", "info", "-o", "json").checked().json["id"].text
        #expect(
            lines[0] == #"{"waybill":"export","version":1,"ledger":"\#(id)","#
                + #""origin":"waybill/\#(id)","first":1,"last":\#(fixed.end),"#
                + #""size":\#(fixed.end),"root":"\#(state.root.hex)","#
                + #""before":"\#(head["before"].text)"}"#
        )
        #expect(head["before"].text == Digest.sha256([]).hex)
        let end = try JSON(parsing: lines[fixed.end + 1])
        let sum = try await Self.sha256(lines.dropLast().map { $0 + "\n" }.joined(), place)
        #expect(
            lines[fixed.end + 1]
                == #"{"waybill":"end","events":\#(fixed.end),"sha256":"\#(sum)","checkpoint":null}"#
        )
        #expect(end["checkpoint"].isNull)
        let shown = try await place.run("get", "events", "--limit", "10000", "-o", "json").checked()
        let events = try shown.json["items"].items.reversed()
        for (event, line) in zip(events, lines.dropFirst()) {
            #expect(try JSON(parsing: line)["event"] == event)
        }
        try Self.expectStored(lines, in: place)
    }

    /// Headers, salts and payloads are those of the log.
    private static func expectStored(_ lines: [String], in place: LedgerDirectory) throws {
        let log = try EventLog.open(at: place.ledger, access: .read)
        let stored = try log.read { (snapshot) throws(EventLogError) in
            var stored: [(header: [UInt8], body: [UInt8])] = []
            try snapshot.forEachStored { _, header, body in
                stored.append((header.indices.map { header[$0] }, body.indices.map { body[$0] }))
                return true
            }
            return stored
        }
        for (event, line) in zip(stored, lines.dropFirst()) {
            let json = try JSON(parsing: line)
            func bytes(_ name: String) -> [UInt8] {
                Data(base64Encoded: json[name].text).map { Array($0) } ?? []
            }
            #expect(bytes("header") == event.header)
            #expect(bytes("salt") + bytes("payload") == event.body)
            #expect(bytes("salt").count == 16)
        }
    }

    @Test func `a file is written whole, and never over another`() async throws {
        let place = try await FixedLedger.shared.copied()
        let lines = try await Self.lines(place)
        let ending = try await place.run("ledger", "export", "--out", "e.jsonl").checked()
        try Golden.expect(ending.output, "cli/output", "ledger-export")
        let file = place.directory.sub("e.jsonl")
        #expect(try Files.text(file) == lines.map { $0 + "\n" }.joined())
        let again = try await place.run("ledger", "export", "--out", "e.jsonl")
        try Failure.expect(again, code: 1, "cli/errors", "export-exists")
        let deep = try await place.run("ledger", "export", "--out", "no/such/e.jsonl")
        try Failure.expect(deep, code: 4, "cli/errors", "export-without-parent")
        #expect(try Files.names(place.path).sorted() == ["e.jsonl", "ledger"])
        let json = try await place.run("ledger", "export", "--out", "f", "-o", "json").checked()
        #expect(try json.json["events"].int == lines.count - 2)
        #expect(try json.json["root"].text == place.state().root.hex)
    }

    @Test func `from and to cut by position and by time, and the frame says so`() async throws {
        let place = try await FixedLedger.shared.copied()
        let all = try await Self.lines(place)
        let some = try await Self.lines(place, "--from", "#10", "--to", "#20")
        #expect(Array(some[1...11]) == Array(all[10...20]) && some.count == 13)
        let head = try JSON(parsing: some[0])
        #expect(head["first"].int == 10 && head["last"].int == 20 && head["size"].int == 20)
        let log = try EventLog.open(at: place.ledger, access: .read)
        let (before, root) = try log.read { (snapshot) throws(EventLogError) in
            (
                try snapshot.root(at: Position(rawValue: 9)).hex,
                try snapshot.root(at: Position(rawValue: 20)).hex
            )
        }
        #expect(head["before"].text == before && head["root"].text == root)
        let time = try JSON(parsing: all[20])["event"]["at"].text
        let since = try await Self.lines(place, "--from", time)
        let first = try #require(since.dropFirst().first)
        #expect(try JSON(parsing: first)["event"]["at"].text > time)
        let until = try await Self.lines(place, "--to", time)
        #expect(until[1] == all[1])
        #expect(try JSON(parsing: until[until.count - 2])["event"]["at"].text == time)
        // Nothing happened in between: an export without events is one, too.
        let none = try await Self.lines(place, "--from", "2100-01-01", "--to", "2100-01-02")
        #expect(none.count == 2)
        let wrong = try await place.run("ledger", "export", "--from", "#20", "--to", "#10")
        #expect(wrong.code == 2 && wrong.errors.contains("--from is after --to"))
    }

    @Test func `a payload that was changed is found, and no file is left`() async throws {
        let place = try await LedgerDirectory.applied()
        try Vandal.changePayload(of: 2, in: place.ledger)
        let ending = try await place.run("ledger", "export", "--out", "e.jsonl")
        try Failure.expect(ending, code: 5, "cli/errors", "export-damaged")
        #expect(try Files.names(place.path) == ["ledger"])
    }

    @Test func `a full disk leaves nothing, whatever is made there`() async throws {
        let place = try await FixedLedger.shared.copied()
        _ = try await place.run("ledger", "export", "--out", "e.jsonl").checked()
        _ = try await place.run("ledger", "backup", "b").checked()
        try Files.makeDirectory(place.directory.sub("small"))
        let mount = "mount -t tmpfs -o size=100k tmpfs small"
        guard try await Namespace.canMount(mount, in: place) else {
            return Notice.skipped("a full disk: no mounts in user namespaces here")
        }
        for (command, name) in [
            ("ledger export --out small/e.jsonl", "export"), ("ledger backup small/b", "backup"),
            ("ledger backup small/b.mdb", "backup-file"),
            ("ledger import e.jsonl --ledger small/new", "import"),
            ("ledger restore b --ledger small/new", "restore"),
        ] {
            let script = """
                "$0" \(command) 2>err; code=$?; ls -A small >names; exit $code
                """
            let ending = try await Namespace.run(mount, script, in: place)
            #expect(ending.code == 1, "\(ending.errors)")
            #expect(try Files.text(place.directory.sub("names")).isEmpty, "\(command)")
            let errors = try Files.text(place.directory.sub("err"))
            try Golden.expect(errors, "cli/errors", "disk-full-\(name)")
        }
        #expect(try await place.run("ledger", "verify").code == 0)
    }
}
