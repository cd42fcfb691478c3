package import EventLog
package import Wire

/// A position was given a name.
package struct BookmarkSet: Message, Hashable {
    package var name = ""
    package var position = Position.origin
    /// Why, in the words of who asked.
    package var reason: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "name", &name)
        try visitor.field(2, "position", &position)
        try visitor.field(3, "reason", &reason)
    }
}

/// Somebody wrote something down about a thing.
package struct NoteRecorded: Message, Hashable {
    package var subject = Subject(unchecked: "")
    package var text = ""

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "subject", &subject)
        try visitor.field(2, "text", &text)
    }
}

/// The payload of an event was erased; its header, and so its leaf and every root, stay.
package struct PayloadRedacted: Message, Hashable {
    /// The event whose payload is gone.
    package var position = Position.origin
    /// The kind of event that it is.
    package var type = EventType.noteRecorded
    /// Why, in the words of who asked.
    package var reason = ""
    /// The fields whose text is gone.
    package var erased: [String] = []
    /// The payload without that text: what the event still means to those behind it.
    package var remainder: [UInt8] = []

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "position", &position)
        try visitor.field(2, "type", &type)
        try visitor.field(3, "reason", &reason)
        try visitor.field(4, "erased", &erased)
        try visitor.field(5, "remainder", &remainder)
    }
}

/// The ledger was made of a backup of another one, and goes on under an id of its own.
///
/// It follows the last event that both have.
package struct LedgerRestored: Message, Hashable {
    /// The id of the ledger that it grew from.
    package var ledger = ""
    /// The name that that one's log has in checkpoints.
    package var origin = ""
    /// The last event that both have.
    package var size = Position.origin
    /// The root through that event.
    package var root: [UInt8] = []
    /// Why, in the words of who asked.
    package var reason: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "ledger", &ledger)
        try visitor.field(2, "origin", &origin)
        try visitor.field(3, "size", &size)
        try visitor.field(4, "root", &root)
        try visitor.field(5, "reason", &reason)
    }
}
