package import Wire

/// Somebody, or automation, asked for a promotion.
package struct PromotionRequested: Message, Hashable {
    /// What was asked for, with the steps as they were then.
    package var request = Promotion()
    /// Why, in the words of who asked.
    package var reason: String?
    /// The rule of automation that led to it, and what it preferred over what.
    package var because: String?
    /// The stage in which the freight was current and verified when it was taken from there.
    package var from: StageName?
    /// What was asked for and does not go along.
    package var dropped: [DroppedFreight] = []
    /// It is one of those that go to everything behind `from`, by one command.
    package var isDownstream = false

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "request", &request)
        try visitor.field(2, "reason", &reason)
        try visitor.field(3, "because", &because)
        try visitor.field(4, "from", &from)
        try visitor.field(5, "dropped", &dropped)
        try visitor.field(6, "isDownstream", &isDownstream)
    }
}

/// Freight that was asked for by a rule and does not go along, and why.
package struct DroppedFreight: Message, Hashable {
    package var origin = Origin(unchecked: "")
    /// nil where there is none.
    package var freight: FreightID?
    /// Why not, in a few words.
    package var why = ""

    package init() {}

    /// Freight of `origin` that does not go along.
    package init(origin: Origin, freight: FreightID?, why: String) {
        self.origin = origin
        self.freight = freight
        self.why = why
    }

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "origin", &origin)
        try visitor.field(2, "freight", &freight)
        try visitor.field(3, "why", &why)
    }
}

/// A promotion left the queue; what it makes and does is fixed.
package struct PromotionStarted: Message, Hashable {
    package var promotion = PromotionName(unchecked: "")
    package var stage = StageName(unchecked: "")
    /// What the stage will run.
    package var collection = FreightCollection()
    package var changes: [ComponentChange] = []
    package var plan: [PlannedStep] = []
    /// Freight of other pending promotions that goes with it (`promotionQueue: Coalesce`).
    package var coalesced: [FreightID] = []
    /// The rule of automation that started it.
    package var because: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "promotion", &promotion)
        try visitor.field(2, "stage", &stage)
        try visitor.field(3, "collection", &collection)
        try visitor.field(4, "changes", &changes)
        try visitor.field(5, "plan", &plan)
        try visitor.field(6, "coalesced", &coalesced)
        try visitor.field(7, "because", &because)
    }
}

/// Another runner continues a promotion; reports of earlier attempts are refused.
package struct PromotionTakenOver: Message, Hashable {
    package var promotion = PromotionName(unchecked: "")
    package var stage = StageName(unchecked: "")
    /// The attempt that begins.
    package var attempt: UInt64 = 0

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "promotion", &promotion)
        try visitor.field(2, "stage", &stage)
        try visitor.field(3, "attempt", &attempt)
    }
}

/// A step began.
package struct StepStarted: Message, Hashable {
    package var promotion = PromotionName(unchecked: "")
    package var stage = StageName(unchecked: "")
    package var attempt: UInt64 = 0
    /// The index in the plan.
    package var step: UInt64 = 0
    package var alias = ""

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "promotion", &promotion)
        try visitor.field(2, "stage", &stage)
        try visitor.field(3, "attempt", &attempt)
        try visitor.field(4, "step", &step)
        try visitor.field(5, "alias", &alias)
    }
}

/// A step ended, or was skipped.
package struct StepFinished: Message, Hashable {
    package var promotion = PromotionName(unchecked: "")
    package var stage = StageName(unchecked: "")
    package var attempt: UInt64 = 0
    /// The index in the plan.
    package var step: UInt64 = 0
    package var alias = ""
    package var status = StepStatus.succeeded
    package var message: String?
    package var outputs = ValueMessage()
    /// Whether it changed something outside that others see, such as the stage's target branch.
    package var hasTakenEffect = false

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "promotion", &promotion)
        try visitor.field(2, "stage", &stage)
        try visitor.field(3, "attempt", &attempt)
        try visitor.field(4, "step", &step)
        try visitor.field(5, "alias", &alias)
        try visitor.field(6, "status", &status)
        try visitor.field(7, "message", &message)
        try visitor.field(8, "outputs", &outputs)
        try visitor.field(9, "hasTakenEffect", &hasTakenEffect)
    }
}

/// A promotion did all its steps; the stage runs its collection.
package struct PromotionSucceeded: Message, Hashable {
    package var promotion = PromotionName(unchecked: "")
    package var stage = StageName(unchecked: "")
    package var collection = CollectionID(unchecked: "")

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "promotion", &promotion)
        try visitor.field(2, "stage", &stage)
        try visitor.field(3, "collection", &collection)
    }
}

/// A promotion ended because a step said no.
package struct PromotionFailed: Message, Hashable {
    package var promotion = PromotionName(unchecked: "")
    package var stage = StageName(unchecked: "")
    package var message = ""

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "promotion", &promotion)
        try visitor.field(2, "stage", &stage)
        try visitor.field(3, "message", &message)
    }
}

/// A promotion ended because something broke.
package struct PromotionErrored: Message, Hashable {
    package var promotion = PromotionName(unchecked: "")
    package var stage = StageName(unchecked: "")
    package var message = ""

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "promotion", &promotion)
        try visitor.field(2, "stage", &stage)
        try visitor.field(3, "message", &message)
    }
}

/// A promotion was ended by hand, or by a step that was.
package struct PromotionAborted: Message, Hashable {
    package var promotion = PromotionName(unchecked: "")
    package var stage = StageName(unchecked: "")
    /// Why, in the words of who asked.
    package var reason: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "promotion", &promotion)
        try visitor.field(2, "stage", &stage)
        try visitor.field(3, "reason", &reason)
    }
}

/// A promotion gave way to another before it did anything.
package struct PromotionSuperseded: Message, Hashable {
    package var promotion = PromotionName(unchecked: "")
    package var stage = StageName(unchecked: "")
    /// The promotion that took its place.
    package var by = PromotionName(unchecked: "")
    /// The rule by which that one took its place.
    package var because: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "promotion", &promotion)
        try visitor.field(2, "stage", &stage)
        try visitor.field(3, "by", &by)
        try visitor.field(4, "because", &because)
    }
}
