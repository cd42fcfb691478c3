/// What became of a step, as far as it decides how its promotion ends.
package struct StepOutcome: Hashable, Sendable {
    package let status: StepStatus
    /// What becomes of it does not count.
    package let continueOnError: Bool
    /// The step and its reason, for people.
    package let message: String

    package init(status: StepStatus, continueOnError: Bool, message: String = "") {
        self.status = status
        self.continueOnError = continueOnError
        self.message = message
    }
}

extension [StepOutcome] {
    /// Whether a step that counts failed or errored.
    package var hasFailures: Bool {
        contains { !$0.continueOnError && ($0.status == .failed || $0.status == .errored) }
    }

    /// The worst of the steps that count, the first of equals; nil if none counts.
    package var worst: StepOutcome? {
        filter { !$0.continueOnError }.reduce(nil) { worst, outcome in
            guard let worst, worst.status >= outcome.status else { return outcome }
            return worst
        }
    }

    /// How a promotion ends whose steps these are, all of them dealt with.
    package var finalPhase: PromotionPhase {
        switch worst?.status {
        case .succeeded, .skipped, nil: .succeeded
        case .aborted: .aborted
        case .failed: .failed
        // A step that still runs should not be: nobody can say what it does.
        case .running, .errored: .errored
        }
    }
}

extension PromotionState {
    /// Whether the step whose turn it is was begun in this attempt and has not ended.
    ///
    /// `steps` is what is known of the planned steps, by index in the plan.
    package func isCurrentStepRunning(_ steps: [StepRecord?]) -> Bool {
        guard phase == .running,
            let begun = steps.lastIndex(where: { $0?.attempt == attempt }),
            begun == Int(clamping: currentStep)
        else { return false }
        return steps[begun]?.status == .running
    }
}
