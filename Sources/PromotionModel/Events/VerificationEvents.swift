package import Wire

/// What a stage runs is to be judged; pending promotions wait for it where that blocks.
package struct VerificationStarted: Message, Hashable {
    package var stage = StageName(unchecked: "")
    package var promotion = PromotionName(unchecked: "")
    package var collection = CollectionID(unchecked: "")
    /// The analysis templates that the stage names; whoever runs them reports the result.
    package var templates: [String] = []
    /// The steps that a runner performs, those of tasks in their places; empty where somebody
    /// reports.
    package var steps: [StepTemplate] = []

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "stage", &stage)
        try visitor.field(2, "promotion", &promotion)
        try visitor.field(3, "collection", &collection)
        try visitor.field(4, "templates", &templates)
        try visitor.field(5, "steps", &steps)
    }
}

/// A collection was judged in a stage.
package struct VerificationFinished: Message, Hashable {
    package var stage = StageName(unchecked: "")
    package var promotion = PromotionName(unchecked: "")
    package var collection = CollectionID(unchecked: "")
    package var result = VerificationResult.successful
    /// True for a stage without verification, where what runs is verified at once.
    package var implicit = false
    /// True where the stage names analysis templates that nobody runs and says
    /// `external: assume`: no evidence was seen.
    package var assumed = false
    /// Where the evidence is: the address of a test report.
    package var evidence: String?
    /// What was found, in one sentence.
    package var message: String?
    /// Why, in the words of who reported.
    package var reason: String?
    /// How the stage's verification steps ended, in their order; empty where somebody reported.
    package var steps: [VerificationStep] = []

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "stage", &stage)
        try visitor.field(2, "promotion", &promotion)
        try visitor.field(3, "collection", &collection)
        try visitor.field(4, "result", &result)
        try visitor.field(5, "implicit", &implicit)
        try visitor.field(6, "assumed", &assumed)
        try visitor.field(7, "evidence", &evidence)
        try visitor.field(8, "message", &message)
        try visitor.field(9, "reason", &reason)
        try visitor.field(10, "steps", &steps)
    }
}

/// How one step of a verification ended.
package struct VerificationStep: Message, Hashable {
    package var alias = ""
    /// The step of the stage's verification that it is, by index: one step may be performed for
    /// several components.
    package var template: UInt64 = 0
    /// What was performed, such as `git-clone`.
    package var uses = ""
    package var status = StepStatus.succeeded
    /// What it found, in one sentence.
    package var message: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "alias", &alias)
        try visitor.field(2, "uses", &uses)
        try visitor.field(3, "status", &status)
        try visitor.field(4, "message", &message)
        try visitor.field(5, "template", &template)
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

/// The health of what a stage runs changed.
package struct HealthReported: Message, Hashable {
    package var stage = StageName(unchecked: "")
    package var health = Health.unknown
    /// What is wrong, in one sentence.
    package var message: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "stage", &stage)
        try visitor.field(2, "health", &health)
        try visitor.field(3, "message", &message)
    }
}
