package import EventLog
import Expressions

/// Everything that a runner needs to perform a promotion: read once, at one position.
package struct PromotionJob: Sendable {
    package let project: ProjectName
    package internal(set) var promotion: Promotion
    package internal(set) var state: PromotionState
    /// What is known of the planned steps, by index in the plan; nil where nothing is.
    package internal(set) var steps: [StepRecord?]
    /// The change set, with the leaf freight on both sides.
    package let components: [JobComponent]
    /// The freight that fills each requested origin of the target collection: leaves, and the
    /// bundles that brought them.
    package let freight: [JobFreight]
    /// When the first step of the first attempt was started: the date of the commits that it makes.
    package internal(set) var firstStepStartedAt: Timestamp?
    /// The log when the promotion was started, or the verification was opened: what commits name,
    /// the same in every attempt.
    package let anchor: LogAnchor
    /// Whose name commits bear where no step says it; as it was when the promotion was asked for,
    /// so that every attempt makes the same commits.
    package let gitClient: GitClient?

    package init(
        project: ProjectName,
        promotion: Promotion,
        state: PromotionState,
        steps: [StepRecord?],
        components: [JobComponent],
        freight: [JobFreight],
        firstStepStartedAt: Timestamp?,
        anchor: LogAnchor,
        gitClient: GitClient? = nil
    ) {
        self.project = project
        self.promotion = promotion
        self.state = state
        self.steps = steps
        self.components = components
        self.freight = freight
        self.firstStepStartedAt = firstStepStartedAt
        self.anchor = anchor
        self.gitClient = gitClient
    }
}

/// One component of a change set, with its freight.
package struct JobComponent: Sendable, Hashable {
    package let change: ComponentChange
    package let from: JobFreight?
    package let to: JobFreight?

    package init(change: ComponentChange, from: JobFreight?, to: JobFreight?) {
        self.change = change
        self.from = from
        self.to = to
    }
}

/// Freight with its alias and its artifacts (of a bundle: those of all its leaves).
package struct JobFreight: Sendable, Hashable {
    package let freight: Freight
    package let alias: String
    package let artifacts: [Artifact]

    package init(freight: Freight, alias: String, artifacts: [Artifact]) {
        self.freight = freight
        self.alias = alias
        self.artifacts = artifacts
    }
}
