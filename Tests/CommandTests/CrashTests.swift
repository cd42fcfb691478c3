import Foundation
import Glibc
import Synchronization
import Testing

/// Processes that are killed while they write.
@Suite struct CrashTests {
    @Test func `after kill -9 at any moment, what was acknowledged is there, once and whole`()
        async throws
    {
        let seed = UInt64.random(in: .min ... .max)
        let place = try await LedgerDirectory.made()
        let rounds = Rounds(killCountMax: 50)
        let writers = (0..<4).map {
            Writer(name: "w\($0)", place: place, seed: seed &+ UInt64($0), rounds: rounds)
        }
        let acknowledged = try await withThrowingTaskGroup(of: [Acknowledged].self) { group in
            for writer in writers { group.addTask { try await writer.write() } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(rounds.killCount >= 50)
        let comment = Comment(rawValue: "seed \(seed), \(acknowledged.count) acknowledged")
        let commandCount = try Acknowledged.check(acknowledged, in: place, comment)
        #expect(commandCount == acknowledged.count, comment)
        let verified = try await place.run("ledger", "verify")
        #expect(verified.code == 0, comment)
        #expect(try await place.run("ledger", "replay").code == 0, comment)
    }
}

/// How often writers were killed, all together.
private final class Rounds: Sendable {
    let killCountMax: Int
    private let state = Mutex((kills: 0, duration: Duration.milliseconds(60)))

    init(killCountMax: Int) {
        self.killCountMax = killCountMax
    }

    var killCount: Int { state.withLock { $0.kills } }
    var isOver: Bool { killCount >= killCountMax }
    /// How long the last command took that was to live.
    var duration: Duration { state.withLock { $0.duration } }

    func countKill() { state.withLock { $0.kills += 1 } }
    func set(_ duration: Duration) { state.withLock { $0.duration = duration } }
}

/// Gives one command after the other, each again and again until it is acknowledged.
private struct Writer {
    let name: String
    let place: LedgerDirectory
    let seed: UInt64
    let rounds: Rounds

    func write() async throws -> [Acknowledged] {
        var generator = Seeded(state: seed)
        var acknowledged: [Acknowledged] = []
        while !rounds.isOver {
            let number = acknowledged.count
            let id = "\(name)-\(number)"
            var ending = try await give(id, number, &generator)
            while ending.code == 128 + Int(SIGKILL) {
                rounds.countKill()
                ending = try await give(id, number, &generator)
            }
            acknowledged.append(Acknowledged(id, try ending.checked().json))
        }
        return acknowledged
    }

    /// A command that changes five warehouses of the writer's own project; mostly killed at a
    /// random moment.
    private func give(
        _ id: String,
        _ number: Int,
        _ generator: inout Seeded
    ) async throws -> Ending {
        let project = """
            apiVersion: kargo.akuity.io/v1alpha1
            kind: Project
            metadata: {name: \(name)}

            """
        let warehouses = (0..<5).map {
            Manifest.warehouse("h\($0)", in: name, interval: "\(number + 1)m")
        }
        // Every third command lives, and says how long one takes.
        let share = Double(generator.next() % 1500) / 1000
        let isKilled = share < 1 && !rounds.isOver
        let delay = rounds.duration * share
        let began = ContinuousClock.now
        let ending = try await Program.run(
            Program.waybill,
            ["apply", "-f", "-", "--command-id", id, "-o", "json"],
            in: place.path,
            input: Array(([project] + warehouses).joined(separator: "---\n").utf8)
        ) { program in
            guard isKilled else { return }
            // The one sleep there is: the moment of the kill is the test.
            try await Task.sleep(for: delay)
            program.send(SIGKILL)
        }
        if !isKilled { rounds.set(ContinuousClock.now - began) }
        return ending
    }
}

/// SplitMix64.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
