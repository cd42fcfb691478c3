package import EventLog
package import Expressions

/// Asks for what is current and verified in a stage to go to everything that takes freight from
/// it: a promotion for each stage, a collection for each junction, all or nothing.
package struct PromoteDownstream: Hashable, Sendable {
    package let project: ProjectName
    package let stage: StageName
    /// Leaves out what is not current or not verified, instead of refusing.
    package let verifiedOnly: Bool
    package init(project: ProjectName, stage: StageName, verifiedOnly: Bool = false) {
        self.project = project
        self.stage = stage
        self.verifiedOnly = verifiedOnly
    }
}

/// Asks for all stages of a project to be brought back to what they ran at a position.
package struct RestoreProject: Hashable, Sendable {
    package let project: ProjectName
    package let position: Position
    /// Leaves components alone whose requested origin is no longer requested.
    package let partial: Bool
    /// Quarantined freight may come back; needs a reason.
    package let allowsQuarantined: Bool
    package init(
        project: ProjectName,
        position: Position,
        partial: Bool = false,
        allowsQuarantined: Bool = false
    ) {
        self.project = project
        self.position = position
        self.partial = partial
        self.allowsQuarantined = allowsQuarantined
    }
}

/// Says that the present step of a promotion waits for somebody or something outside.
package struct RequestInput: Hashable, Sendable {
    package let project: ProjectName
    package let promotion: PromotionName
    package let attempt: UInt64
    /// The index in the plan.
    package let step: UInt64
    /// What is awaited, in one sentence.
    package let message: String
    /// Where it can be given.
    package let url: String?
    package init(
        project: ProjectName,
        promotion: PromotionName,
        attempt: UInt64,
        step: UInt64,
        message: String,
        url: String? = nil
    ) {
        self.project = project
        self.promotion = promotion
        self.attempt = attempt
        self.step = step
        self.message = message
        self.url = url
    }
}

/// Gives a promotion what its present step waits for.
package struct GiveInput: Hashable, Sendable {
    package let project: ProjectName
    package let promotion: PromotionName
    /// The index of the step that it is meant for; nil for whichever waits.
    package let step: UInt64?
    package let value: Value
    package init(
        project: ProjectName,
        promotion: PromotionName,
        step: UInt64? = nil,
        value: Value
    ) {
        self.project = project
        self.promotion = promotion
        self.step = step
        self.value = value
    }
}
