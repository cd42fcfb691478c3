import Expressions
import Foundation
import PromotionModel
import PromotionRunner
import Synchronization
import Testing

/// Steps that wait: what is reported, what they are given, and how they stop.
@Suite struct WaitingSteps {
    private let workshop: Workshop

    init() throws { workshop = try Workshop() }

    /// What a test's step was asked, and how often it was paused.
    private final class Diary: Sendable {
        private let entries = Mutex<[String]>([])
        func add(_ entry: String) { entries.withLock { $0.append(entry) } }
        var all: [String] { entries.withLock { $0 } }
    }

    /// Performs a promotion whose second step is `ask`; `pause` is what happens meanwhile.
    private func perform(
        _ ledger: FakeLedger,
        asking ask: @escaping @Sendable (Value?) async -> StepResult,
        withdraw: @escaping @Sendable (String) async -> StepResult? = { _ in nil },
        pause: @escaping @Sendable () async throws -> Void
    ) async throws -> RunOutcome {
        var options = RunnerOptions()
        options.script("go", perform: { _ in .succeeded() })
        options.script("ask", perform: ask, withdraw: withdraw)
        options.pause = { _ in try await pause() }
        let runner = PromotionRunner(
            workDirectory: try workshop.directory("runner"),
            submit: ledger.submit,
            load: ledger.load,
            options: options
        )
        let job = await ledger.job
        return try await runner.perform(job.project, job.promotion.name)
    }

    private var plan: [StepTemplate] { [step("go"), step("ask"), step("go")] }

    private func leftovers() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(workshop.path)/runner")
    }

    @Test func `what a step waits for is reported once, and what it is given goes to it`()
        async throws
    {
        let ledger = FakeLedger(job(plan))
        let diary = Diary()
        let outcome = try await perform(ledger) { input in
            guard let input else {
                return .waiting(for: "the release manager's word", url: "https://example.com/1")
            }
            return .succeeded(["answer": input])
        } pause: {
            diary.add("pause")
            if diary.all.count == 3 { await ledger.give("go ahead") }
        }
        #expect(outcome == .ended)
        #expect(
            await ledger.reports == [
                "start 0", "finish 0 succeeded", "start 1", "wait 1 the release manager's word",
                "finish 1 succeeded", "start 2", "finish 2 succeeded",
            ]
        )
        #expect(await ledger.finishes[1].outputs == ["answer": "go ahead"])
        #expect(diary.all.count == 3)
    }

    @Test func `a step that comes to wait for something else says so`() async throws {
        let ledger = FakeLedger(job(plan))
        let diary = Diary()
        _ = try await perform(ledger) { _ in
            switch diary.all.count {
            case 0: .waiting(for: "a review")
            case 1, 2: .waiting(for: "the merge")
            default: .succeeded()
            }
        } pause: {
            diary.add("pause")
        }
        let waits = await ledger.reports.filter { $0.hasPrefix("wait") }
        #expect(waits == ["wait 1 a review", "wait 1 the merge"])
    }

    @Test(arguments: [PromotionPhase.superseded, .aborted])
    func `a promotion that is over while it waits is left quietly, and nothing stays behind`(
        phase: PromotionPhase
    ) async throws {
        let ledger = FakeLedger(job(plan))
        let diary = Diary()
        let outcome = try await perform(ledger) { _ in
            .waiting(for: "a review")
        } withdraw: { why in
            diary.add(why)
            return nil
        } pause: {
            await ledger.end(phase, "superseded by prod.02")
        }
        let name = await ledger.job.promotion.name
        #expect(outcome == .stopped(.promotionNotRunning(name, phase: phase)))
        #expect(diary.all == ["superseded by prod.02"], "what it proposed is taken back")
        #expect(await ledger.reports.last == "wait 1 a review", "nothing is reported after")
        #expect(try leftovers().isEmpty)
    }

    @Test func `what took effect although it was superseded is reported all the same`()
        async throws
    {
        let ledger = FakeLedger(job(plan))
        let outcome = try await perform(ledger) { _ in
            .waiting(for: "the merge")
        } withdraw: { _ in
            .succeeded(message: "somebody had merged it", hasTakenEffect: true)
        } pause: {
            await ledger.end(.superseded, "superseded by prod.02")
        }
        guard case .stopped = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(await ledger.finishes.map(\.hasTakenEffect) == [false, true])
    }

    @Test func `a promotion that somebody took over while it waited is left to them`()
        async throws
    {
        let ledger = FakeLedger(job(plan))
        let diary = Diary()
        let outcome = try await perform(ledger) { _ in
            .waiting(for: "a review")
        } withdraw: { why in
            diary.add(why)
            return nil
        } pause: {
            await ledger.takeOver()
        }
        let name = await ledger.job.promotion.name
        #expect(outcome == .stopped(.staleAttempt(name, attempt: 1, current: 2)))
        #expect(diary.all.isEmpty, "the other attempt still waits for it")
    }

    @Test func `what cannot be recorded as awaited ends the step`() async throws {
        let ledger = FakeLedger(job(plan))
        _ = try await perform(ledger) { _ in
            .waiting(for: String(repeating: "x", count: 5000))
        } pause: {
            Issue.record("it was looked at again")
        }
        #expect(await ledger.finishes[1].status == .errored)
        #expect(await ledger.finishes[1].message?.contains("too long") == true)
    }

    @Test func `an effect that a failed try may have had is not forgotten by a later one`()
        async throws
    {
        var ask = step("ask", errorThreshold: 3)
        ask.continueOnError = true
        let ledger = FakeLedger(job([step("go"), ask]))
        let diary = Diary()
        _ = try await perform(ledger) { _ in
            diary.add("try")
            guard diary.all.count == 1 else { return .unsuccessful(.wrong("it is gone")) }
            var error = StepError.broken("the line went dead")
            error.mayHaveTakenEffect = true
            return .unsuccessful(error)
        } pause: {
        }
        #expect(await ledger.finishes[1].hasTakenEffect)
    }
}
