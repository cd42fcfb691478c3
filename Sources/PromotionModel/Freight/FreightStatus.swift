package import EventLog
package import Wire

/// What changes about a piece of freight.
package struct FreightStatus: Message, Hashable {
    package var alias = ""
    /// Where it was verified, ordered by stage.
    package var verified: [FreightMark] = []
    /// Where it runs, and since when, ordered by stage.
    package var current: [FreightMark] = []
    /// Completed stays in stages where it was verified, ordered by stage; in each the first, and
    /// those that were longer than all before.
    package var soaked: [FreightSoak] = []
    /// Where it was verified and a later verification failed, ordered by stage.
    package var withdrawn: [FreightMark] = []
    /// Stages and junctions that may have it although it did not pass, ordered by consumer.
    package var approved: [Approval] = []
    /// Why it must not go anywhere; nil where it may.
    package var quarantine: Quarantine?
    /// What was noted on it, ordered by key.
    package var metadata: [MetadataEntry] = []
    /// The event at which its own warehouse found, or its junction repackaged, what a hand had put
    /// together; 0 where neither did.
    package var confirmed = Position.origin

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "alias", &alias)
        try visitor.field(2, "verified", &verified)
        try visitor.field(3, "current", &current)
        try visitor.field(4, "soaked", &soaked)
        try visitor.field(5, "withdrawn", &withdrawn)
        try visitor.field(6, "approved", &approved)
        try visitor.field(7, "quarantine", &quarantine)
        try visitor.field(8, "metadata", &metadata)
        try visitor.field(9, "confirmed", &confirmed)
    }

    /// The mark that it is verified in a stage; one from before the stage was made anew at
    /// `incarnation` does not count.
    package func verification(in stage: StageName, since incarnation: Position) -> FreightMark? {
        verified.first { $0.stage == stage && $0.position > incarnation }
    }

    /// The mark that its verification in a stage was withdrawn since `incarnation`.
    package func withdrawal(in stage: StageName, since incarnation: Position) -> FreightMark? {
        withdrawn.first { $0.stage == stage && $0.position > incarnation }
    }
}

/// That something holds of freight in a stage, since an event.
package struct FreightMark: Message, Hashable {
    package var stage = StageName(unchecked: "")
    package var position = Position.origin
    package var at = Timestamp.epoch
    /// The bundle that brought it there, if one did.
    package var via: FreightID?
    /// The latest event that says so again; the same as `position` at first.
    package var latest = Position.origin
    /// Soak counts from here, not from becoming current: a verification was withdrawn before.
    package var soakFrom: Timestamp?
    /// The promotion through whose verification it counts, where another one put it there.
    package var through: PromotionName?

    package init() {}

    /// The mark that an event at `position` made.
    package init(stage: StageName, position: Position, at: Timestamp, via: FreightID? = nil) {
        self.stage = stage
        self.position = position
        self.at = at
        self.via = via
        latest = position
    }

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "stage", &stage)
        try visitor.field(2, "position", &position)
        try visitor.field(3, "atMs", &at)
        try visitor.field(4, "via", &via)
        try visitor.field(5, "latest", &latest)
        try visitor.field(6, "soakFromMs", &soakFrom)
        try visitor.field(7, "through", &through)
    }
}
