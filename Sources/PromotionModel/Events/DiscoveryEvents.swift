package import Wire

/// A look at a warehouse's subscriptions found something new.
package struct ArtifactsDiscovered: Message, Hashable {
    package var warehouse = WarehouseName(unchecked: "")
    /// One for each subscription, in their order.
    package var subscriptions: [SubscriptionDiscovery] = []
    /// Why no freight is made of what was chosen, as it was then; nil where some is.
    package var noFreightBecause: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "warehouse", &warehouse)
        try visitor.field(2, "subscriptions", &subscriptions)
        try visitor.field(3, "noFreightBecause", &noFreightBecause)
    }
}

/// What one subscription found that it had not found before.
package struct SubscriptionDiscovery: Message, Hashable {
    /// The subscription's name; empty if it has none.
    package var subscription = ""
    package var repoURL = ""
    /// References that were not known before, newest first.
    package var found: [Artifact] = []
    /// What freight is made of; nil if nothing matches.
    package var chosen: Artifact?
    /// The keys of all that matches now, known before or not, the chosen one first.
    package var candidates: [String] = []

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "subscription", &subscription)
        try visitor.field(2, "repoURL", &repoURL)
        try visitor.field(3, "found", &found)
        try visitor.field(4, "chosen", &chosen)
        try visitor.field(5, "candidates", &candidates)
    }
}

/// A look at a warehouse's subscriptions began to fail.
package struct DiscoveryFailed: Message, Hashable {
    package var warehouse = WarehouseName(unchecked: "")
    package var message = ""

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "warehouse", &warehouse)
        try visitor.field(2, "message", &message)
    }
}

/// A warehouse whose subscriptions failed can be read again.
package struct DiscoveryRecovered: Message, Hashable {
    package var warehouse = WarehouseName(unchecked: "")

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "warehouse", &warehouse)
    }
}
