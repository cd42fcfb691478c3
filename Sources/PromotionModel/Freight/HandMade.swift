import EventLog

/// Freight that somebody put together by hand, assembled or derived from other freight.
extension Facts {
    /// Whether freight is there only because somebody put it together.
    ///
    /// What its warehouse found, or its junction repackaged, by itself since then is like any
    /// other freight.
    package func isHandMade(
        _ freight: Freight,
        in project: ProjectName
    ) throws(FactsFailure) -> Bool {
        switch freight.making {
        case .discovered, .repackaged, .imported: return false
        case .assembled, .derived: break
        }
        return try freightStatus(freight.id, in: project).confirmed == .origin
    }

    /// The leaves that somebody put into a bundle by deriving it; empty for all other freight.
    ///
    /// Those that the last bundle before it which the junction made does not have. Looks through a
    /// chain of derivations, so that deriving twice hides nothing.
    func insertedLeaves(
        of bundle: Freight,
        in project: ProjectName
    ) throws(FactsFailure) -> [Constituent] {
        guard bundle.isBundle, try isHandMade(bundle, in: project) else { return [] }
        var ancestor = bundle
        while try isHandMade(ancestor, in: project), let source = ancestor.derivedFrom {
            guard let before = try freight(source, in: project) else {
                throw .inconsistent("freight \(ancestor.id) is derived from \(source), not there")
            }
            ancestor = before
        }
        return bundle.constituents.filter { !ancestor.constituents.contains($0) }
    }
}

extension AvailabilityRule {
    /// How many bundles of an inner junction are looked at for one that holds a constituent.
    private static var bundleLookCountMax: Int { 100 }

    /// A constituent that somebody put into a derived bundle and that the junction could not have
    /// collected itself: such a bundle needs an approval, even where freight comes `direct`.
    func outsider(in bundle: Freight) throws(FactsFailure) -> Availability.Unmet? {
        guard bundle.making == .derived, let junction = bundle.origin.junction else { return nil }
        for leaf in try facts.insertedLeaves(of: bundle, in: project) {
            guard let constituent = try facts.freight(leaf.freight, in: project) else {
                throw .inconsistent("freight \(bundle.id) holds \(leaf.freight), not there")
            }
            let collectable = try collectable(constituent, by: junction)
            guard case .unavailable = collectable else { continue }
            let status = try facts.freightStatus(leaf.freight, in: project)
            return .needsApproval(
                constituent: leaf.freight,
                alias: status.alias,
                until: collectable.wakeAt
            )
        }
        return nil
    }

    /// Whether a junction could collect a leaf now: as it is, or in a bundle of a junction before.
    private func collectable(
        _ leaf: Freight,
        by junction: JunctionName
    ) throws(FactsFailure) -> Availability {
        let consumer = Consumer.junction(junction)
        let requests = try facts.requests(of: consumer, in: project)
        if let request = requests.first(where: { $0.origin == leaf.origin }) {
            return try availability(of: leaf, for: request, by: consumer)
        }
        let entries = try facts.bundles(
            holding: leaf.id,
            in: project,
            before: Position(rawValue: .max),
            limit: Self.bundleLookCountMax
        )
        for entry in entries {
            guard let bundle = try facts.freight(entry.freight, in: project),
                let request = requests.first(where: { $0.origin == bundle.origin })
            else { continue }
            let inner = try availability(of: bundle, for: request, by: consumer)
            if inner.isAvailable { return inner }
        }
        return .unavailable([.originNotRequested(leaf.origin, by: consumer.subject)])
    }
}
