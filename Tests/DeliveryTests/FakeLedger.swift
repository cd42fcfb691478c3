import EventLog
import Expressions
import PromotionModel
import PromotionRunner

/// Stands for the ledger: hands out one promotion, keeps what is reported, and decides as the
/// model does whose turn it is.
actor FakeLedger {
    private(set) var job: PromotionJob
    /// Each accepted report: `start 0`, `finish 0 succeeded`.
    private(set) var reports: [String] = []
    private(set) var finishes: [FinishStep] = []
    /// Called before each report is decided; may throw, as a process that dies.
    private var interruption: @Sendable (Command) async throws -> Void = { _ in }

    init(_ job: PromotionJob) { self.job = job }

    /// A crash, where a test wants one.
    struct Crash: Error {}

    func interrupt(_ interruption: @escaping @Sendable (Command) async throws -> Void) {
        self.interruption = interruption
    }

    /// What another runner's command does: a new attempt from the first step.
    func takeOver() {
        var state = job.state
        state.attempt += 1
        state.currentStep = 0
        replace(state, job.steps)
    }

    /// What somebody gives to the step that waits.
    func give(_ value: Value) {
        var state = job.state
        state.awaited?.value = ValueMessage(value)
        replace(state, job.steps)
    }

    /// What another promotion's request does to one that waits, or what somebody's abort does.
    func end(_ phase: PromotionPhase, _ message: String) {
        var state = job.state
        state.phase = phase
        state.message = message
        state.awaited = nil
        replace(state, job.steps)
    }

    nonisolated var submit: Submit {
        { command in
            let interruption = await self.interruption
            try await interruption(command)
            return await self.decide(command)
        }
    }

    nonisolated var load: PromotionRunner.Load { { _, _ in await self.job } }

    private func decide(_ command: Command) -> SubmitOutcome {
        var state = job.state
        var steps = job.steps
        switch command {
        case .startStep(let start):
            if let refusal = refusal(start.attempt, start.step) { return .refused(refusal) }
            var record = steps[Int(start.step)] ?? StepRecord()
            record.status = .running
            record.attempt = start.attempt
            record.startedAt = record.startedAt ?? Timestamp(rawValue: 1_700_000_000_123)
            steps[Int(start.step)] = record
            reports.append("start \(start.step)")
        case .requestInput(let request):
            if let refusal = refusal(request.attempt, request.step) { return .refused(refusal) }
            if request.message.utf8.count > 4096 {
                return .refused(.inputTooLarge(byteCount: 5000, max: 4096))
            }
            var awaited = AwaitedInput()
            awaited.step = request.step
            awaited.message = request.message
            awaited.url = request.url
            state.awaited = awaited
            reports.append("wait \(request.step) \(request.message)")
        case .finishStep(let finish):
            let isLate = state.phase == .superseded && finish.hasTakenEffect
            if !isLate, let refusal = refusal(finish.attempt, finish.step) {
                return .refused(refusal)
            }
            let byteCount = finish.outputs.json.utf8.count
            if byteCount > 65_536 { return .refused(.outputsTooLarge(byteCount: byteCount)) }
            var record = steps[Int(finish.step)] ?? StepRecord()
            record.status = finish.status
            record.outputs = ValueMessage(finish.outputs)
            steps[Int(finish.step)] = record
            state.currentStep = finish.step + 1
            state.awaited = nil
            if Int(state.currentStep) == state.plan.count { state.phase = .succeeded }
            reports.append("finish \(finish.step) \(finish.status)")
            finishes.append(finish)
        default: preconditionFailure("a runner reports steps and nothing else")
        }
        replace(state, steps)
        return .quiet
    }

    private func refusal(_ attempt: UInt64, _ step: UInt64) -> Refusal? {
        let name = job.promotion.name
        guard job.state.phase == .running else {
            return .promotionNotRunning(name, phase: job.state.phase)
        }
        guard attempt == job.state.attempt else {
            return .staleAttempt(name, attempt: attempt, current: job.state.attempt)
        }
        guard step == job.state.currentStep else {
            return .stepOutOfOrder(name, step: step, expected: job.state.currentStep)
        }
        return nil
    }

    private func replace(_ state: PromotionState, _ steps: [StepRecord?]) {
        job = PromotionJob(
            project: job.project,
            promotion: job.promotion,
            state: state,
            steps: steps,
            components: job.components,
            freight: job.freight,
            firstStepStartedAt: steps.first.flatMap { $0?.startedAt },
            anchor: job.anchor,
            gitClient: job.gitClient
        )
    }
}
