package import Wire

/// A project as configured.
package struct ProjectSpec: Message, Hashable {
    /// In order; the first that matches a stage decides.
    package var promotionPolicies: [PromotionPolicy] = []

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "promotionPolicies", &promotionPolicies)
    }
}

/// Whether automation promotes to the stages that it matches (Kargo's promotionPolicies).
package struct PromotionPolicy: Message, Hashable {
    /// A stage's name, or a pattern with `glob:`, `regex:` or `regexp:` before it; nil for any.
    package var stagePattern: String?
    /// Labels that the stage must have, all of them.
    package var matchLabels: [Variable] = []
    package var autoPromotionEnabled = false
    /// What the stage's labels must be besides, all of it.
    package var matchExpressions: [LabelExpression] = []

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "stagePattern", &stagePattern)
        try visitor.field(2, "matchLabels", &matchLabels)
        try visitor.field(3, "autoPromotionEnabled", &autoPromotionEnabled)
        try visitor.field(4, "matchExpressions", &matchExpressions)
    }
}
