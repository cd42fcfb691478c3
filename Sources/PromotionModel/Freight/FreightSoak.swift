package import EventLog
package import Wire

/// A completed stay of freight in a stage where it was verified.
package struct FreightSoak: Message, Hashable {
    package var stage = StageName(unchecked: "")
    package var longestMs: Int64 = 0
    /// The end of that stay; one before the stage was made anew does not count.
    package var position = Position.origin
    /// When it began, as far as it counts.
    package var from = Timestamp.epoch

    package init() {}

    /// A completed stay in `stage`, which ended at `position`.
    package init(
        stage: StageName,
        longestMs: Int64,
        position: Position,
        from: Timestamp = .epoch
    ) {
        self.stage = stage
        self.longestMs = longestMs
        self.position = position
        self.from = from
    }

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "stage", &stage)
        try visitor.field(2, "longestMs", &longestMs)
        try visitor.field(3, "position", &position)
        try visitor.field(4, "fromMs", &from)
    }
}
