/// Freight as it would be made: what it consists of, and therefore its id.
struct FreightContent: Hashable, Sendable {
    let id: FreightID
    let origin: Origin
    var artifacts: [Artifact] = []
    var constituents: [Constituent] = []
    var making = FreightMaking.assembled
    var derivedFrom: FreightID?

    /// Freight of a warehouse.
    init(_ artifacts: [Artifact], of origin: Origin) {
        id = FreightIdentity.id(of: artifacts, origin: origin)
        self.origin = origin
        self.artifacts = artifacts
    }

    /// A bundle of leaves.
    init(_ constituents: [Constituent], of junction: JunctionName) {
        let sorted = constituents.sorted { $0.origin < $1.origin }
        id = FreightIdentity.id(of: sorted, junction: junction)
        origin = .junction(junction)
        self.constituents = sorted
    }
}
