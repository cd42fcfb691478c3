package import EventLog
package import Wire

/// What changes about a junction.
package struct JunctionState: Message, Hashable {
    /// The filled slots, ordered by origin.
    package var slots: [Slot] = []
    /// The last repackaged bundle.
    package var bundle: FreightID?
    package var bundlePosition = Position.origin
    package var bundleSince = Timestamp.epoch
    /// When the first slot changed after the last repackaging; nil where none did.
    package var unbundledSince: Timestamp?
    /// When a slot changed last.
    package var changedAt = Timestamp.epoch

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "slots", &slots)
        try visitor.field(2, "bundle", &bundle)
        try visitor.field(3, "bundlePosition", &bundlePosition)
        try visitor.field(4, "bundleSinceMs", &bundleSince)
        try visitor.field(5, "unbundledSinceMs", &unbundledSince)
        try visitor.field(6, "changedAtMs", &changedAt)
    }

    /// The slot of a requested origin, if it is filled.
    package subscript(origin origin: Origin) -> Slot? { slots.first { $0.origin == origin } }
}

/// A filled slot of a junction.
package struct Slot: Message, Hashable {
    package var origin = Origin(unchecked: "")
    package var freight = FreightID(unchecked: "")
    package var position = Position.origin
    package var since = Timestamp.epoch
    /// Whether automation filled it.
    package var automatic = false
    /// Whether automation leaves it alone, because of a choice by hand against it.
    package var held = false

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "origin", &origin)
        try visitor.field(2, "freight", &freight)
        try visitor.field(3, "position", &position)
        try visitor.field(4, "sinceMs", &since)
        try visitor.field(5, "automatic", &automatic)
        try visitor.field(6, "held", &held)
    }
}
