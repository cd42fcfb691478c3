import EventLog
import PromotionModel

/// Runs histories of one seed after another, and makes short what fails.
package struct HistoryLoop: Sendable {
    /// Commands of one history.
    package var commandCount = 1500
    /// Everything is compared after one command of so many.
    package var comparisonRate = 150
    /// An additional rule, for the tests of this.
    package var rule: HistoryRun.Rule?
    /// Is told at once what failed, because it takes a while to make a history short.
    package var tell: (@Sendable (String) -> Void)?
    /// Makes an empty directory for each history, and removes it when that is over.
    private let withDirectory: Directories

    /// Hands its closure an empty directory, which is removed afterwards.
    package typealias Directories =
        @Sendable (_ body: @Sendable (String) async throws -> HistoryOutcome) async throws ->
        HistoryOutcome

    /// A loop whose histories work in directories of their own.
    package init(withDirectory: @escaping Directories) {
        self.withDirectory = withDirectory
    }

    /// What one seed came to: its counts, or what it failed with and how to see it again.
    package enum Report: Sendable {
        case passed(Coverage)
        case failed(String)
    }

    /// Runs the history of a seed; shrinks it if it fails.
    package func run(seed: UInt64) async throws -> Report {
        let history = History(seed: seed, commandCount: commandCount)
        let outcome = try await run(history)
        guard let failure = outcome.failure else { return .passed(outcome.coverage) }
        tell?("seed \(seed) failed \(failure); it is made short")
        let shrinker = Shrinker { history in try await run(history).failure }
        let (short, found) = try await shrinker.shrink(history, failure)
        let commands = try await run(short).commands
        let lines = commands.enumerated().map { "\($0.offset). \($0.element.line)" }
        return .failed(
            "seed \(seed) failed \(failure)\nshrunk to \(commands.count) commands it fails "
                + "\(found):\n\(lines.joined(separator: "\n"))\nrun it again with SEED=\(seed)"
        )
    }

    private func run(_ history: History) async throws -> HistoryOutcome {
        try await withDirectory { directory in
            try await HistoryRun.run(
                history,
                in: directory,
                comparisonRate: comparisonRate,
                rule: rule
            )
        }
    }
}
