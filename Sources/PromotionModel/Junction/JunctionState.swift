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
    /// The event that changed any of this last.
    package var changed = Position.origin
    /// What each slot held when the bundle was made, ordered by origin.
    package var bundled: [SlotContent] = []
    /// The position whose slots a rollback brought back; nil once a slot changed otherwise.
    package var restored: Position?
    /// Requested origins whose slots automation leaves empty, ordered.
    package var heldEmpty: [Origin] = []

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "slots", &slots)
        try visitor.field(2, "bundle", &bundle)
        try visitor.field(3, "bundlePosition", &bundlePosition)
        try visitor.field(4, "bundleSinceMs", &bundleSince)
        try visitor.field(5, "unbundledSinceMs", &unbundledSince)
        try visitor.field(6, "changedAtMs", &changedAt)
        try visitor.field(7, "changed", &changed)
        try visitor.field(8, "bundled", &bundled)
        try visitor.field(9, "restored", &restored)
        try visitor.field(10, "heldEmpty", &heldEmpty)
    }

    /// The slot of a requested origin, if it is filled.
    package subscript(origin origin: Origin) -> Slot? { slots.first { $0.origin == origin } }

    /// What each filled slot holds, ordered by origin.
    package var content: [SlotContent] {
        slots.map { SlotContent(origin: $0.origin, freight: $0.freight) }
    }

    /// Whether automation leaves the slot of an origin alone, as somebody said.
    package func isHeld(_ origin: Origin) -> Bool {
        self[origin: origin]?.held ?? heldEmpty.contains(origin)
    }
}

/// What a slot holds, whoever put it there.
package struct SlotContent: Message, Hashable {
    package var origin = Origin(unchecked: "")
    package var freight = FreightID(unchecked: "")

    package init() {}

    /// That the slot of `origin` holds `freight`.
    package init(origin: Origin, freight: FreightID) {
        self.origin = origin
        self.freight = freight
    }

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "origin", &origin)
        try visitor.field(2, "freight", &freight)
    }
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
