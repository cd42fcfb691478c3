package import Wire

/// A junction as configured: its slots, how they are filled, and when a bundle is made.
package struct JunctionSpec: Message, Hashable {
    /// The slots, one for each requested origin.
    package var requestedFreight: [RequestedFreight] = []
    package var collectionPolicy = AutomationPolicy.automatic
    package var selection = SelectionPolicy.newestFreight
    package var repackagingPolicy = AutomationPolicy.manual
    /// Automatic repackaging waits until the slots have been still for so long, in milliseconds.
    package var debounceMs: Int64 = 0
    /// However restless the slots are, it waits no longer than this; 0 for no bound.
    package var debounceMaxMs: Int64 = 0
    /// A bare expression over `changed`, `components`, `lastRepackaged` and `artifacts`;
    /// automatic repackaging happens where it holds.
    package var criteria: String?
    /// Refuses bundles whose parts no upstream stage verified together.
    package var requireVerifiedTogether = false

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "requestedFreight", &requestedFreight)
        try visitor.field(2, "collectionPolicy", &collectionPolicy)
        try visitor.field(3, "selection", &selection)
        try visitor.field(4, "repackagingPolicy", &repackagingPolicy)
        try visitor.field(5, "debounceMs", &debounceMs)
        try visitor.field(6, "debounceMaxMs", &debounceMaxMs)
        try visitor.field(7, "criteria", &criteria)
        try visitor.field(8, "requireVerifiedTogether", &requireVerifiedTogether)
    }
}

/// Who does it.
package enum AutomationPolicy: UInt32, WireEnum {
    case automatic = 1
    case manual = 2
}
