import EventLog
import Foundation
import Glibc
import Testing
import Transparency

/// Keys, checkpoints and proofs, as they are used and as they are misused.
@Suite struct ProofCommandTests {
    private static let folder = "cli/errors"
    private static let origin = "example.com/shop"

    /// A small ledger with a key of a name that is always the same, and what is to be masked.
    private func place() async throws -> (LedgerDirectory, key: String, mask: [(String, String)]) {
        let place = try LedgerDirectory()
        _ = try await place.run("init", "--origin", Self.origin).checked()
        _ = try await place.apply(Manifest.small).checked()
        let key = try await place.run("ledger", "key").checked().output.filter { $0 != "\n" }
        let id = key.split(separator: "+")[1]
        return (place, key, [(String(id), "KEYID")])
    }

    @Test func `what is proved is believed by Waybill and by the independent checker`()
        async throws
    {
        let (place, key, _) = try await place()
        let first = try await place.run("ledger", "checkpoint", "--out", "old.checkpoint").checked()
        #expect(first.output.isEmpty)
        _ = try await place.run("bookmark", "then").checked()
        let note = try await place.run("ledger", "checkpoint").checked().output
        #expect(try Files.text(place.ledger + "/checkpoint") == note)
        _ = try await place.run("ledger", "prove", "--position", "#2", "--out", "2.tlog-proof")
            .checked()
        _ = try await place.run(
            "ledger",
            "prove",
            "--position",
            "3",
            "--header-only",
            "--to-checkpoint",
            "old.checkpoint",
            "--out",
            "3.tlog-proof"
        ).checked()
        _ = try await place.run("ledger", "prove", "--from", "old.checkpoint", "--out", "growth")
            .checked()
        try Files.write(note, to: place.directory.sub("new.checkpoint"))
        for file in ["old.checkpoint", "new.checkpoint", "2.tlog-proof", "3.tlog-proof"] {
            let ending = try await place.run("ledger", "verify-proof", file, "--key", key)
            #expect(ending.code == 0 && ending.output.hasPrefix("OK: "), "\(ending.errors)")
            let kind = file.hasSuffix("proof") ? "proof" : "checkpoint"
            let checked = try await Checker.run(kind, file, "--key", key, in: place.path)
            #expect(checked.code == 0, "\(checked.output)")
        }
        let growth = try await place.run(
            "ledger",
            "verify-proof",
            "growth",
            "--key",
            key,
            "--from",
            "old.checkpoint"
        )
        #expect(growth.output.contains("the first 3 of 4 events of example.com/shop"))
        let checked = try await Checker.run(
            "consistency",
            "old.checkpoint",
            "growth",
            "--key",
            key,
            in: place.path
        )
        #expect(checked.output.hasSuffix("example.com/shop has only grown from 3 to 4 events\n"))
    }

    @Test func `answers for programs have what the answers for people say`() async throws {
        let (place, key, _) = try await place()
        let note = try await place.run("ledger", "checkpoint", "-o", "json").checked().json
        let state = try place.state()
        #expect(note["size"].int == Int(state.size) && note["root"].text == state.root.hex)
        #expect(note["note"].text == (try await place.run("ledger", "checkpoint").checked().output))
        let keys = try await place.run("ledger", "key", "-o", "json").checked().json
        #expect(keys["key"].text == key && keys["origin"].text == Self.origin)
        let proof = try await place.run("ledger", "prove", "--position", "1", "-o", "json")
            .checked().json
        try Files.write(proof["proof"].text, to: place.directory.sub("1.tlog-proof"))
        let verdict = try await place.run(
            "ledger",
            "verify-proof",
            "1.tlog-proof",
            "--key",
            key,
            "-o",
            "json"
        ).checked().json
        #expect(verdict["valid"].isTrue && verdict["position"].int == 1)
        #expect(verdict["type"].text == "ProjectConfigured" && verdict["payload"].isTrue)
        let tiles = try await place.run("ledger", "tiles", "--out", "t", "-o", "json").checked()
            .json
        #expect(tiles["size"].int == 3 && tiles["files"].int == 2 && tiles["oldSize"].isNull)
        let made = try await place.run("init", "--ledger", "other", "-o", "json").checked().json
        #expect(made["origin"].text == "waybill/" + made["id"].text)
    }

    @Test func `what proves nothing is told apart, and ends with its exit code`() async throws {
        let (place, key, mask) = try await place()
        let (other, otherKey, otherMask) = try await self.place()
        _ = try await place.run("ledger", "checkpoint", "--out", "old").checked()
        _ = try await other.run("ledger", "checkpoint", "--out", "old").checked()
        _ = try await place.run("bookmark", "then").checked()
        _ = try await place.run("ledger", "checkpoint", "--out", "new").checked()
        _ = try await place.run("ledger", "prove", "--position", "2", "--out", "proof").checked()
        _ = try await place.run("ledger", "prove", "--from", "old", "--out", "growth").checked()
        try Files.copy(other.directory.sub("old"), to: place.directory.sub("foreign"))
        let text = try Files.text(place.directory.sub("proof"))
        let lines = text.components(separatedBy: "\n")
        try Files.write(
            (lines[..<3] + lines[4...]).joined(separator: "\n"),
            to: place.directory.sub("too-few")
        )
        try Files.write(
            (lines[...3] + lines[3...]).joined(separator: "\n"),
            to: place.directory.sub("too-many")
        )
        let note = try Files.text(place.directory.sub("old"))
        try Files.write(note.replacing("\n3\n", with: "\n4\n"), to: place.directory.sub("changed"))
        try Files.write("three\nlines\nonly\n", to: place.directory.sub("unsigned"))
        let rows: [(name: String, code: Int, arguments: [String])] = [
            ("note-changed", 5, ["verify-proof", "changed", "--key", key]),
            ("note-unsigned", 2, ["verify-proof", "unsigned", "--key", key]),
            ("note-foreign", 3, ["verify-proof", "foreign", "--key", key]),
            ("proof-foreign-key", 3, ["verify-proof", "proof", "--key", otherKey]),
            ("proof-hash-too-few", 5, ["verify-proof", "too-few", "--key", key]),
            ("proof-hash-too-many", 5, ["verify-proof", "too-many", "--key", key]),
            ("growth-alone", 2, ["verify-proof", "growth", "--key", key]),
            ("growth-from-newer", 5, ["verify-proof", "growth", "--key", key, "--from", "new"]),
            ("growth-foreign", 3, ["verify-proof", "growth", "--key", key, "--from", "foreign"]),
            ("prove-from-foreign", 3, ["prove", "--from", "foreign"]),
            ("prove-from-changed", 5, ["prove", "--from", "changed"]),
            ("prove-from-unsigned", 2, ["prove", "--from", "unsigned"]),
            ("prove-from-newer", 2, ["prove", "--from", "new", "--to-checkpoint", "old"]),
            ("prove-to-foreign", 3, ["prove", "--position", "1", "--to-checkpoint", "foreign"]),
            ("prove-after", 4, ["prove", "--position", "4", "--to-checkpoint", "old"]),
            ("prove-no-event", 4, ["prove", "--position", "9"]),
            ("key-twice", 3, ["key", "--make"]),
        ]
        let before = try place.state()
        let masks = (mask + otherMask).map { (of: $0.0, with: $0.1) }
        for row in rows {
            let ending = try await place.run(["ledger"] + row.arguments)
            try Failure.expect(
                ending,
                code: row.code,
                Self.folder,
                row.name,
                masking: masks
            )
        }
        #expect(try place.state() == before)
    }

    @Test func `an older copy that was put back signs nothing, and says what to do`()
        async throws
    {
        let (place, key, mask) = try await place()
        try Files.copy(place.ledger + "/data.mdb", to: place.directory.sub("backup.mdb"))
        _ = try await place.run("bookmark", "then").checked()
        _ = try await place.run("ledger", "tiles", "--out", "tiles").checked()
        let kept = try Files.text(place.ledger + "/checkpoint")
        for name in ["data.mdb", "lock.mdb"] {
            try FileManager.default.removeItem(atPath: place.ledger + "/" + name)
        }
        try Files.move(place.directory.sub("backup.mdb"), to: place.ledger + "/data.mdb")
        let masks = mask.map { (of: $0.0, with: $0.1) }
        for arguments in [["checkpoint"], ["tiles", "--out", "tiles"]] {
            let ending = try await place.run(["ledger"] + arguments)
            try Failure.expect(
                ending,
                code: 5,
                Self.folder,
                "older-than-signed",
                masking: masks
            )
        }
        #expect(try Files.text(place.ledger + "/checkpoint") == kept)
        // What was published shows it, too.
        try Files.write(kept, to: place.directory.sub("kept"))
        let ending = try await place.run(
            "ledger",
            "prove",
            "--position",
            "1",
            "--to-checkpoint",
            "kept"
        )
        try Failure.expect(ending, code: 5, Self.folder, "older-than-kept", masking: masks)
        // It may go on as another log, with a key of its own.
        let second = try await place.run("ledger", "key", "--make", "--origin", "example.com/two")
            .checked().output
        #expect(!second.hasPrefix(key))
        let note = try await place.run("ledger", "checkpoint").checked().output
        #expect(note.hasPrefix("example.com/two\n3\n"))
        let tiles = try await place.run("ledger", "tiles", "--out", "tiles")
        try Failure.expect(tiles, code: 5, Self.folder, "tiles-older", masking: masks)
        #expect(try Files.text(place.directory.sub("tiles/checkpoint")) == kept)
    }

    @Test func `what keeps a ledger from signing is one sentence, and nothing is signed`()
        async throws
    {
        let (place, _, _) = try await place()
        _ = try await place.run("ledger", "checkpoint").checked()
        _ = try await place.run("bookmark", "then").checked()
        let key = place.ledger + "/signing.key"
        let last = place.ledger + "/checkpoint"
        let kept = try Files.text(last)
        try Files.setMode(0o640, of: key)
        try await expect(3, "key-readable", place, "checkpoint")
        try await expect(3, "key-readable", place, "tiles", "--out", "tiles")
        try Files.setMode(0o600, of: key)
        try Files.move(key, to: place.directory.sub("moved"))
        try await expect(4, "key-missing", place, "checkpoint")
        try Files.write("rubbish\n", to: key)
        try Files.setMode(0o600, of: key)
        try await expect(3, "key-rubbish", place, "checkpoint")
        try FileManager.default.removeItem(atPath: key)
        try Files.move(place.directory.sub("moved"), to: key)
        try Files.write("rubbish\n", to: last)
        try await expect(5, "last-checkpoint-rubbish", place, "checkpoint")
        try FileManager.default.removeItem(atPath: last)
        try await expect(5, "last-checkpoint-missing", place, "checkpoint")
        #expect(!FileManager.default.fileExists(atPath: place.directory.sub("tiles/checkpoint")))
        try Files.write(kept, to: last)
        _ = try await place.run("ledger", "checkpoint").checked()
    }

    private func expect(
        _ code: Int,
        _ name: String,
        _ place: LedgerDirectory,
        _ arguments: String...
    ) async throws {
        let ending = try await place.run(["ledger"] + arguments)
        try Failure.expect(ending, code: code, Self.folder, name)
    }

    @Test func `a ledger of before there were keys gets one, and proves then`() async throws {
        let place = try await FixedLedger.shared.copied()
        try await expect(4, "no-key", place, "key")
        try await expect(4, "no-key-to-sign", place, "checkpoint")
        try await expect(4, "no-key-to-prove", place, "prove", "--position", "1")
        let key = try await place.run("ledger", "key", "--make").checked().output
        #expect(key.hasPrefix("waybill/"))
        _ = try await place.run("ledger", "checkpoint").checked()
        _ = try await place.run("ledger", "prove", "--position", "1").checked()
        _ = try await place.run("ledger", "verify").checked()
    }

    @Test func `only the owner may read the key, and an existing one stays as it is`()
        async throws
    {
        let (place, _, _) = try await place()
        let attributes = try FileManager.default.attributesOfItem(
            atPath: place.ledger + "/signing.key"
        )
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        let secret = try Files.text(place.ledger + "/signing.key")
        _ = try await place.run("ledger", "key", "--make")
        #expect(try Files.text(place.ledger + "/signing.key") == secret)
        // No command says it.
        for arguments in [
            ["ledger", "key"], ["ledger", "key", "-o", "json"], ["ledger", "info"],
        ] {
            let said = try await place.run(arguments).checked()
            #expect(!said.output.contains(secret.dropLast().suffix(20)))
        }
    }

    @Test func `a full disk signs and publishes nothing by halves`() async throws {
        let (place, key, _) = try await place()
        try Files.makeDirectory(place.directory.sub("small"))
        let mount = "mount -t tmpfs -o size=12k tmpfs small"
        guard try await Namespace.canMount(mount, in: place) else {
            return Notice.skipped("tiles on a full disk: no mounts in user namespaces here")
        }
        let script = """
            "$0" ledger tiles --out small/tiles 2>err; echo $? >code
            ls small/tiles >names
            "$0" ledger checkpoint --out small/note 2>>err; echo $? >>code
            ls small >>names
            """
        _ = try await Namespace.run(
            "\(mount) && head -c 12k /dev/zero >small/filler; true",
            script,
            in: place
        )
        #expect(try Files.text(place.directory.sub("code")) == "1\n1\n")
        let names = try Files.text(place.directory.sub("names"))
        #expect(!names.contains("checkpoint") && !names.contains("note\n"), "\(names)")
        #expect(try Files.text(place.directory.sub("err")).contains("free some space"))
        _ = try await place.run("ledger", "tiles", "--out", "tiles").checked()
        let ending = try await Checker.run("tiles", "tiles", "--key", key, in: place.path)
        #expect(ending.code == 0)
    }
}
