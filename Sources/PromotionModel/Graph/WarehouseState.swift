package import EventLog
package import Wire

/// What a warehouse has seen.
package struct WarehouseState: Message, Hashable {
    /// What was found, one entry for each subscription, in their order.
    package var findings: [SubscriptionFinding] = []
    /// The event that recorded the findings.
    package var discovered = Position.origin
    package var discoveredAt = Timestamp.epoch
    /// Why the last look failed; nil while it works.
    package var failure: String?
    /// Somebody put freight together in its name; stays so for good.
    package var hasHandMade = false

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "findings", &findings)
        try visitor.field(2, "discovered", &discovered)
        try visitor.field(3, "discoveredAtMs", &discoveredAt)
        try visitor.field(4, "failure", &failure)
        try visitor.field(5, "hasHandMade", &hasHandMade)
    }
}

/// What one subscription found: candidates, the chosen one first.
package struct SubscriptionFinding: Message, Hashable {
    /// The subscription's name; empty if it has none.
    package var subscription = ""
    package var repoURL = ""
    package var artifacts: [Artifact] = []

    package init() {}

    /// What `subscription` found in a repository.
    package init(subscription: String, repoURL: String, artifacts: [Artifact]) {
        self.subscription = subscription
        self.repoURL = repoURL
        self.artifacts = artifacts
    }

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "subscription", &subscription)
        try visitor.field(2, "repoURL", &repoURL)
        try visitor.field(3, "artifacts", &artifacts)
    }
}
