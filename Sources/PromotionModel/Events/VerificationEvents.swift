package import Wire

/// A collection was judged in a stage.
package struct VerificationFinished: Message, Hashable {
    package var stage = StageName(unchecked: "")
    package var promotion = PromotionName(unchecked: "")
    package var collection = CollectionID(unchecked: "")
    package var result = VerificationResult.successful
    /// True for a stage without verification, where what runs is verified at once.
    package var implicit = false

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "stage", &stage)
        try visitor.field(2, "promotion", &promotion)
        try visitor.field(3, "collection", &collection)
        try visitor.field(4, "result", &result)
        try visitor.field(5, "implicit", &implicit)
    }
}

/// How a verification ended.
package enum VerificationResult: UInt32, WireEnum {
    case successful = 1
    case failed = 2
    case errored = 3
    case aborted = 4
    case inconclusive = 5
}
