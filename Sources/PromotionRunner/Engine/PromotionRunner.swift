import Expressions
package import Git
package import PromotionModel

/// Performs promotions step by step, and reports each start and each end as a command.
///
/// Knows nothing of the log: it loads what it needs, and what it reports is decided by the
/// ledger. A report that is refused ends its work: the promotion is over, or somebody else has
/// taken over.
package struct PromotionRunner: Sendable {
    /// Reads everything that is needed to perform a promotion; nil if there is no such promotion.
    package typealias Load =
        @Sendable (ProjectName, PromotionName) async throws -> PromotionJob?

    /// Reads everything that is needed to verify what a promotion made its stage run; nil if no
    /// verification with steps is open about it.
    package typealias LoadVerification =
        @Sendable (ProjectName, PromotionName) async throws -> VerificationJob?

    private let workDirectory: String
    private let submit: Submit
    private let load: Load
    private let loadVerification: LoadVerification
    private let options: RunnerOptions
    private let git: GitProgram
    /// Pushes to one branch of one repository happen one after the other.
    private let pushes = OneAtATime()

    /// A runner whose promotions work in directories of their own under `workDirectory`, which
    /// must exist.
    package init(
        workDirectory: String,
        submit: @escaping Submit,
        load: @escaping Load,
        loadVerification: @escaping LoadVerification = { _, _ in nil },
        options: RunnerOptions = RunnerOptions()
    ) {
        self.workDirectory = WorkDirectory.resolved(workDirectory)
        self.submit = submit
        self.load = load
        self.loadVerification = loadVerification
        self.options = options
        git = GitProgram(
            home: self.workDirectory,
            allowFileRepositories: options.allowFileRepositories,
            limits: options.gitLimits
        )
    }

    /// Performs a promotion that was started, from the step where it stands to its end.
    ///
    /// An attempt whose work directory is lost performs the steps before that again without
    /// reporting them. Throws what `submit` and `load` throw, and when the task is cancelled;
    /// then the promotion stays where it is, to be taken over.
    @discardableResult
    package func perform(
        _ project: ProjectName,
        _ promotion: PromotionName
    ) async throws -> RunOutcome {
        guard let job = try await load(project, promotion), job.state.phase == .running else {
            return .notRunning
        }
        var run = run(of: job)
        return try await run.perform()
    }

    /// Performs the steps of the open verification of what a promotion made its stage run.
    ///
    /// All of them are performed in one go, and reported once at the end: whoever takes over
    /// begins anew. Throws what `perform` throws; then the verification stays open.
    @discardableResult
    package func verify(
        _ project: ProjectName,
        _ promotion: PromotionName
    ) async throws -> RunOutcome {
        guard let verification = try await loadVerification(project, promotion) else {
            return .notRunning
        }
        // Nobody counts how often the steps were begun, and programs of a runner that died may
        // still be at work.
        var run = run(of: verification.job, directoryNumber: .random(in: 0 ... .max))
        return try await run.verify(verification.started) {
            try await loadVerification(project, promotion)?.started == verification.started
        }
    }

    private func run(of job: PromotionJob, directoryNumber: UInt64? = nil) -> PromotionRun {
        PromotionRun(
            job: job,
            root: workDirectory,
            submit: submit,
            load: load,
            options: options,
            git: git,
            pushes: pushes,
            directoryNumber: directoryNumber
        )
    }
}

extension PromotionRunner {
    /// Removes what promotions have left that no longer run: they were ended while nobody performed
    /// them.
    ///
    /// Only for whoever is the one runner of a ledger.
    package func sweep(keeping running: [(ProjectName, PromotionName)]) {
        let kept = Set(running.map { "\($0.0)_\($0.1)" })
        for name in WorkDirectory.names(in: workDirectory) {
            // project_promotion_attempt; anything else is not ours.
            let parts = name.split(separator: "_", omittingEmptySubsequences: false)
            guard parts.count == 3, UInt64(parts[2]) != nil,
                !kept.contains("\(parts[0])_\(parts[1])")
            else { continue }
            WorkDirectory(path: "\(workDirectory)/\(name)").remove()
        }
        guard let directory = options.sources.privateDirectory else { return }
        for name in WorkDirectory.names(in: directory) {
            let parts = name.split(separator: "_", omittingEmptySubsequences: false)
            guard parts.count == 2, !kept.contains(name),
                let project = ProjectName(rawValue: String(parts[0])),
                let promotion = PromotionName(rawValue: String(parts[1]))
            else { continue }
            PrivateOutputs(directory, project, promotion).remove()
        }
    }
}

/// How the work on a promotion came to an end.
package enum RunOutcome: Sendable, Hashable {
    /// Its last step was reported.
    case ended
    /// There was nothing to do: it does not exist, has not started or is over.
    case notRunning
    /// A report was refused: the promotion was aborted, or somebody took over.
    case stopped(Refusal)
}

/// What a runner may do.
package struct RunnerOptions: Sendable {
    /// Repositories on this machine may be cloned and pushed to (`file://` and paths).
    package var allowFileRepositories = false
    /// Of each run of git.
    package var gitLimits = GitLimits()
    /// Where steps find secrets, settings and other freight.
    package var sources = StepSources()
    /// Between two tries of a step.
    package var retryDelay: Duration = .seconds(10)
    /// Waits; replaced where nobody has the time.
    package var pause: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    /// Steps that tests bring along, by what `uses` says.
    var scripted: [String: ScriptedStep] = [:]

    package init() {}

    /// The step that `uses` names, with its configuration.
    func step(_ uses: String, _ configuration: Value) throws(StepError) -> any Step {
        if let step = scripted[uses] { return step }
        return try StepKind.decode(uses, configuration)
    }
}
