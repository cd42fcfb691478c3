package import EventLog
package import Wire

/// A whole project is to be brought back to what it ran at an earlier moment.
package struct RestoreRequested: Message, Hashable {
    /// The position whose state is restored.
    package var position = Position.origin
    /// What is promoted back, most downstream first; stages of one level go in parallel.
    package var items: [RestoreItem] = []
    /// Stages that run the same already.
    package var unchanged: [StageName] = []
    /// Why, in the words of who asked.
    package var reason: String?
    /// Stages that did not exist then or ran nothing, which stay as they are.
    package var left: [StageName] = []

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "position", &position)
        try visitor.field(2, "items", &items)
        try visitor.field(3, "unchanged", &unchanged)
        try visitor.field(4, "reason", &reason)
        try visitor.field(5, "left", &left)
    }
}

/// One stage of a restore.
package struct RestoreItem: Message, Hashable {
    package var stage = StageName(unchecked: "")
    /// The promotion that brings it back.
    package var promotion = PromotionName(unchecked: "")
    package var target = FreightCollection()
    /// 0 goes first: nothing of the project is downstream of it.
    package var level: UInt64 = 0

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "stage", &stage)
        try visitor.field(2, "promotion", &promotion)
        try visitor.field(3, "target", &target)
        try visitor.field(4, "level", &level)
    }
}

/// Every promotion of a restore has ended.
package struct RestoreFinished: Message, Hashable {
    /// The position of its `RestoreRequested`.
    package var restore = Position.origin
    package var reached: [StageName] = []
    package var failed: [StageName] = []
    /// Their promotion was aborted or superseded before it did anything, or another restore took
    /// the place of this one.
    package var skipped: [StageName] = []

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "restore", &restore)
        try visitor.field(2, "reached", &reached)
        try visitor.field(3, "failed", &failed)
        try visitor.field(4, "skipped", &skipped)
    }
}
