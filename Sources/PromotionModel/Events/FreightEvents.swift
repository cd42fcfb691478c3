package import Wire

/// A piece of freight was made from artifacts.
package struct FreightCreated: Message, Hashable {
    package var freight = FreightID(unchecked: "")
    /// The name that Kargo gives the same content.
    package var kargoName = ""
    package var origin = Origin(unchecked: "")
    package var artifacts: [Artifact] = []
    package var making = FreightMaking.discovered
    package var alias = ""
    /// The rule of automation that led to it, and what it preferred over what.
    package var because: String?
    /// What it was derived from, with some artifacts replaced.
    package var derivedFrom: FreightID?
    /// The leaves of a bundle that was derived from a bundle; empty otherwise.
    package var constituents: [Constituent] = []
    /// Why, in the words of who asked.
    package var reason: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "freight", &freight)
        try visitor.field(2, "kargoName", &kargoName)
        try visitor.field(3, "origin", &origin)
        try visitor.field(4, "artifacts", &artifacts)
        try visitor.field(5, "making", &making)
        try visitor.field(6, "alias", &alias)
        try visitor.field(7, "because", &because)
        try visitor.field(8, "derivedFrom", &derivedFrom)
        try visitor.field(9, "constituents", &constituents)
        try visitor.field(10, "reason", &reason)
    }
}
