package import EventLog
package import Wire

/// A piece of freight: what never changes about it.
package struct Freight: Message, Hashable {
    package var id = FreightID(unchecked: "")
    /// The name that Kargo gives the same content (SHA-1, 40 digits); empty for bundles.
    package var kargoName = ""
    package var origin = Origin(unchecked: "")
    /// Empty for a bundle, whose artifacts are those of its constituents.
    package var artifacts: [Artifact] = []
    package var making = FreightMaking.discovered
    /// The leaf freight of a bundle, ordered by origin; empty for freight of a warehouse.
    package var constituents: [Constituent] = []
    /// The position of the event that made it.
    package var created = Position.origin
    package var createdAt = Timestamp.epoch

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "id", &id)
        try visitor.field(2, "kargoName", &kargoName)
        try visitor.field(3, "origin", &origin)
        try visitor.field(4, "artifacts", &artifacts)
        try visitor.field(5, "making", &making)
        try visitor.field(6, "constituents", &constituents)
        try visitor.field(7, "created", &created)
        try visitor.field(8, "createdAtMs", &createdAt)
    }

    /// Whether it was made by a junction.
    package var isBundle: Bool { origin.kind == .junction }

    /// The leaves: the constituents of a bundle, or the freight itself.
    package var leaves: [Constituent] {
        isBundle ? constituents : [Constituent(origin: origin, freight: id)]
    }
}

/// How freight came to be.
package enum FreightMaking: UInt32, WireEnum {
    case discovered = 1
    case assembled = 2
    case derived = 3
    case repackaged = 4
    case imported = 5
}

/// One leaf of a bundle.
package struct Constituent: Message, Hashable {
    /// The warehouse that the leaf comes from.
    package var origin = Origin(unchecked: "")
    package var freight = FreightID(unchecked: "")

    package init() {}

    /// The leaf `freight` of `origin`.
    package init(origin: Origin, freight: FreightID) {
        self.origin = origin
        self.freight = freight
    }

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "origin", &origin)
        try visitor.field(2, "freight", &freight)
    }
}

/// What changes about a piece of freight.
package struct FreightStatus: Message, Hashable {
    package var alias = ""
    /// Where it was verified, ordered by stage.
    package var verified: [FreightMark] = []
    /// Where it runs, and since when, ordered by stage.
    package var current: [FreightMark] = []
    /// The longest completed stay in a stage where it was verified, ordered by stage.
    package var soaked: [FreightSoak] = []

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "alias", &alias)
        try visitor.field(2, "verified", &verified)
        try visitor.field(3, "current", &current)
        try visitor.field(4, "soaked", &soaked)
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
    }
}

/// How long freight stayed in a stage at the longest.
package struct FreightSoak: Message, Hashable {
    package var stage = StageName(unchecked: "")
    package var longestMs: Int64 = 0

    package init() {}

    /// The longest completed stay in `stage`.
    package init(stage: StageName, longestMs: Int64) {
        self.stage = stage
        self.longestMs = longestMs
    }

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "stage", &stage)
        try visitor.field(2, "longestMs", &longestMs)
    }
}
