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
    /// What it was derived from, with some artifacts replaced.
    package var derivedFrom: FreightID?

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
        try visitor.field(9, "derivedFrom", &derivedFrom)
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
