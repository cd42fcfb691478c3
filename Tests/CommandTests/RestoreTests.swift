import EventLog
import Foundation
import Glibc
import Testing

/// `waybill ledger restore`, as a user types it.
@Suite struct RestoreTests {
    @Test func `a restored ledger is the one that was backed up`() async throws {
        let fixed = try await FixedLedger.shared
        let place = try fixed.copied()
        for (backup, target) in [("b", "one"), ("b.mdb", "two")] {
            _ = try await place.run("ledger", "backup", backup).checked()
            let ending = try await place.run(
                ["ledger", "restore", backup, "--ledger", target]
            ).checked()
            #expect(ending.output.hasPrefix("Restored \(fixed.end) events into \(target), ledger "))
            #expect(try LogState(of: place.directory.sub(target)) == place.state())
            let infos = [
                try await place.run("ledger", "info", "-o", "json").checked().json,
                try await place.run("ledger", "info", "-o", "json", "--ledger", target).checked()
                    .json,
            ]
            #expect(infos[0]["id"] == infos[1]["id"])
            #expect(infos[0]["mapSizeBytes"] == infos[1]["mapSizeBytes"])
            _ = try await place.run("ledger", "replay", "--ledger", target).checked()
            _ = try await place.run("note", "stage/prod", "on", "--ledger", target).checked()
            _ = try await place.run("ledger", "verify", "--ledger", target).checked()
        }
        let there = try await place.run("ledger", "restore", "b", "--ledger", "one")
        try Failure.expect(there, code: 1, "cli/errors", "restore-exists")
        let none = try await place.run("ledger", "restore", "nothing", "--ledger", "new")
        try Failure.expect(none, code: 4, "cli/errors", "restore-nothing")
        let own = try await place.run("ledger", "restore", "ledger", "--ledger", "new")
        try Failure.expect(own, code: 1, "cli/errors", "restore-ledger")
        try Files.makeDirectory(place.directory.sub("empty"))
        let empty = try await place.run("ledger", "restore", "empty", "--ledger", "new")
        try Failure.expect(empty, code: 4, "cli/errors", "restore-no-backup")
        #expect(!(try Files.names(place.path).contains { $0.hasPrefix("new") }))
    }

    /// The positions at which commands begin.
    private static func starts(_ place: LedgerDirectory) throws -> [UInt64] {
        try EventLog.open(at: place.ledger, access: .read).read {
            (snapshot) throws(EventLogError) in
            var starts: [UInt64] = []
            try snapshot.forEachHeader { (header) throws(EventLogError) in
                if header.indexInCommand == 0 { starts.append(header.position.rawValue) }
                return true
            }
            return starts
        }
    }

    @Test func `an earlier state is a ledger of its own that says what it grew from`()
        async throws
    {
        let place = try await FixedLedger.shared.copied()
        _ = try await place.run("ledger", "backup", "b").checked()
        let starts = try Self.starts(place)
        let middle = starts[starts.count / 2] - 1
        let words = ["ledger", "restore", "b", "--ledger", "old", "--to", "#\(middle)"]
        let ending = try await place.run(words + ["--reason", "the night of the 2nd"]).checked()
        #expect(ending.output.contains("Restored \(middle + 1) events"))
        func answer(_ words: String..., of ledger: String) async throws -> JSON {
            try await place.run(words + ["-o", "json", "--ledger", ledger]).checked().json
        }
        let info = try await answer("ledger", "info", of: "ledger")
        let new = try await answer("ledger", "info", of: "old")
        #expect(new["id"] != info["id"] && new["events"].int == Int(middle) + 1)
        #expect(new["mapSizeBytes"] == info["mapSizeBytes"])
        // The events before have the same root, and mean the same.
        let at = "#\(middle)"
        let root = try await answer("ledger", "checkpoint", "--at", at, of: "ledger")["root"]
        #expect(try await answer("ledger", "checkpoint", "--at", at, of: "old")["root"] == root)
        let stages = try await answer("get", "stages", "--at", at, of: "ledger")
        #expect(try await answer("get", "stages", "--at", at, of: "old") == stages)
        let event = try await answer("get", "events", "--limit", "1", of: "old")["items"][0]
        #expect(event["type"].text == "LedgerRestored")
        #expect(event["payload"]["ledger"] == info["id"])
        #expect(event["payload"]["size"].int == Int(middle))
        #expect(event["payload"]["root"] == root)
        #expect(event["payload"]["reason"].text == "the night of the 2nd")
        _ = try await place.run("ledger", "verify", "--ledger", "old").checked()
        _ = try await place.run("ledger", "replay", "--ledger", "old").checked()
    }

    @Test func `a moment that never was is no ledger`() async throws {
        let fixed = try await FixedLedger.shared
        let place = try fixed.copied()
        _ = try await place.run("ledger", "backup", "b").checked()
        let starts = try Self.starts(place)
        let inside = try #require(zip(starts, starts.dropFirst()).first { $1 - $0 > 1 })
        let restore = ["ledger", "restore", "b", "--ledger", "new", "--to"]
        let half = try await place.run(restore + ["#\(inside.0)"])
        try Failure.expect(half, code: 1, "cli/errors", "restore-half-a-command")
        #expect(try await place.run(restore + ["#\(fixed.end + 1)"]).code == 4)
        #expect(try await place.run(restore + ["when?"]).code == 2)
        #expect(try Files.names(place.path) == ["b", "ledger"])
    }

    @Test func `a checkpoint that is ahead makes another ledger, one that differs refuses`()
        async throws
    {
        let place = try await LedgerDirectory.applied()
        _ = try await place.run("ledger", "backup", "b").checked()
        let same = try await place.run("ledger", "checkpoint").checked().output
        try Files.write(same, to: place.directory.sub("same"))
        _ = try await place.run("note", "stage/dev", "later").checked()
        let ahead = try await place.run("ledger", "checkpoint").checked().output
        try Files.write(ahead, to: place.directory.sub("ahead"))
        let other = try await LedgerDirectory.applied()
        let foreign = try await other.run("ledger", "checkpoint").checked().output
        try Files.write(foreign, to: place.directory.sub("foreign"))
        func restore(_ checkpoint: String, _ target: String) async throws -> Ending {
            try await place.run(
                "ledger",
                "restore",
                "b",
                "--ledger",
                target,
                "--checkpoint",
                checkpoint
            )
        }
        _ = try await restore("same", "one").checked()
        _ = try await restore("ahead", "two").checked()
        try Failure.expect(
            try await restore("foreign", "three"),
            code: 5,
            "cli/errors",
            "restore-foreign"
        )
        try Files.write("hello", to: place.directory.sub("none"))
        try Failure.expect(
            try await restore("none", "three"),
            code: 2,
            "cli/errors",
            "restore-no-checkpoint"
        )
        let ids = try await ["ledger", "one", "two"].asyncMap {
            try await place.run("ledger", "info", "-o", "json", "--ledger", $0).checked().json["id"]
        }
        #expect(ids[0] == ids[1] && ids[0] != ids[2])
        #expect(try LogState(of: place.directory.sub("two")).size == 4)
        _ = try await place.run("ledger", "replay", "--ledger", "two").checked()
        #expect(!(try Files.names(place.path).contains { $0.hasPrefix("three") }))
    }

    @Test func `a backup that was changed or cut off is refused, and nothing is left`()
        async throws
    {
        let place = try await LedgerDirectory.applied()
        func refused(_ name: String, _ change: (String) throws -> Void) async throws {
            _ = try await place.run("ledger", "backup", "b").checked()
            try change(place.directory.sub("b"))
            let ending = try await place.run("ledger", "restore", "b", "--ledger", "new")
            #expect(ending.code == 5, "\(name): \(ending.errors)")
            try Golden.expect(
                ending.errors.replacing(/[0-9a-f]{64}/, with: "ROOT"),
                "cli/errors",
                name
            )
            try FileManager.default.removeItem(atPath: place.directory.sub("b"))
            #expect(try Files.names(place.path) == ["ledger"])
        }
        try await refused("restore-changed") { try Vandal.changePayload(of: 2, in: $0) }
        try await refused("restore-cut-off") {
            try Files.truncate($0 + "/data.mdb", to: 20_000)
        }
        try await refused("restore-other-checkpoint") { backup in
            let text = try Files.text(backup + "/checkpoint")
            try Files.write(
                text.replacingOccurrences(of: "\n3\n", with: "\n2\n"),
                to: backup + "/checkpoint"
            )
        }
    }

    @Test func `after kill -9 in a restore there is no ledger or the whole, and it can be made`()
        async throws
    {
        let place = try await BackupTests.large()
        _ = try await place.run("ledger", "backup", "b").checked()
        let bytes = try Files.bytes(place.directory.sub("b/data.mdb"))
        let words = ["ledger", "restore", "b", "--ledger", "new", "--new-identity"]
        let began = ContinuousClock.now
        _ = try await place.run(words).checked()
        let duration = ContinuousClock.now - began
        let size = try LogState(of: place.directory.sub("new")).size
        try FileManager.default.removeItem(atPath: place.directory.sub("new"))
        var killed = 0
        for share in [nil, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9] {
            try? FileManager.default.removeItem(atPath: place.directory.sub("new.partial"))
            let ending = try await Program.run(Program.waybill, words, in: place.path) {
                // The moment of the kill is the test; the first is when it has just begun.
                if let share {
                    try await Task.sleep(for: duration * share)
                } else {
                    try await Files.appear(place.directory.sub("new.partial"))
                }
                $0.send(SIGKILL)
            }
            if ending.code != 0 { killed += 1 }
            try await place.expectNoneOrWhole("new", after: ending, signal: SIGKILL, size: size)
        }
        #expect(killed >= 1)
        _ = try await place.run(words).checked()
        #expect(try Files.names(place.path) == ["b", "ledger", "new"])
        #expect(try Files.bytes(place.directory.sub("b/data.mdb")) == bytes)
        _ = try await place.run("ledger", "verify", "--ledger", "new").checked()
    }
}

extension LedgerDirectory {
    /// Expects that what was killed while it made a ledger left none of that name, or the whole
    /// one, which is removed: it may be done before the signal comes, and may be stopped between
    /// its renaming and its receipt.
    func expectNoneOrWhole(
        _ name: String,
        after ending: Ending,
        signal: Int32,
        size: UInt64
    ) async throws {
        let info = try await run("ledger", "info", "--ledger", name)
        guard info.code == 0 else {
            #expect(ending.code == 128 + Int(signal), "\(ending.errors)")
            #expect(info.code == 4, "\(info.errors)")
            #expect(!(try Files.names(path).contains(name)))
            return
        }
        #expect([0, 128 + Int(signal)].contains(ending.code), "\(ending.errors)")
        _ = try await run("ledger", "verify", "--ledger", name).checked()
        #expect(try LogState(of: directory.sub(name)).size == size)
        try FileManager.default.removeItem(atPath: directory.sub(name))
    }
}

extension Array where Element: Sendable {
    /// What becomes of each element, one after the other.
    fileprivate func asyncMap<T>(_ body: (Element) async throws -> T) async rethrows -> [T] {
        var results: [T] = []
        for element in self { results.append(try await body(element)) }
        return results
    }
}
