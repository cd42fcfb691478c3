package import EventLog
package import Wire

/// What changes about a stage.
package struct StageState: Message, Hashable {
    /// What runs, put there by the last succeeded promotion.
    package var current: FreightCollection?
    package var currentPromotion: PromotionName?
    /// The position of the event that made it current.
    package var currentPosition = Position.origin
    package var currentSince = Timestamp.epoch
    package var running: PromotionName?
    /// In the order in which they will start.
    package var pending: [QueuedPromotion] = []
    package var holds: [AutomationHold] = []
    /// Components that an unsuccessful promotion may have touched.
    package var uncertain: [UncertainComponent] = []
    /// Freight whose last promotion here did not succeed; automation leaves it alone.
    package var unsuccessful: [FreightID] = []
    /// The verification of what runs that has no result yet.
    package var verification: OpenVerification?
    package var health = Health.unknown
    /// What is wrong, in one sentence.
    package var healthMessage: String?
    /// When it became so; nil while nobody has said how healthy it is.
    package var healthSince: Timestamp?
    /// The event that changed any of this last.
    package var changed = Position.origin

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "current", &current)
        try visitor.field(2, "currentPromotion", &currentPromotion)
        try visitor.field(3, "currentPosition", &currentPosition)
        try visitor.field(4, "currentSinceMs", &currentSince)
        try visitor.field(5, "running", &running)
        try visitor.field(6, "pending", &pending)
        try visitor.field(7, "holds", &holds)
        try visitor.field(8, "uncertain", &uncertain)
        try visitor.field(9, "unsuccessful", &unsuccessful)
        try visitor.field(10, "verification", &verification)
        try visitor.field(11, "health", &health)
        try visitor.field(12, "healthMessage", &healthMessage)
        try visitor.field(13, "healthSinceMs", &healthSince)
        try visitor.field(14, "changed", &changed)
    }
}

/// A promotion that waits for its turn.
package struct QueuedPromotion: Message, Hashable {
    package var name = PromotionName(unchecked: "")
    package var kind = PromotionKind.manual
    package var freight: [FreightID] = []
    /// The requested origins that it fills.
    package var origins: [Origin] = []
    /// It goes before the others of its kind.
    package var now = false
    /// The holds of its origins before it was asked for; they come back if it is aborted before
    /// it started.
    package var replaced: [AutomationHold] = []

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "name", &name)
        try visitor.field(2, "kind", &kind)
        try visitor.field(3, "freight", &freight)
        try visitor.field(4, "origins", &origins)
        try visitor.field(5, "now", &now)
        try visitor.field(6, "replaced", &replaced)
    }
}

/// That automation leaves an origin alone, because somebody chose by hand.
package struct AutomationHold: Message, Hashable {
    package var origin = Origin(unchecked: "")
    package var promotion = PromotionName(unchecked: "")
    package var actor = ""
    package var since = Timestamp.epoch

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "origin", &origin)
        try visitor.field(2, "promotion", &promotion)
        try visitor.field(3, "actor", &actor)
        try visitor.field(4, "sinceMs", &since)
    }
}

/// A component of which nobody can say what runs.
package struct UncertainComponent: Message, Hashable {
    package var origin = Origin(unchecked: "")
    /// The promotion that did not succeed.
    package var promotion = PromotionName(unchecked: "")

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "origin", &origin)
        try visitor.field(2, "promotion", &promotion)
    }
}
