import EventLog
import Glibc
import LMDB
import Testing

/// What is where the ledger should be, but cannot be used.
@Suite struct BadLedgerTests {
    private static let folder = "cli/errors"

    /// One of the commands that read, and one that writes.
    private static let commands = [
        ["get", "stages"], ["ledger", "verify"], ["promote", "--stage", "dev", "--freight", "x1"],
        ["run", "--until-idle"], ["apply", "-f", "-"],
    ]

    @Test(arguments: commands)
    func `a directory that is no ledger is not found, and nothing is put into it`(
        _ command: [String]
    ) async throws {
        let place = try LedgerDirectory()
        try Files.makeDirectory(place.ledger)
        try Files.write("mine", to: place.ledger + "/notes")
        let ending = try await place.run(command, input: Array(Manifest.small.utf8))
        try Failure.expect(ending, code: 4, Self.folder, "no-ledger")
        #expect(try Files.names(place.ledger) == ["notes"])
    }

    @Test(arguments: commands)
    func `a directory that is not there is not found, and not made`(
        _ command: [String]
    ) async throws {
        let place = try LedgerDirectory()
        let ending = try await place.run(command, input: Array(Manifest.small.utf8))
        try Failure.expect(ending, code: 4, Self.folder, "no-directory")
        #expect(try Files.names(place.path).isEmpty)
    }

    @Test(arguments: commands + [["init"]])
    func `a file where the directory should be is a failure, and stays as it is`(
        _ command: [String]
    ) async throws {
        let place = try LedgerDirectory()
        try Files.write("a file", to: place.ledger)
        let ending = try await place.run(command, input: Array(Manifest.small.utf8))
        let name = command == ["init"] ? "init-on-a-file" : "file-for-directory"
        try Failure.expect(ending, code: 1, Self.folder, name)
        #expect(try Files.text(place.ledger) == "a file")
    }

    @Test func `init refuses where a ledger or something else is, and changes nothing`()
        async throws
    {
        let place = try await LedgerDirectory.applied()
        let before = try place.state()
        try Failure.expect(try await place.run("init"), code: 1, Self.folder, "init-twice")
        #expect(try place.state() == before)
        try Files.makeDirectory(place.directory.sub("home"))
        try Files.write("mine", to: place.directory.sub("home/notes"))
        let ending = try await place.run("init", "--ledger", "home")
        try Failure.expect(ending, code: 1, Self.folder, "init-in-use")
        #expect(try Files.names(place.directory.sub("home")) == ["notes"])
        let deep = try await place.run("init", "--ledger", "no/such/parent")
        try Failure.expect(deep, code: 4, Self.folder, "init-without-parent")
    }

    @Test(arguments: commands)
    func `a ledger of a newer format says what it needs`(_ command: [String]) async throws {
        let place = try await LedgerDirectory.applied()
        let before = try place.state()
        try Vandal.setMeta("minimum-reader", to: "7", in: place.ledger)
        let ending = try await place.run(command, input: Array(Manifest.small.utf8))
        try Failure.expect(ending, code: 1, Self.folder, "newer-format")
        try Vandal.setMeta("minimum-reader", to: "1", in: place.ledger)
        #expect(try place.state() == before)
    }

    @Test func `a ledger that only newer programs may write can still be read`() async throws {
        let place = try await LedgerDirectory.applied()
        try Vandal.setMeta("minimum-writer", to: "7", in: place.ledger)
        _ = try await place.run("get", "stages").checked()
        let ending = try await place.apply(Manifest.small)
        try Failure.expect(ending, code: 1, Self.folder, "newer-format")
    }

    @Test(arguments: [0, 100, 4096, 8192, 20_000, 60_000])
    func `a data file that was cut off is damage, and says so`(_ byteCount: Int) async throws {
        let place = try await LedgerDirectory.applied()
        try Files.truncate(place.ledger + "/data.mdb", to: byteCount)
        for command in Self.commands {
            let ending = try await place.run(command, input: Array(Manifest.small.utf8))
            #expect(ending.code == 5, "\(ending.command): \(ending.errors)")
            #expect(ending.errors.split(separator: "\n").count == 1)
            let words = ["was cut off", "is damaged", "is not sound"]
            #expect(words.contains { ending.errors.contains($0) }, "\(ending.errors)")
            // What exactly is missing, verification says.
            #expect(ending.output.isEmpty == (command != ["ledger", "verify"]))
        }
        #expect(try Files.bytes(place.ledger + "/data.mdb").count == byteCount)
    }

    @Test func `an event that was changed is found by verify, which ends with 5`() async throws {
        let place = try await LedgerDirectory.applied()
        try Vandal.changePayload(of: 2, in: place.ledger)
        let ending = try await place.run("ledger", "verify")
        #expect(ending.code == 5)
        try Golden.expect(
            (ending.output + ending.errors).masked(),
            Self.folder,
            "changed-event"
        )
        let json = try await place.run("ledger", "verify", "-o", "json")
        #expect(json.code == 5)
        #expect(try json.json["sound"] == .bool(false))
        #expect(try json.errorJSON["error"]["code"].text == "integrity")
    }

    @Test func `a row that was changed is found by replay, which ends with 5`() async throws {
        let place = try await LedgerDirectory.applied()
        try Vandal.changeRow(of: "stages", in: place.ledger)
        let ending = try await place.run("ledger", "replay")
        #expect(ending.code == 5)
        #expect(ending.output.contains("stages"))
        #expect(try await place.run("ledger", "verify").code == 0)
    }

    @Test func `an event of a kind that is not known asks for a newer program`() async throws {
        let place = try await LedgerDirectory.applied()
        try await Vandal.appendUnknownEvent(to: place.ledger)
        let ending = try await place.run("get", "events")
        try Failure.expect(ending, code: 1, Self.folder, "unknown-event")
    }

    @Test func `who finds another process writing waits for a bounded time, then names it`()
        async throws
    {
        let place = try await LedgerDirectory.applied()
        let before = try place.state()
        let holder = try HeldLock("writer.lock", in: place.ledger)
        let manifests = Manifest.warehouse("search")
        let patience = ["WAYBILL_LOCK_WAIT": "1"]
        for (format, name) in [("table", "held"), ("json", "held-json")] {
            let ending = try await place.run(
                ["apply", "-f", "-", "-o", format],
                input: Array(manifests.utf8),
                environment: patience
            )
            try Failure.expect(ending, code: 1, Self.folder, name)
            #expect(ending.errors.contains("\(getpid())"))
        }
        #expect(try place.state() == before)
        // Reading goes on meanwhile.
        _ = try await place.run("get", "stages").checked()
        holder.release()
        _ = try await place.apply(manifests).checked()
    }

    @Test func `a patience that is no number is a wrong use`() async throws {
        let place = try await LedgerDirectory.made()
        for text in ["soon", "-1", "1.5", "3601"] {
            let ending = try await place.run(
                ["apply", "-f", "-"],
                input: Array(Manifest.small.utf8),
                environment: ["WAYBILL_LOCK_WAIT": text]
            )
            #expect(ending.code == 2)
            #expect(ending.errors.contains("WAYBILL_LOCK_WAIT"))
        }
    }
}
