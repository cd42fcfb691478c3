import EventLog
import Glibc
import Ledger
import LMDB
import PromotionModel

/// Whole commands (decided, appended, projected, durable) against bare LMDB, which writes the
/// same rows in as many commits.
enum CommandBenchmark {
    private static let roundCount = 5
    private static let writerCount = 64
    private static let cycleCount = 25
    private static let pipeline = Pipeline(
        serviceCount: writerCount,
        ownStageCount: 1,
        prodCount: 0
    )

    static func run(in parent: String) async throws {
        let directory = StoreDirectory("\(parent)/model-\(getpid())")
        try directory.make()
        var rounds: [(ours: Double, bare: Double, commits: Int)] = []
        for round in 0..<roundCount {
            rounds.append(try await measure(directory.path + "/\(round)"))
        }
        let ours = rounds.map(\.ours)
        let bare = rounds.map(\.bare)
        let ratios = rounds.map { $0.ours / $0.bare }
        let size = rounds.map { Double(commandCount) / Double($0.commits) }
        Output.line("| what | commands/s | ratio | wanted | |\n|---|---|---|---|---|")
        Output.line(
            Measurement.line("bare LMDB, the same rows and commits", bare, [], against: nil, nil)
        )
        Output.line(
            Measurement.line("whole commands, \(writerCount) writers", ours, [], against: nil, 2500)
        )
        Output.line(
            "\nRatio: \(Measurement.spread(ratios)); commands in a commit: "
                + Measurement.spread(size)
        )
    }

    /// Discovery, freight, request, start, and two for each of the four steps.
    private static let commandCount = writerCount * cycleCount * 12

    private static func measure(
        _ path: String
    ) async throws -> (ours: Double, bare: Double, commits: Int) {
        let ledger = try Ledger.create(at: path)
        let load = PipelineLoad(ledger: ledger, pipeline: pipeline)
        try await load.execute(.applyManifests(ApplyManifests(resources: pipeline.resources)))
        let before = (try ledger.log.head().position.rawValue, ledger.log.commitCount)
        let ours = try await Measurement.take("ours", commandCount) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<writerCount {
                    group.addTask { try await cycle(writer, load) }
                }
                try await group.waitForAll()
            }
        }
        let after = (try ledger.log.head().position.rawValue, ledger.log.commitCount)
        let rows = try BareRows(ledger, before.0 + 1...after.0)
        let commits = after.1 - before.1
        let bare = try rows.write(at: path + "-bare", commitCount: commits, commandCount)
        await ledger.log.close()
        return (ours.rate, bare.rate, commits)
    }

    private static func cycle(_ writer: Int, _ load: PipelineLoad) async throws {
        for number in 0..<cycleCount {
            try await load.makeFreight(writer, number)
            let freight = PipelineLoad.freight(writer, number).rawValue
            try await load.promote(.named([freight]), to: Pipeline.ownStage(writer, 0))
        }
    }
}
