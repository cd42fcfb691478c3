package import EventLog
package import Wire

/// A promotion: what was asked for, which never changes.
package struct Promotion: Message, Hashable {
    package var name = PromotionName(unchecked: "")
    package var stage = StageName(unchecked: "")
    /// The freight to put in; empty for a rollback, which says its whole target.
    package var freight: [FreightID] = []
    package var kind = PromotionKind.manual
    package var reason: String?
    /// The stage's variables and steps when it was asked for.
    package var vars: [Variable] = []
    package var templateVars: [Variable] = []
    package var steps: [StepTemplate] = []
    /// What the stage is to run, all of it: rollback and restore only.
    package var target: FreightCollection?
    /// The position whose collection a rollback goes back to.
    package var restored: Position?
    package var requested = Position.origin
    package var requestedAt = Timestamp.epoch
    /// Who asked.
    package var actor = ""
    /// The restore that it is a part of, by the position of its request.
    package var restore: Position?
    /// Quarantined freight goes along, because somebody said so with a reason.
    package var allowsQuarantined = false
    /// The one requested origin or warehouse that a rollback brings back; nil for all.
    package var origin: Origin?
    /// It goes before the others of its kind that wait, and ends one that only waits for input.
    package var now = false
    /// It may replace what another requested origin put in with something made earlier.
    package var allowsRegression = false

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "name", &name)
        try visitor.field(2, "stage", &stage)
        try visitor.field(3, "freight", &freight)
        try visitor.field(4, "kind", &kind)
        try visitor.field(5, "reason", &reason)
        try visitor.field(6, "vars", &vars)
        try visitor.field(7, "templateVars", &templateVars)
        try visitor.field(8, "steps", &steps)
        try visitor.field(9, "target", &target)
        try visitor.field(10, "restored", &restored)
        try visitor.field(11, "requested", &requested)
        try visitor.field(12, "requestedAtMs", &requestedAt)
        try visitor.field(13, "actor", &actor)
        try visitor.field(14, "restore", &restore)
        try visitor.field(15, "allowsQuarantined", &allowsQuarantined)
        try visitor.field(16, "origin", &origin)
        try visitor.field(17, "now", &now)
        try visitor.field(18, "allowsRegression", &allowsRegression)
    }
}

/// Why a promotion was asked for; also its place in the stage's queue.
package enum PromotionKind: UInt32, WireEnum {
    case manual = 1
    case automatic = 2
    case rollback = 3
    case restore = 4

    /// 0 goes first.
    package var rank: Int {
        switch self {
        case .rollback, .restore: 0
        case .manual: 1
        case .automatic: 2
        }
    }
}

/// How far a promotion is.
package enum PromotionPhase: UInt32, WireEnum {
    case pending = 1
    case running = 2
    case succeeded = 3
    /// A step said no.
    case failed = 4
    /// Something broke.
    case errored = 5
    case aborted = 6
    /// Another promotion took its place before it did anything.
    case superseded = 7

    /// Whether nothing more will happen to it.
    package var isTerminal: Bool { self != .pending && self != .running }
}

/// What changes about a promotion.
package struct PromotionState: Message, Hashable {
    package var phase = PromotionPhase.pending
    package var startedAt: Timestamp?
    package var finishedAt: Timestamp?
    /// What the stage runs once it succeeded; fixed at start.
    package var collection: FreightCollection?
    package var changes: [ComponentChange] = []
    /// The steps to perform, repeated ones spelled out; fixed at start.
    package var plan: [PlannedStep] = []
    /// From 1; a runner that takes over begins a new attempt.
    package var attempt: UInt64 = 0
    /// The index in `plan` of the next step to be started or finished.
    package var currentStep: UInt64 = 0
    package var message: String?
    /// What the present step waits for; nil where it waits for nothing.
    package var awaited: AwaitedInput?
    /// Whether a step changed something outside that others see; such a promotion is finished
    /// before another one takes its place.
    package var hasTakenEffect = false
    /// Freight of other promotions that went with it.
    package var coalesced: [FreightID] = []
    /// The last verification of what it made the stage run.
    package var verification: VerificationRecord?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "phase", &phase)
        try visitor.field(2, "startedAtMs", &startedAt)
        try visitor.field(3, "finishedAtMs", &finishedAt)
        try visitor.field(4, "collection", &collection)
        try visitor.field(5, "changes", &changes)
        try visitor.field(6, "plan", &plan)
        try visitor.field(7, "attempt", &attempt)
        try visitor.field(8, "currentStep", &currentStep)
        try visitor.field(9, "message", &message)
        try visitor.field(10, "awaited", &awaited)
        try visitor.field(11, "hasTakenEffect", &hasTakenEffect)
        try visitor.field(12, "coalesced", &coalesced)
        try visitor.field(13, "verification", &verification)
    }
}

/// A step that a promotion will perform.
package struct PlannedStep: Message, Hashable {
    /// The index of its template in `Promotion.steps`.
    package var template: UInt64 = 0
    /// `as`, or `step-<n>`; with `[<origin>]` behind it where the step is repeated.
    package var alias = ""
    package var uses = ""
    /// The component that a repeated step is for.
    package var component: Origin?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "template", &template)
        try visitor.field(2, "alias", &alias)
        try visitor.field(3, "uses", &uses)
        try visitor.field(4, "component", &component)
    }
}
