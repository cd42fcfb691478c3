package import EventLog
package import Wire

/// How what a stage runs is judged (Kargo's `spec.verification`).
package struct VerificationSpec: Message, Hashable {
    /// The names of analysis templates; whoever runs them reports the result.
    package var templates: [String] = []
    package var args: [Variable] = []
    /// Whether pending promotions wait for the result; otherwise the next start aborts it.
    package var blocking = true
    /// What stands for a result that nobody in the ledger can find out.
    package var external = ExternalVerification.wait

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "templates", &templates)
        try visitor.field(2, "args", &args)
        try visitor.field(3, "blocking", &blocking)
        try visitor.field(4, "external", &external)
    }
}

/// What happens where a stage names analysis templates.
package enum ExternalVerification: UInt32, WireEnum {
    /// The freight is verified once somebody reports that.
    case wait = 1
    /// The freight counts as verified at once; the log says that nobody looked.
    case assume = 2
}

/// A verification that has no result yet.
package struct OpenVerification: Message, Hashable {
    package var promotion = PromotionName(unchecked: "")
    package var collection = CollectionID(unchecked: "")
    /// The event that started it.
    package var position = Position.origin
    package var since = Timestamp.epoch

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "promotion", &promotion)
        try visitor.field(2, "collection", &collection)
        try visitor.field(3, "position", &position)
        try visitor.field(4, "sinceMs", &since)
    }
}

/// The last result about what a promotion made a stage run.
package struct VerificationRecord: Message, Hashable {
    package var result = VerificationResult.successful
    /// The event that says so.
    package var position = Position.origin
    package var at = Timestamp.epoch
    /// True for a stage without verification.
    package var implicit = false
    /// True where nobody looked, because the stage says `external: assume`.
    package var assumed = false
    /// Who reported it.
    package var actor = ""
    package var evidence: String?
    package var message: String?
    /// The last event that said `successful`; 0 if none did.
    package var succeeded = Position.origin

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "result", &result)
        try visitor.field(2, "position", &position)
        try visitor.field(3, "atMs", &at)
        try visitor.field(4, "implicit", &implicit)
        try visitor.field(5, "assumed", &assumed)
        try visitor.field(6, "actor", &actor)
        try visitor.field(7, "evidence", &evidence)
        try visitor.field(8, "message", &message)
        try visitor.field(9, "succeeded", &succeeded)
    }
}

/// The health of what a stage runs, ordered from best to worst as Kargo merges them.
package enum Health: UInt32, WireEnum {
    case healthy = 1
    case notApplicable = 2
    case unknown = 3
    case progressing = 4
    case unhealthy = 5
}
