package import EventLog
package import Wire

/// A slot of a junction was filled.
package struct FreightCollected: Message, Hashable {
    package var junction = JunctionName(unchecked: "")
    package var origin = Origin(unchecked: "")
    package var freight = FreightID(unchecked: "")
    /// Whether automation did it.
    package var automatic = false
    /// The rule of automation that led to it, and what it preferred over what.
    package var because: String?
    /// Whether automation leaves the slot alone from now on, because of a choice against it.
    package var held = false
    /// Why, in the words of who asked.
    package var reason: String?
    /// The position whose slots a rollback brings back; nil for what is no rollback.
    package var restored: Position?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "junction", &junction)
        try visitor.field(2, "origin", &origin)
        try visitor.field(3, "freight", &freight)
        try visitor.field(4, "automatic", &automatic)
        try visitor.field(5, "because", &because)
        try visitor.field(6, "held", &held)
        try visitor.field(7, "reason", &reason)
        try visitor.field(8, "restored", &restored)
    }
}

/// A slot of a junction lost its freight: it is no longer available, or no longer requested, or
/// the slot was rolled back to when it was empty.
package struct SlotEmptied: Message, Hashable {
    package var junction = JunctionName(unchecked: "")
    package var origin = Origin(unchecked: "")
    package var freight = FreightID(unchecked: "")
    /// Which condition fell away.
    package var reason = ""
    /// The rule of automation that led to it.
    package var because: String?
    /// Whether automation leaves the slot empty from now on, because somebody rolled it back.
    package var held = false
    /// The position whose slots a rollback brings back; nil for what is no rollback.
    package var restored: Position?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "junction", &junction)
        try visitor.field(2, "origin", &origin)
        try visitor.field(3, "freight", &freight)
        try visitor.field(4, "reason", &reason)
        try visitor.field(5, "because", &because)
        try visitor.field(6, "held", &held)
        try visitor.field(7, "restored", &restored)
    }
}

/// A junction made one bundle of what it holds.
package struct FreightRepackaged: Message, Hashable {
    package var junction = JunctionName(unchecked: "")
    package var freight = FreightID(unchecked: "")
    /// False where the same combination had been repackaged before.
    package var isNew = false
    package var alias = ""
    /// The leaves, ordered by origin.
    package var constituents: [Constituent] = []
    /// Against the junction's bundle before.
    package var changes: [ComponentChange] = []
    /// Upstream stages that ran and verified all leaves together.
    package var verifiedTogether: [StageName] = []
    /// The rule of automation that led to it, and what it preferred over what.
    package var because: String?
    /// Why, in the words of who asked.
    package var reason: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "junction", &junction)
        try visitor.field(2, "freight", &freight)
        try visitor.field(3, "isNew", &isNew)
        try visitor.field(4, "alias", &alias)
        try visitor.field(5, "constituents", &constituents)
        try visitor.field(6, "changes", &changes)
        try visitor.field(7, "verifiedTogether", &verifiedTogether)
        try visitor.field(8, "because", &because)
        try visitor.field(9, "reason", &reason)
    }
}
