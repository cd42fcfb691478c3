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
