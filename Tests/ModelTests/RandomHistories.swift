import EventLog
import Foundation
import Glibc
import Histories
import PromotionModel
import Testing

/// Long random histories on the store and on dictionaries: same verdicts, same events, same facts
/// and same answers at every position that is looked at.
///
/// `SEED` repeats a history. `HISTORY_MINUTES` goes on with one seed after another for so long, and
/// tells what was accepted and refused; `bench histories` does that at the speed of a release.
@Suite struct RandomHistories {
    /// The seed of this run.
    private static let seed = number("SEED") ?? UInt64.random(in: 1...1_000_000_000)

    private static func number(_ name: String) -> UInt64? {
        guard let text = unsafe getenv(name) else { return nil }
        return UInt64(unsafe String(cString: text))
    }

    private static func loop(_ commandCount: Int) -> HistoryLoop {
        var loop = HistoryLoop { body in
            let folder = TemporaryFolder()
            try FileManager.default.createDirectory(
                atPath: folder.path + "/replay",
                withIntermediateDirectories: true
            )
            return try await body(folder.path)
        }
        loop.commandCount = commandCount
        return loop
    }

    @Test func `the ledger says and records what the reference model does`() async throws {
        let minutes = Self.number("HISTORY_MINUTES") ?? 0
        let loop = Self.loop(minutes == 0 ? 300 : 1500)
        var coverage = Coverage()
        let deadline = ContinuousClock.now + .seconds(60 * minutes)
        let first = Self.seed
        var seed = first
        repeat {
            switch try await loop.run(seed: seed) {
            case .passed(let counts): coverage.add(counts)
            case .failed(let report): Issue.record("\(report)")
            }
            seed += 1
        } while ContinuousClock.now < deadline || coverage.eventCount < 200 && seed < first + 20
        let refusals = try RefusalNames.all()
        if minutes > 0 { print(coverage.report(refusals: refusals)) }
        // What is counted is what there is.
        for name in coverage.refusals.keys { #expect(refusals.contains(name)) }
        if minutes > 5 { #expect(coverage.unaccepted.isEmpty) }
        #expect(coverage.eventCount >= 200, "seed \(Self.seed): too little happened")
    }

    @Test func `a failing history is shrunk to the few commands that matter`() async throws {
        var loop = Self.loop(400)
        // As if quarantined freight could not be lifted again.
        loop.rule = { reference, _ in
            guard case .quarantineLifted? = reference.events.last?.event else { return nil }
            return "lifted"
        }
        for seed in Self.seed..<Self.seed + 50 {
            guard case .failed(let report) = try await loop.run(seed: seed) else { continue }
            let commands = report.split(separator: "\n").filter { $0.first?.isNumber == true }
            #expect(commands.count <= 6, "\(report)")
            #expect(commands.contains { $0.contains("quarantineFreight(") })
            #expect(commands.last?.contains("liftQuarantine(") == true)
            return
        }
        Issue.record("no history from seed \(Self.seed) on lifts a quarantine")
    }
}

/// The names of all refusals, as the source has them.
enum RefusalNames {
    static func all() throws -> [String] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = root.appending(path: "Sources/PromotionModel/Commands/Refusal.swift")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        return lines.prefix { !$0.hasPrefix("}") }.filter { $0.hasPrefix("    case ") }.map {
            line in
            String(line.dropFirst(9).prefix { $0.isLetter || $0.isNumber })
        }
    }
}
