package import EventLog

/// Everything that a runner needs to perform the steps of an open verification.
package struct VerificationJob: Sendable {
    /// The steps as if they were those of a promotion that has not begun, with what the promotion
    /// changed and what the stage runs.
    package let job: PromotionJob
    /// The event that opened the verification.
    package let started: Position

    package init(job: PromotionJob, started: Position) {
        self.job = job
        self.started = started
    }
}

extension Facts {
    /// What a runner needs to verify what a promotion made its stage run; nil if no verification
    /// with steps is open about it.
    ///
    /// `anchor` is the log as it was after the event that opened it.
    package func verificationJob(
        for name: PromotionName,
        in project: ProjectName,
        anchor: LogAnchor
    ) throws(FactsFailure) -> VerificationJob? {
        guard var job = try job(for: name, in: project, anchor: anchor) else { return nil }
        let stage = try stageState(job.promotion.stage, in: project)
        guard let open = stage.verification, open.promotion == name, !open.steps.isEmpty else {
            return nil
        }
        job.judge(by: open)
        return VerificationJob(job: job, started: open.position)
    }
}

extension PromotionJob {
    /// Puts the steps of a verification in the place of the promotion's own.
    fileprivate mutating func judge(by open: OpenVerification) {
        promotion.steps = open.steps
        promotion.templateVars = []
        state.plan = promotion.plan(for: state.changes)
        state.currentStep = 0
        steps = Array(repeating: nil, count: state.plan.count)
        firstStepStartedAt = open.since
    }
}
