package import EventLog

/// Says how a verification ended, or that what was verified is not so any more.
package struct ReportVerification: Hashable, Sendable {
    package let project: ProjectName
    package let target: VerificationTarget
    package let result: ReportedResult
    /// Where the evidence is: the address of a test report.
    package let evidence: String?
    /// What was found.
    package let message: String?
    package init(
        project: ProjectName,
        target: VerificationTarget,
        result: ReportedResult,
        evidence: String? = nil,
        message: String? = nil
    ) {
        self.project = project
        self.target = target
        self.result = result
        self.evidence = evidence
        self.message = message
    }
}

/// Says what the steps of an open verification found; a runner does.
package struct FinishVerification: Hashable, Sendable {
    package let project: ProjectName
    package let promotion: PromotionName
    /// The event that opened the verification.
    package let started: Position
    /// In the order in which they were performed.
    package let steps: [VerificationStep]
    package init(
        project: ProjectName,
        promotion: PromotionName,
        started: Position,
        steps: [VerificationStep]
    ) {
        self.project = project
        self.promotion = promotion
        self.started = started
        self.steps = steps
    }
}

/// What a result is about.
package enum VerificationTarget: Hashable, Sendable {
    /// The one verification that is open, in a stage or in the whole project.
    case open(in: StageName?)
    /// What a promotion made its stage run.
    case promotion(PromotionName)
    /// The last time that a combination became current, by at least six digits of its id; in a
    /// stage, or in the only one that ran it.
    case collection(String, in: StageName?)
}

/// A result that somebody reports.
package enum ReportedResult: String, CaseIterable, Hashable, Sendable {
    case passed
    case failed
    /// It could not be found out.
    case errored
    /// It was looked at, and nobody can tell.
    case inconclusive

    /// The same, as events say it.
    var result: VerificationResult {
        switch self {
        case .passed: .successful
        case .failed: .failed
        case .errored: .errored
        case .inconclusive: .inconclusive
        }
    }
}
