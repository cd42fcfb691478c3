import EventLog
import Foundation
import Glibc
import Testing

/// `waybill ledger backup`, as a user types it while others write.
@Suite struct BackupTests {
    /// A ledger of some size, so that copying takes a while.
    static func large() async throws -> LedgerDirectory {
        let place = try await LedgerDirectory.applied()
        for number in 0..<6 {
            let warehouses = (0..<200).map {
                Manifest.warehouse("w\($0)", interval: "\(number + 1)m")
            }
            _ = try await place.apply(warehouses.joined(separator: "---\n")).checked()
        }
        return place
    }

    @Test func `a backup is the whole ledger and its checkpoint, and nothing that is secret`()
        async throws
    {
        let place = try await FixedLedger.shared.copied()
        try Files.makeDirectory(place.ledger + "/secrets/shop")
        try Files.write("hunter2", to: place.ledger + "/secrets/shop/token")
        _ = try await place.run("ledger", "key", "--make").checked()
        let ending = try await place.run("ledger", "backup", "b").checked()
        #expect(ending.errors.isEmpty)
        try Golden.expect(
            ending.output.replacing(/\d+ bytes/, with: "N bytes")
                .replacing(/[0-9a-f]{64}/, with: "ROOT"),
            "cli/output",
            "ledger-backup"
        )
        #expect(try Files.names(place.directory.sub("b")) == ["checkpoint", "data.mdb"])
        let checkpoint = try await place.run("ledger", "checkpoint").checked().output
        #expect(try Files.text(place.directory.sub("b/checkpoint")) == checkpoint)
        _ = try await place.run("ledger", "backup", "b.mdb").checked()
        #expect(try Files.text(place.directory.sub("b.mdb.checkpoint")) == checkpoint)
        _ = try await place.run("ledger", "restore", "b.mdb", "--ledger", "c").checked()
        #expect(try LogState(of: place.directory.sub("c")) == place.state())
        let expected = ["b", "b.mdb", "b.mdb.checkpoint", "c", "ledger"]
        #expect(try Files.names(place.path) == expected)
        #expect(try LogState(of: place.directory.sub("b")) == place.state())
        _ = try await place.run("ledger", "replay", "--ledger", "b").checked()
    }

    @Test func `a target that is there is refused, whatever it is, and stays`() async throws {
        let place = try await LedgerDirectory.applied()
        try Files.makeDirectory(place.directory.sub("empty"))
        try Files.write("mine", to: place.directory.sub("file"))
        try Files.write("mine", to: place.directory.sub("old.mdb"))
        try Files.write("mine", to: place.directory.sub("new.mdb.checkpoint"))
        let before = try Files.names(place.path)
        for target in ["empty", "empty/", "file", "old.mdb", "new.mdb", "ledger"] {
            let ending = try await place.run("ledger", "backup", target)
            #expect(ending.code == 1 && ending.output.isEmpty, "\(target)")
            #expect(ending.errors.contains("is there already; name something that is not"))
        }
        let exists = try await place.run("ledger", "backup", "empty")
        try Failure.expect(exists, code: 1, "cli/errors", "backup-exists")
        let deep = try await place.run("ledger", "backup", "no/such/b")
        try Failure.expect(deep, code: 4, "cli/errors", "backup-without-parent")
        for rate in ["0", "fast", "-1"] {
            #expect(try await place.run("ledger", "backup", "b", "--rate", rate).code == 2)
        }
        #expect(try Files.names(place.path) == before)
        #expect(try Files.text(place.directory.sub("file")) == "mine")
    }

    @Test func `a backup that is made while others write is a state that there was`() async throws {
        let place = try await Self.large()
        let before = try place.state()
        async let backup = place.run("ledger", "backup", "b", "--rate", "1")
        for number in 0..<10 {
            _ = try await place.run("note", "stage/dev", "meanwhile \(number)").checked()
        }
        let ending = try await backup.checked()
        let made = try LogState(of: place.directory.sub("b"))
        let now = try place.state()
        #expect(made.size >= before.size && made.size < now.size)
        let past = try await place.run("ledger", "checkpoint", "--at", "#\(made.size)").checked()
        let checkpoint = try Files.text(place.directory.sub("b/checkpoint"))
        #expect(checkpoint.hasPrefix(past.output + "\n— "))
        #expect(ending.output.contains(made.root.hex))
        _ = try await place.run("ledger", "verify", "--ledger", "b").checked()
        _ = try await place.run("ledger", "replay", "--ledger", "b").checked()
        _ = try await place.run("ledger", "verify").checked()
    }

    @Test func `a ledger that is damaged has no backup`() async throws {
        let place = try await LedgerDirectory.applied()
        try Vandal.changePayload(of: 2, in: place.ledger)
        let ending = try await place.run("ledger", "backup", "b")
        try Failure.expect(ending, code: 5, "cli/errors", "backup-damaged")
        #expect(try Files.names(place.path) == ["ledger"])
    }

    @Test func `after kill -9 in a backup there is none, the ledger is sound, and it can be made`()
        async throws
    {
        let place = try await Self.large()
        let state = try place.state()
        for (signal, target) in [(SIGKILL, "b"), (SIGKILL, "b.mdb"), (SIGTERM, "b"), (SIGINT, "b")]
        {
            let ending = try await Program.run(
                Program.waybill,
                ["ledger", "backup", target, "--rate", "1"],
                in: place.path
            ) { program in
                // Until the copy is being written; it takes seconds.
                while (try? Files.bytes(place.directory.sub("\(target).partial/copy")))?.isEmpty
                    ?? true
                {
                    try await Task.sleep(for: .milliseconds(1))
                }
                program.send(signal)
            }
            #expect(ending.code == 128 + Int(signal), "\(ending.errors)")
            let names = try Files.names(place.path)
            #expect(!names.contains(target) && !names.contains("\(target).checkpoint"))
            if signal != SIGKILL { #expect(!names.contains("\(target).partial")) }
            #expect(try place.state() == state)
            // What is left of it is no ledger.
            let rest = "\(target).partial"
            #expect(try await place.run("ledger", "info", "--ledger", rest).code == 4)
            if names.contains(rest), signal == SIGKILL, target == "b" {
                try FileManager.default.removeItem(atPath: place.directory.sub(rest))
            }
        }
        _ = try await place.run("ledger", "verify").checked()
        _ = try await place.run("note", "stage/dev", "afterwards").checked()
        for target in ["b", "b.mdb"] {
            _ = try await place.run("ledger", "backup", target).checked()
        }
        #expect(
            try Files.names(place.path) == ["b", "b.mdb", "b.mdb.checkpoint", "ledger"]
        )
    }
}
