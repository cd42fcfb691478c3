package import EventLog
package import Wire

/// How what a stage runs is judged (Kargo's `spec.verification`).
package struct VerificationSpec: Message, Hashable {
    /// The analysis templates, each as `NAME` or `ClusterAnalysisTemplate/NAME`; whoever runs them
    /// reports the result.
    package var templates: [String] = []
    /// What the templates are given, unevaluated: whoever runs them evaluates it.
    package var args: [Variable] = []
    /// Whether pending promotions wait for the result; otherwise the next start aborts it.
    package var blocking = true
    /// What stands for a result that nobody in the ledger can find out.
    package var external = ExternalVerification.wait
    /// `analysisRunMetadata`: what analysis runs are labelled with.
    package var runLabels: [Variable] = []
    package var runAnnotations: [Variable] = []
    /// What a runner performs to find out; a stage with steps names no templates.
    package var steps: [StepTemplate] = []

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "templates", &templates)
        try visitor.field(2, "args", &args)
        try visitor.field(3, "blocking", &blocking)
        try visitor.field(4, "external", &external)
        try visitor.field(5, "runLabels", &runLabels)
        try visitor.field(6, "runAnnotations", &runAnnotations)
        try visitor.field(7, "steps", &steps)
    }
}

extension StepTemplate {
    /// Whether a verification may have the step: it only looks at what runs.
    ///
    /// What is performed there is performed again by whoever takes over, and bears the name of
    /// a promotion that has ended.
    package var isForVerification: Bool {
        !["git-commit", "git-push", "git-tag"].contains(uses)
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
    /// The analysis templates that the stage named then.
    package var templates: [String] = []
    /// The steps that the stage had then, those of tasks in their places; empty where somebody
    /// reports.
    package var steps: [StepTemplate] = []

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "promotion", &promotion)
        try visitor.field(2, "collection", &collection)
        try visitor.field(3, "position", &position)
        try visitor.field(4, "sinceMs", &since)
        try visitor.field(5, "templates", &templates)
        try visitor.field(6, "steps", &steps)
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
    /// The last event that said `failed`; 0 if none did.
    package var failed = Position.origin
    /// Why, in the words of who reported.
    package var reason: String?
    /// How the stage's verification steps ended; empty where somebody reported.
    package var steps: [VerificationStep] = []

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
        try visitor.field(10, "failed", &failed)
        try visitor.field(11, "reason", &reason)
        try visitor.field(12, "steps", &steps)
    }

    /// Whether nobody reported it: the stage has no verification, or takes it as passed.
    package var isUnseen: Bool { implicit || assumed }

    /// Whether it succeeded once and was not withdrawn since.
    package var stands: Bool { succeeded > failed }
}

/// The health of what a stage runs, ordered from best to worst as Kargo merges them.
package enum Health: UInt32, WireEnum {
    case healthy = 1
    case notApplicable = 2
    case unknown = 3
    case progressing = 4
    case unhealthy = 5
}

extension StageSpec {
    /// The verification whose result is found out later, by steps or by whoever reports; nil where
    /// what runs is verified at once.
    package var openVerification: VerificationSpec? {
        guard let verification else { return nil }
        if !verification.steps.isEmpty { return verification }
        guard !verification.templates.isEmpty, verification.external == .wait else { return nil }
        return verification
    }
}

extension StageState {
    /// The open verification that a pending promotion of `kind` waits for; nil where it may start.
    ///
    /// What the stage says now decides, so that whoever configures it has a way out.
    package func verification(
        awaitedBy kind: PromotionKind,
        _ spec: StageSpec
    ) -> OpenVerification? {
        guard kind.waitsForVerification, spec.openVerification?.blocking == true else {
            return nil
        }
        return verification
    }
}

extension PromotionKind {
    /// Whether an open verification keeps it from starting; what brings a stage back does not wait
    /// for a result that nobody may report at night.
    package var waitsForVerification: Bool {
        switch self {
        case .manual, .automatic: true
        case .rollback, .restore: false
        }
    }
}
