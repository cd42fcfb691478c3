import EventLog
import Glibc
import Ledger
import LMDB
import PromotionModel

/// What the model costs: whole commands, replay in memory, and questions to a large ledger.
enum ModelBenchmark {
    /// Measures in `parent`; the large ledger stays there for the next run.
    ///
    /// `part` measures one thing alone, for a profiler: `commands`, `replay`, `events`, or
    /// questions by the beginning of their names. `size` is freight of each service, and rounds.
    static func run(in parent: String, part: String?, size: [Int]) async throws {
        func wants(_ name: String) -> Bool { part == nil || part == name }
        if wants("commands") { try await CommandBenchmark.run(in: parent) }
        if part == "commands" { return }
        let ledger = try await large(in: parent, size: size)
        if wants("replay") { try await ReplayBenchmark.run(ledger) }
        if part == "events" { try ReplayBenchmark.profile(ledger) }
        if part != "replay" { try QuestionBenchmark(ledger: ledger).run(only: part) }
        await ledger.log.close()
        Output.line("\nPeak resident anonymous memory: \(Memory.peakAnonymousMiB()) MiB")
    }

    /// 600 stages, 25 services, 100,000 pieces of freight; made if it is not there.
    private static func large(in parent: String, size: [Int]) async throws -> Ledger {
        let freightCount = size.first ?? 4000
        let roundCount = size.dropFirst().first ?? 100
        let path = "\(parent)/model-\(freightCount)-\(roundCount)"
        do throws(LedgerError) {
            return try Ledger.open(at: path)
        } catch {
            guard case .log(.noLedger) = error else { throw error }
        }
        let ledger = try Ledger.create(at: path)
        let began = ContinuousClock.now
        try await PipelineLoad(ledger: ledger, pipeline: .large)
            .fill(freightCount: freightCount, roundCount: roundCount)
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        let size = try ledger.log.head().position.rawValue
        Output.line("made \(size) events in \(Int(seconds)) s")
        return ledger
    }
}
