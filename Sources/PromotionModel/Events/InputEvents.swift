package import Wire

/// A step of a promotion waits for somebody or something outside.
package struct InputRequested: Message, Hashable {
    package var promotion = PromotionName(unchecked: "")
    package var stage = StageName(unchecked: "")
    package var attempt: UInt64 = 0
    /// The index in the plan.
    package var step: UInt64 = 0
    /// What is awaited, in one sentence.
    package var message = ""
    /// Where it can be given, such as the address of a pull request.
    package var url: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "promotion", &promotion)
        try visitor.field(2, "stage", &stage)
        try visitor.field(3, "attempt", &attempt)
        try visitor.field(4, "step", &step)
        try visitor.field(5, "message", &message)
        try visitor.field(6, "url", &url)
    }
}

/// What a step of a promotion waited for was given.
package struct InputGiven: Message, Hashable {
    package var promotion = PromotionName(unchecked: "")
    package var stage = StageName(unchecked: "")
    /// The index in the plan.
    package var step: UInt64 = 0
    package var value = ValueMessage()
    /// Why, in the words of who gave it.
    package var reason: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "promotion", &promotion)
        try visitor.field(2, "stage", &stage)
        try visitor.field(3, "step", &step)
        try visitor.field(4, "value", &value)
        try visitor.field(5, "reason", &reason)
    }
}
