package import Wire

/// A junction as configured: its slots, how they are filled, and when a bundle is made.
package struct JunctionSpec: Message, Hashable {
    /// The slots, one for each requested origin.
    package var requestedFreight: [RequestedFreight] = []
    package var collectionPolicy = AutomationPolicy.automatic
    package var selection = SelectionPolicy.newestFreight
    package var repackagingPolicy = AutomationPolicy.manual

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "requestedFreight", &requestedFreight)
        try visitor.field(2, "collectionPolicy", &collectionPolicy)
        try visitor.field(3, "selection", &selection)
        try visitor.field(4, "repackagingPolicy", &repackagingPolicy)
    }
}

/// Who does it.
package enum AutomationPolicy: UInt32, WireEnum {
    case automatic = 1
    case manual = 2
}
