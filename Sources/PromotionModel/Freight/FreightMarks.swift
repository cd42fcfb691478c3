package import EventLog
package import Wire

/// That somebody let a stage or junction have freight that did not pass what stands before it.
package struct Approval: Message, Hashable {
    /// The stage or junction, such as `stage/prod`.
    package var consumer = Subject(unchecked: "")
    /// Who approved.
    package var actor = ""
    package var reason: String?
    package var position = Position.origin
    package var at = Timestamp.epoch

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "consumer", &consumer)
        try visitor.field(2, "actor", &actor)
        try visitor.field(3, "reason", &reason)
        try visitor.field(4, "position", &position)
        try visitor.field(5, "atMs", &at)
    }
}

/// That freight must not go anywhere, nor any bundle that holds it.
package struct Quarantine: Message, Hashable {
    /// Who said so.
    package var actor = ""
    package var reason: String?
    package var position = Position.origin
    package var at = Timestamp.epoch

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "actor", &actor)
        try visitor.field(2, "reason", &reason)
        try visitor.field(3, "position", &position)
        try visitor.field(4, "atMs", &at)
    }
}

/// What was noted on freight under a key.
package struct MetadataEntry: Message, Hashable {
    package var key = ""
    package var value = ValueMessage()

    package init() {}

    /// The note `value` under `key`.
    package init(key: String, value: ValueMessage) {
        self.key = key
        self.value = value
    }

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "key", &key)
        try visitor.field(2, "value", &value)
    }
}
