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

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "freight", &freight)
        try visitor.field(2, "kargoName", &kargoName)
        try visitor.field(3, "origin", &origin)
        try visitor.field(4, "artifacts", &artifacts)
        try visitor.field(5, "making", &making)
        try visitor.field(6, "alias", &alias)
        try visitor.field(7, "because", &because)
    }
}
