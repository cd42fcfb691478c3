extension FreightCollection {
    /// What `bundle` would make a stage run by itself.
    package init(bundle: Freight) {
        self.init(
            bundle.leaves.map { leaf in
                Component(
                    origin: leaf.origin,
                    freight: leaf.freight,
                    requestedOrigin: bundle.origin,
                    carrier: bundle.id,
                    promotion: PromotionName(unchecked: "")
                )
            }
        )
    }

    /// What a bundle of `leaves` would make a stage run by itself.
    package init(leaves: [Constituent], of junction: JunctionName, id: FreightID) {
        var bundle = Freight()
        bundle.id = id
        bundle.origin = .junction(junction)
        bundle.constituents = leaves
        self.init(bundle: bundle)
    }
}
