import EventLog
import Expressions
import Git
import PromotionModel

/// One attempt of one promotion while it is performed.
struct PromotionRun {
    private var job: PromotionJob
    private let root: String
    private let submit: Submit
    private let load: PromotionRunner.Load
    private let options: RunnerOptions
    private let git: GitProgram
    private let pushes: OneAtATime
    private let directory: WorkDirectory
    private var progress: StepProgress

    init(
        job: PromotionJob,
        root: String,
        submit: @escaping Submit,
        load: @escaping PromotionRunner.Load,
        options: RunnerOptions,
        git: GitProgram,
        pushes: OneAtATime
    ) {
        self.job = job
        self.root = root
        self.submit = submit
        self.load = load
        self.options = options
        self.git = git
        self.pushes = pushes
        // A directory for each attempt: a runner that was taken over may still be at work.
        directory = Self.directory(job, root: root, attempt: job.state.attempt)
        progress = StepProgress(job)
    }

    /// Performs the steps that are left.
    mutating func perform() async throws -> RunOutcome {
        let next = Int(job.state.currentStep)
        var obstacle: String?
        if !isDirectoryUsable(at: next) { obstacle = try await prepareDirectory(for: next) }
        for index in next..<max(next, job.state.plan.count) {
            try Task.checkCancellation()
            if let refusal = try await start(index) { return .stopped(refusal) }
            let result =
                if let obstacle {
                    StepResult.unsuccessful(.wrong(obstacle))
                } else {
                    try await result(of: index)
                }
            // What a cancelled step says is not what became of it: the next attempt will tell.
            try Task.checkCancellation()
            if let refusal = try await finish(index, result) { return .stopped(refusal) }
        }
        directory.remove()
        return .ended
    }

    // MARK: - The work directory

    /// Whether this attempt's directory is there, as the steps before `next` left it.
    private func isDirectoryUsable(at next: Int) -> Bool {
        guard next > 0, directory.exists else { return false }
        // A step that was begun may have left anything.
        return !job.state.isCurrentStepRunning(job.steps)
    }

    /// Makes the directory and performs in it what was performed before; what went wrong with
    /// that, if something did.
    private mutating func prepareDirectory(for next: Int) async throws -> String? {
        let attempt = job.state.attempt
        for earlier in (attempt > 10 ? attempt - 10 : 0)..<attempt {
            Self.directory(job, root: root, attempt: earlier).remove()
        }
        do throws(StepError) {
            try directory.makeEmpty()
        } catch {
            return error.message
        }
        for index in job.state.plan.indices[..<next]
        where progress.status(at: index) == .succeeded {
            try Task.checkCancellation()
            let result = try await result(of: index)
            guard result.status == .succeeded || result.status == .skipped else {
                let alias = job.state.plan[index].alias
                return "step \(alias) had to be performed again and did not succeed: "
                    + (result.message ?? "it did not say why")
            }
            progress.keep(result.outputs, of: index)
        }
        return nil
    }

    private static func directory(
        _ job: PromotionJob,
        root: String,
        attempt: UInt64
    ) -> WorkDirectory {
        // Names of projects and promotions have neither slashes nor underscores.
        WorkDirectory(path: "\(root)/\(job.project)_\(job.promotion.name)_\(attempt)")
    }

    // MARK: - Reports

    private mutating func start(_ index: Int) async throws -> Refusal? {
        let command = StartStep(
            project: job.project,
            promotion: job.promotion.name,
            attempt: job.state.attempt,
            step: UInt64(index)
        )
        if case .refused(let refusal) = try await submit(.startStep(command)) { return refusal }
        if job.firstStepStartedAt == nil,
            let now = try await load(job.project, job.promotion.name)
        {
            // Only the ledger knows at what time it recorded the first start.
            job = job.started(at: now.firstStepStartedAt)
        }
        return nil
    }

    private mutating func finish(_ index: Int, _ result: StepResult) async throws -> Refusal? {
        var result = result
        var outcome = try await submit(finishCommand(index, result))
        if case .refused(.outputsTooLarge(let byteCount)) = outcome {
            let message = "the step's outputs are too large to be recorded (\(byteCount) bytes)"
            result = .unsuccessful(.wrong(message))
            outcome = try await submit(finishCommand(index, result))
        }
        progress.finish(index, status: result.status, outputs: result.outputs)
        guard case .refused(let refusal) = outcome else { return nil }
        return refusal
    }

    private func finishCommand(_ index: Int, _ result: StepResult) -> Command {
        .finishStep(
            FinishStep(
                project: job.project,
                promotion: job.promotion.name,
                attempt: job.state.attempt,
                step: UInt64(index),
                status: result.status,
                message: result.message,
                outputs: result.outputs.isEmpty ? .null : .object(result.outputs)
            )
        )
    }

    // MARK: - One step

    /// Decides whether the step runs, and performs it as often as it may be tried.
    private func result(of index: Int) async throws -> StepResult {
        let template = job.promotion.steps[Int(job.state.plan[index].template)]
        let step: any Step
        do throws(StepError) {
            let values = StepValues(job: job, progress: progress, index: index)
            if let reason = try values.reasonToSkip(template) { return .skipped(reason) }
            let configuration = try values.configuration(of: template)
            step = try StepKind.decode(template.uses, configuration)
        } catch {
            return .unsuccessful(error)
        }
        return try await tries(step, template.retry)
    }

    private func tries(_ step: any Step, _ retry: StepRetry?) async throws -> StepResult {
        // Kargo's defaults: the first failure is the last, and there is no limit of time.
        let failureCountMax = retry.errorThreshold(default: 1)
        let timeout = Duration.milliseconds(retry.timeoutMs(default: 0))
        let began = ContinuousClock.now
        var failureCount: UInt64 = 0
        while true {
            let result = await result(of: step)
            try Task.checkCancellation()
            switch result.status {
            case .succeeded, .skipped, .aborted, .failed: return result
            case .errored:
                failureCount += 1
                if result.isTerminal || failureCount >= failureCountMax { return result }
            case .running: failureCount = 0
            }
            if timeout > .zero, ContinuousClock.now - began >= timeout {
                let last = result.message.map { ": \($0)" } ?? ""
                return .unsuccessful(.wrong("it did not succeed within \(timeout)\(last)"))
            }
            try await options.pause(options.retryDelay)
        }
    }

    private func result(of step: any Step) async -> StepResult {
        let context = StepContext(
            promotion: job.promotion.name,
            workDirectory: directory,
            git: git,
            allowFileRepositories: options.allowFileRepositories,
            date: job.firstStepStartedAt ?? job.promotion.requestedAt,
            checkpoint: job.checkpoint,
            pushes: pushes
        )
        do throws(StepError) {
            return try await step.perform(in: context)
        } catch {
            return .unsuccessful(error)
        }
    }
}

extension PromotionJob {
    /// The same job, now that its first step was started.
    fileprivate func started(at time: Timestamp?) -> PromotionJob {
        PromotionJob(
            project: project,
            promotion: promotion,
            state: state,
            steps: steps,
            components: components,
            freight: freight,
            firstStepStartedAt: time,
            checkpoint: checkpoint
        )
    }
}
