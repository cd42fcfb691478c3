import EventLog
import Foundation
import Glibc
import LMDB
import Ledger
import PromotionModel
import Synchronization
import Testing

/// `waybill ledger rebuild`, as a user types it, and as it is killed.
@Suite struct RebuildCommandTests {
    @Test func `a damaged row ends replay with 5, and rebuild mends it`() async throws {
        let place = try await FixedLedger.shared.copied()
        let before = try place.state()
        let pages = try await Self.pages(place)
        try Vandal.changeRow(of: "stage_state", in: place.ledger)
        let found = try await place.run("ledger", "replay")
        #expect(found.code == 5)
        try Golden.expect(found.output + found.errors, "cli/errors", "damaged-projection")
        let rebuilt = try await place.run("ledger", "rebuild").checked()
        #expect(rebuilt.errors.isEmpty)
        try Golden.expect(rebuilt.output, "cli/output", "ledger-rebuild")
        let again = try await place.run("ledger", "rebuild", "-o", "json").checked()
        try Golden.expect(again.output, "cli/output", "ledger-rebuild-json")
        _ = try await place.run("ledger", "replay").checked()
        _ = try await place.run("ledger", "verify").checked()
        #expect(try place.state() == before)
        #expect(try await Self.pages(place) == pages)
    }

    /// What some commands answer of each of the last positions, and of now.
    private static func pages(_ place: LedgerDirectory) async throws -> [String] {
        let end = Int(try place.state().size)
        var pages: [String] = []
        for position in stride(from: 1, through: end, by: end / 5) {
            for words in [["get", "stages"], ["get", "freight"], ["get", "promotions"]] {
                let more = ["-o", "json", "--at", "#\(position)"]
                let ending = try await place.run(words + more)
                pages.append("\(ending.code) \(ending.output)\(ending.errors)")
            }
        }
        return pages
    }

    @Test func `projections of another version say what to do`() async throws {
        for (version, name, code) in [("0", "older", 1), ("7", "newer", 1)] {
            let place = try await LedgerDirectory.applied()
            let before = try place.state()
            try Vandal.setMeta("projection-version", to: version, in: place.ledger)
            for command in [["get", "stages"], ["apply", "-f", "-"], ["ledger", "replay"]] {
                let ending = try await place.run(command, input: Array(Manifest.small.utf8))
                try Failure.expect(ending, code: code, "cli/errors", "projections-\(name)")
            }
            // The log is read all the same.
            _ = try await place.run("ledger", "verify").checked()
            _ = try await place.run("ledger", "info").checked()
            let rebuilt = try await place.run("ledger", "rebuild")
            if version == "0" {
                _ = try rebuilt.checked()
                _ = try await place.run("ledger", "replay").checked()
                _ = try await place.run("get", "stages").checked()
            } else {
                try Failure.expect(rebuilt, code: code, "cli/errors", "projections-\(name)")
            }
            #expect(try place.state() == before)
        }
    }

    @Test func `of two who rebuild, the second is told so`() async throws {
        let place = try await LedgerDirectory.applied()
        let holder = try HeldLock("rebuild.lock", in: place.ledger)
        let ending = try await place.run("ledger", "rebuild")
        #expect(ending.code == 1 && ending.errors.contains("\(getpid())"))
        #expect(ending.errors.hasSuffix(" rebuilds them; wait for it or end it\n"))
        holder.release()
        _ = try await place.run("ledger", "rebuild").checked()
    }

    @Test func `who has the ledger open reads and writes on when another process rebuilds it`()
        async throws
    {
        let place = try await LedgerDirectory.applied()
        let ledger = try Ledger.open(at: place.ledger)
        let stage = Mutex(0)
        // One reads all the while.
        let reader = Task.detached {
            try ledger.read { (view) throws(LedgerError) in
                stage.withLock { $0 = 1 }
                while stage.withLock({ $0 }) < 2 { usleep(500) }
                return try Self.stages(view)
            }
        }
        while stage.withLock({ $0 }) < 1 { await Task.yield() }
        _ = try await place.run("ledger", "rebuild").checked()
        stage.withLock { $0 = 2 }
        #expect(try await reader.value == ["dev"])
        #expect(try ledger.read { (view) throws(LedgerError) in try Self.stages(view) } == ["dev"])
        try await note(1, in: ledger)
        _ = try await place.run("ledger", "rebuild").checked()
        // The first thing that it does this time is writing.
        try await note(2, in: ledger)
        _ = try await place.run("ledger", "replay").checked()
        // It opens tables beside those of before, and at some point has no room for more.
        _ = try await place.run("ledger", "rebuild").checked()
        _ = try await place.run("ledger", "rebuild").checked()
        let rebuilt = LedgerError.log(.tablesRebuilt(path: place.ledger))
        #expect(throws: rebuilt) {
            try ledger.read { (view) throws(LedgerError) in try Self.stages(view) }
        }
        await #expect(throws: rebuilt) { try await note(3, in: ledger) }
        #expect(try ledger.log.head().position.rawValue == 5)
        await ledger.log.close()
        #expect(
            "\(rebuilt)" == "the projections of the ledger in \(place.ledger) were rebuilt "
                + "meanwhile; run the command again"
        )
        _ = try await place.run("ledger", "replay").checked()
    }

    private static func stages(_ view: View) throws(LedgerError) -> [String] {
        try view.ask { facts throws(FactsFailure) in
            try facts.stages(in: ProjectName(unchecked: "shop")).map(\.rawValue)
        }
    }

    private func note(_ number: Int, in ledger: Ledger) async throws {
        let note = RecordNote(
            project: ProjectName(unchecked: "shop"),
            subject: .stage(StageName(unchecked: "dev")),
            text: "note \(number)"
        )
        let envelope = CommandEnvelope(
            id: CommandID(unchecked: "note-\(number)"),
            actor: EventActor(name: "operator", assurance: .asserted),
            command: .recordNote(note),
            reason: nil
        )
        guard case .accepted = try await ledger.execute(envelope) else {
            throw TestFailure("note \(number) was not accepted")
        }
    }

    @Test func `after kill -9 at any moment of a rebuild, everything is as before`() async throws {
        let place = try await LedgerDirectory.applied()
        for number in 0..<12 {
            let warehouses = (0..<200).map {
                Manifest.warehouse("w\($0)", interval: "\(number + 1)m")
            }
            _ = try await place.apply(warehouses.joined(separator: "---\n")).checked()
        }
        let before = try place.state()
        #expect(before.size > 2400)
        let listing = try await place.run("get", "warehouses", "-o", "json").checked().output
        let began = ContinuousClock.now
        _ = try await place.run("ledger", "rebuild").checked()
        var duration = ContinuousClock.now - began
        var killed = 0
        for signal in [SIGKILL, SIGINT, SIGTERM] {
            for share in [0.1, 0.3, 0.5, 0.7, 0.85, 0.95] {
                let started = ContinuousClock.now
                let ending = try await Program.run(
                    Program.waybill,
                    ["ledger", "rebuild"],
                    in: place.path
                ) { program in
                    // The moment of the kill is the test.
                    try await Task.sleep(for: duration * share)
                    program.send(signal)
                }
                if ending.code == 128 + Int(signal) {
                    killed += 1
                } else {
                    // The machine is quicker now than it was: aim earlier.
                    duration = min(duration, ContinuousClock.now - started) * 0.8
                }
                #expect(try place.state() == before)
                let now = try await place.run("get", "warehouses", "-o", "json").checked()
                #expect(now.output == listing)
            }
        }
        #expect(killed >= 6)
        _ = try await place.run("ledger", "rebuild").checked()
        _ = try await place.run("ledger", "replay").checked()
        _ = try await place.run("ledger", "verify").checked()
        #expect(
            try Self.tables(place).allSatisfy { $0.hasSuffix(".\(try Self.generation(place))") }
        )
    }

    /// The names of all tables of projections.
    private static func tables(_ place: LedgerDirectory) throws -> [String] {
        let own = ["commands", "hashes", "headers", "meta", "payloads"]
        return try EventLog.open(at: place.ledger, access: .read).read {
            (snapshot) throws(EventLogError) in (try? snapshot.reader.tableNames()) ?? []
        }
        .filter { !own.contains($0) }
    }

    private static func generation(_ place: LedgerDirectory) throws -> String {
        try EventLog.open(at: place.ledger, access: .read).metaText("projection-generation") ?? "1"
    }
}
