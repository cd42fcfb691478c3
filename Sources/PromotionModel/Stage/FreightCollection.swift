import EventLog
package import Wire

/// What a stage runs: at most one component for each leaf origin.
///
/// The only truth about what runs. A bundle is a name for a set of components.
package struct FreightCollection: Message, Hashable {
    /// Ordered by leaf origin.
    package private(set) var components: [Component] = []

    package init() {}

    /// The collection of these components, in any order.
    ///
    /// - Precondition: no two of them have the same leaf origin.
    package init(_ components: [Component]) {
        self.components = components.sorted { $0.origin < $1.origin }
        for (left, right) in zip(self.components, self.components.dropFirst()) {
            precondition(left.origin != right.origin, "two components of \(left.origin)")
        }
    }

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "components", &components)
    }

    /// SHA-256 over the sorted (leaf origin, leaf freight) pairs, each length-prefixed.
    package var id: CollectionID {
        var encoder = IdentityEncoder(domain: "waybill.collection.v1")
        for component in components {
            encoder.add(component.origin.rawValue)
            encoder.add(component.freight.rawValue)
        }
        return CollectionID(unchecked: encoder.digest.hex)
    }

    /// The component of a leaf origin.
    package subscript(origin origin: Origin) -> Component? {
        components.first { $0.origin == origin }
    }

    /// Whether `freight` runs: as a leaf, or as the bundle that brought one.
    package func includes(_ freight: FreightID) -> Bool {
        components.contains { $0.freight == freight || $0.carrier == freight }
    }

    /// Whether both have the same leaf freight, whoever brought it.
    package func hasSameContent(as other: FreightCollection) -> Bool {
        components.count == other.components.count
            && zip(components, other.components).allSatisfy {
                $0.origin == $1.origin && $0.freight == $1.freight
            }
    }
}

/// What one leaf origin contributes to what a stage runs.
package struct Component: Message, Hashable {
    /// The warehouse.
    package var origin = Origin(unchecked: "")
    /// The leaf freight.
    package var freight = FreightID(unchecked: "")
    /// The origin that the stage requested: the warehouse itself, or a junction.
    package var requestedOrigin = Origin(unchecked: "")
    /// The freight that brought it: the leaf itself, or a bundle.
    package var carrier = FreightID(unchecked: "")
    /// The promotion that put it in.
    package var promotion = PromotionName(unchecked: "")

    package init() {}

    /// The component of `origin` that `carrier` brings.
    package init(
        origin: Origin,
        freight: FreightID,
        requestedOrigin: Origin,
        carrier: FreightID,
        promotion: PromotionName
    ) {
        self.origin = origin
        self.freight = freight
        self.requestedOrigin = requestedOrigin
        self.carrier = carrier
        self.promotion = promotion
    }

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "origin", &origin)
        try visitor.field(2, "freight", &freight)
        try visitor.field(3, "requestedOrigin", &requestedOrigin)
        try visitor.field(4, "carrier", &carrier)
        try visitor.field(5, "promotion", &promotion)
    }
}
