package import EventLog
package import PromotionModel

/// One change of a stage, with all that an auditor asks about it: who wanted it, who let it go,
/// what had been verified, what it did, and how it went.
///
/// A change is a promotion that began; what gave way before its first step is none.
package struct ChangeRecord: Hashable, Sendable {
    /// What was asked for.
    package let promotion: Promotion
    /// The event that asked.
    package let requested: Header
    /// The rule of automation that asked; nil where somebody did.
    package let because: String?
    /// The event with which it began, and which says what it changes.
    package let started: Header
    /// The event with which it ended; nil while it runs.
    package let ended: Header?
    package let phase: PromotionPhase
    /// Why it did not succeed.
    package let message: String?
    /// What the stage ran before.
    package let before: FreightCollection
    /// What it was to run.
    package let after: FreightCollection
    /// The components that differ, or were uncertain.
    package let changes: [ChangedComponent]
    /// The approvals of freight in it that stood when it began.
    package let approvals: [ChangeApproval]
    /// How what it made the stage run was judged last; nil where it was not.
    package let verification: VerificationRecord?
    /// What an auditor should look at.
    package let findings: [ChangeFinding]
}

/// A component that a change was about.
package struct ChangedComponent: Hashable, Sendable {
    package let change: ComponentChange
    /// What ran, and what was to run; nil where it is nothing.
    package let from: Freight?
    package let to: Freight?
    /// Where `to`, or the bundle that brought it, had been verified when the change began, ordered
    /// by stage.
    package let verified: [PriorVerification]
    /// Whether `to` had run in the stage before.
    package let hasRunBefore: Bool
}

/// That freight was verified in a stage before a change began.
package struct PriorVerification: Hashable, Sendable {
    package let stage: StageName
    /// The leaf, or the bundle that brought it.
    package let freight: FreightID
    package let position: Position
    package let at: Timestamp
    /// Who said so.
    package let actor: EventActor
    /// Nobody looked: the stage has no verification, or takes it as passed.
    package let isUnseen: Bool
    package let evidence: String?
}

/// An approval of freight that a change brought.
package struct ChangeApproval: Hashable, Sendable {
    package let freight: FreightID
    package let alias: String
    /// The stage or junction that it was approved for.
    package let consumer: Subject
    package let actor: EventActor
    package let reason: String?
    package let position: Position
    package let at: Timestamp
}
