import EventLog
import Expressions
import Git
import PromotionModel

/// One attempt of one promotion while it is performed.
struct PromotionRun {
    var job: PromotionJob
    private let root: String
    let submit: Submit
    private let load: PromotionRunner.Load
    private let options: RunnerOptions
    private let git: GitProgram
    private let pushes: OneAtATime
    let directory: WorkDirectory
    var progress: StepProgress
    let secrets = SecretUse()
    private let privateOutputs: PrivateOutputs
    /// Whether the verification whose steps are performed is open still; nil for a promotion.
    var isOpen: (() async throws -> Bool)?

    init(
        job: PromotionJob,
        root: String,
        submit: @escaping Submit,
        load: @escaping PromotionRunner.Load,
        options: RunnerOptions,
        git: GitProgram,
        pushes: OneAtATime,
        directoryNumber: UInt64? = nil
    ) {
        self.job = job
        self.root = root
        self.submit = submit
        self.load = load
        self.options = options
        self.git = git
        self.pushes = pushes
        // A directory for each attempt: a runner that was taken over may still be at work.
        directory = Self.directory(job, root: root, attempt: directoryNumber ?? job.state.attempt)
        progress = StepProgress(job)
        privateOutputs = PrivateOutputs(
            options.sources.privateDirectory,
            job.project,
            job.promotion.name
        )
        // What the ledger has of these is hidden.
        progress.restore(privateOutputs.load(), secrets)
    }

    /// Performs the steps that are left.
    mutating func perform() async throws -> RunOutcome {
        do {
            return try await performSteps()
        } catch let stop as Stop {
            // Whoever took over makes a directory of its own; nobody continues what is over.
            if case .promotionNotRunning = stop.refusal {
                directory.remove()
                privateOutputs.remove()
            }
            return .stopped(stop.refusal)
        }
    }

    /// The promotion is no longer ours to perform: it was aborted or superseded, or somebody
    /// took over.
    struct Stop: Error {
        let refusal: Refusal
    }

    private mutating func performSteps() async throws -> RunOutcome {
        let next = Int(job.state.currentStep)
        var obstacle: String?
        if !isDirectoryUsable(at: next) { obstacle = try await prepareDirectory(for: next) }
        for index in next..<max(next, job.state.plan.count) {
            try Task.checkCancellation()
            try await start(index)
            let result =
                if let obstacle {
                    StepResult.unsuccessful(.wrong(obstacle))
                } else {
                    try await resultInDirectory(of: index)
                }
            // What a cancelled step says is not what became of it: the next attempt will tell.
            try Task.checkCancellation()
            try await finish(index, result)
        }
        directory.remove()
        privateOutputs.remove()
        return .ended
    }

    /// The result of the step at `index`, once more if the directory went under it.
    private mutating func resultInDirectory(of index: Int) async throws -> StepResult {
        let result = try await result(of: index, isReported: true)
        guard result.status == .errored, !directory.exists else { return result }
        if let obstacle = try await prepareDirectory(for: index) {
            return .unsuccessful(.wrong(obstacle))
        }
        return try await self.result(of: index, isReported: true)
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
    mutating func prepareDirectory(for next: Int) async throws -> String? {
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
            let result = try await result(of: index, isReported: false)
            guard result.status == .succeeded || result.status == .skipped else {
                let alias = job.state.plan[index].alias
                return "step \(alias) had to be performed again and did not succeed: "
                    + (result.message ?? "it did not say why")
            }
            progress.keep(.object(result.outputs), of: index)
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

    private mutating func start(_ index: Int) async throws {
        let command = StartStep(
            project: job.project,
            promotion: job.promotion.name,
            attempt: job.state.attempt,
            step: UInt64(index)
        )
        if case .refused(let refusal) = try await submit(.startStep(command)) {
            throw Stop(refusal: refusal)
        }
        if job.firstStepStartedAt == nil,
            let now = try await load(job.project, job.promotion.name)
        {
            // Only the ledger knows at what time it recorded the first start.
            job = job.started(at: now.firstStepStartedAt)
        }
    }

    private mutating func finish(_ index: Int, _ result: StepResult) async throws {
        var result = result
        if let problem = keepPrivate(result, of: index) { result = .unsuccessful(problem) }
        var outcome = try await submit(finishCommand(index, result))
        if case .refused(.outputsTooLarge(let byteCount)) = outcome {
            let message = "the step's outputs are too large to be recorded (\(byteCount) bytes)"
            result = .unsuccessful(.wrong(message))
            outcome = try await submit(finishCommand(index, result))
        }
        progress.finish(index, result)
        if case .refused(let refusal) = outcome { throw Stop(refusal: refusal) }
    }

    /// Keeps outputs with secrets in them where the ledger does not see them; what went wrong with
    /// that, if something did.
    private func keepPrivate(_ result: StepResult, of index: Int) -> StepError? {
        let outputs = Value.object(result.outputs)
        guard secrets.isTainted(outputs) else { return nil }
        if privateOutputs.keep(outputs, of: job.state.plan[index].alias) { return nil }
        var error = StepError.broken("its outputs have secrets in them, and cannot be kept apart")
        error.mayHaveTakenEffect = result.hasTakenEffect
        return error
    }

    private func finishCommand(_ index: Int, _ result: StepResult) -> Command {
        .finishStep(
            FinishStep(
                project: job.project,
                promotion: job.promotion.name,
                attempt: job.state.attempt,
                step: UInt64(index),
                status: result.status,
                message: result.message.map { secrets.masking($0) },
                outputs: result.outputs.isEmpty
                    ? .null : secrets.masking(.object(result.outputs)),
                hasTakenEffect: result.hasTakenEffect
            )
        )
    }

    /// Says what the step at `index` waits for; what is wrong with that, if something is.
    private func report(_ wait: StepWait, at index: Int) async throws -> StepError? {
        let command = RequestInput(
            project: job.project,
            promotion: job.promotion.name,
            attempt: job.state.attempt,
            step: UInt64(index),
            message: secrets.masking(wait.message),
            url: wait.url.map { secrets.masking($0) }
        )
        switch try await submit(.requestInput(command)) {
        case .accepted, .quiet: return nil
        case .refused(.inputTooLarge(let byteCount, _)):
            return .wrong("what the step waits for is too long to be recorded (\(byteCount) bytes)")
        case .refused(let refusal): throw Stop(refusal: refusal)
        }
    }

    /// What somebody gave to the step at `index`, if it was that long; stops where the promotion
    /// is no longer ours.
    private func input(at index: Int, withdrawing step: any Step) async throws -> Value? {
        let name = job.promotion.name
        guard let now = try await load(job.project, name) else { return nil }
        guard now.state.phase == .running else {
            let why = now.state.message ?? "the promotion is over"
            if let late = await step.withdraw(because: why, in: context(input: nil)) {
                // Refused or not: it is over, and all that counts was said.
                _ = try await submit(finishCommand(index, late))
            }
            throw Stop(refusal: .promotionNotRunning(name, phase: now.state.phase))
        }
        guard now.state.attempt == job.state.attempt else {
            throw Stop(
                refusal: .staleAttempt(
                    name,
                    attempt: job.state.attempt,
                    current: now.state.attempt
                )
            )
        }
        return now.state.input(at: index)
    }

    // MARK: - One step

    /// Decides whether the step runs, and performs it as often as it may be tried.
    ///
    /// A step that is only performed again, in a new directory, reports nothing.
    func result(of index: Int, isReported: Bool) async throws -> StepResult {
        let template = job.promotion.steps[Int(job.state.plan[index].template)]
        let step: any Step
        if isOpen != nil, !template.isForVerification {
            let message = "\(template.uses) changes what others see, and a verification only looks"
            return .unsuccessful(.wrong(message))
        }
        do throws(StepError) {
            let values = StepValues(
                job: job,
                progress: progress,
                index: index,
                sources: options.sources,
                secrets: secrets
            )
            if let reason = try values.reasonToSkip(template) { return .skipped(reason) }
            let configuration = try values.configuration(of: template)
            step = try options.step(template.uses, configuration)
        } catch {
            return .unsuccessful(error)
        }
        return try await tries(step, template.retry, at: isReported ? index : nil)
    }

    /// Performs a step as often as it may be tried; `index` is where it is reported, nil where
    /// it is not.
    private func tries(
        _ step: any Step,
        _ retry: StepRetry?,
        at index: Int?
    ) async throws -> StepResult {
        // Kargo's defaults: the first failure is the last, and there is no limit of time.
        let failureCountMax = retry.errorThreshold(default: 1)
        let timeout = Duration.milliseconds(retry.timeoutMs(default: 0))
        let began = ContinuousClock.now
        var failureCount: UInt64 = 0
        var hasTakenEffect = false
        var reported: StepWait?
        var input = index.flatMap { job.state.input(at: $0) }
        while true {
            var result = await result(of: step, input: input)
            try Task.checkCancellation()
            hasTakenEffect = hasTakenEffect || result.hasTakenEffect
            result.hasTakenEffect = hasTakenEffect
            switch result.status {
            case .succeeded, .skipped, .aborted, .failed: return result
            case .errored:
                failureCount += 1
                if result.isTerminal || failureCount >= failureCountMax { return result }
            case .running:
                failureCount = 0
                if let index, let wait = result.wait, wait != reported {
                    if let problem = try await report(wait, at: index) {
                        return .unsuccessful(problem)
                    }
                    reported = wait
                }
            }
            if timeout > .zero, ContinuousClock.now - began >= timeout {
                let last = result.message.map { ": \($0)" } ?? ""
                var error = StepError.wrong("it did not succeed within \(timeout)\(last)")
                error.mayHaveTakenEffect = hasTakenEffect
                return .unsuccessful(error)
            }
            try await options.pause(options.retryDelay)
            if let index { input = try await self.input(at: index, withdrawing: step) }
            if let isOpen, try await !isOpen() {
                throw Stop(refusal: .verificationOver(job.promotion.name))
            }
        }
    }

    private func result(of step: any Step, input: Value?) async -> StepResult {
        do throws(StepError) {
            return try await step.perform(in: context(input: input))
        } catch {
            return .unsuccessful(error)
        }
    }

    private func context(input: Value?) -> StepContext {
        StepContext(
            project: job.project,
            promotion: job.promotion.name,
            workDirectory: directory,
            git: git,
            allowFileRepositories: options.allowFileRepositories,
            date: job.firstStepStartedAt ?? job.promotion.requestedAt,
            anchor: job.anchor,
            pushes: pushes,
            input: input,
            components: job.components,
            gitClient: job.gitClient,
            sources: options.sources,
            secrets: secrets,
            submit: submit
        )
    }
}

extension PromotionState {
    /// What somebody gave to the step at `index`, if it waits and was given something.
    fileprivate func input(at index: Int) -> Value? {
        awaited?.step == UInt64(index) ? awaited?.value?.value : nil
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
            anchor: anchor,
            gitClient: gitClient
        )
    }
}
