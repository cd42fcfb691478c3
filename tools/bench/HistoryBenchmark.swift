import Foundation
import Histories

/// Runs random histories for so many minutes, one seed after another, and tells what they came to.
enum HistoryBenchmark {
    /// `parent` should be in memory: each command of a history is a commit of its own.
    static func run(in parent: String, minutes: UInt64, seed: UInt64?) async throws {
        var loop = HistoryLoop { body in
            let path = "\(parent)/histories-\(ProcessInfo.processInfo.processIdentifier)"
            defer { try? FileManager.default.removeItem(atPath: path) }
            try FileManager.default.createDirectory(
                atPath: path + "/replay",
                withIntermediateDirectories: true
            )
            return try await body(path)
        }
        loop.commandCount = 2000
        let first = seed ?? UInt64.random(in: 1...1_000_000_000)
        let deadline = ContinuousClock.now + .seconds(60 * minutes)
        var coverage = Coverage()
        var failureCount = 0
        var next = first
        var told = ContinuousClock.now
        repeat {
            switch try await loop.run(seed: next) {
            case .passed(let counts): coverage.add(counts)
            case .failed(let report):
                failureCount += 1
                Output.line(report)
            }
            next += 1
            if ContinuousClock.now - told > .seconds(60) {
                told = ContinuousClock.now
                Output.line("seeds \(first) to \(next - 1): \(coverage.summary)")
            }
        } while ContinuousClock.now < deadline && failureCount < 5
        Output.line("seeds \(first) to \(next - 1), \(failureCount) failed")
        Output.line(coverage.report(refusals: []))
        if failureCount > 0 { exit(1) }
    }
}
