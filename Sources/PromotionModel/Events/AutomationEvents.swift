package import Wire

/// Automation leaves an origin of a stage or junction alone, because of a choice made by hand.
package struct AutoPromotionHeld: Message, Hashable {
    package var stage = StageName(unchecked: "")
    package var origin = Origin(unchecked: "")
    package var promotion = PromotionName(unchecked: "")
    /// The junction whose slot is held; `stage` is empty then.
    package var junction: JunctionName?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "stage", &stage)
        try visitor.field(2, "origin", &origin)
        try visitor.field(3, "promotion", &promotion)
        try visitor.field(4, "junction", &junction)
    }
}

/// Automation goes on for an origin of a stage or junction.
package struct AutoPromotionResumed: Message, Hashable {
    package var stage = StageName(unchecked: "")
    package var origin = Origin(unchecked: "")
    /// The promotion that resumed it; nil where somebody said so.
    package var promotion: PromotionName?
    /// Why, in the words of who asked.
    package var reason: String?
    /// The junction whose slot is no longer held; `stage` is empty then.
    package var junction: JunctionName?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "stage", &stage)
        try visitor.field(2, "origin", &origin)
        try visitor.field(3, "promotion", &promotion)
        try visitor.field(4, "reason", &reason)
        try visitor.field(5, "junction", &junction)
    }
}
