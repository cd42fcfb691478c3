package import PromotionModel

/// What a junction would make now, and what speaks against it.
package struct BundlePreview: Sendable {
    package let junction: JunctionName
    package let freight: FreightID
    /// Whether the same combination was repackaged before.
    package let isNew: Bool
    /// Whether it is the junction's bundle already.
    package let isCurrent: Bool
    package let collection: FreightCollection
    /// Slots that must be filled first.
    package let missing: [Origin]
    /// Upstream stages that ran and verified all of it together.
    package let verifiedTogether: [StageName]
    /// What each stage that requests the junction's freight would change, by stage.
    package let consumers: [ConsumerChanges]
}

/// What freight would change in a stage.
package struct ConsumerChanges: Sendable {
    package let stage: StageName
    package let changes: [ComponentChange]
}

extension View {
    /// The next bundle of a junction, compared with every stage that would take it.
    package func preview(
        of junction: JunctionName,
        in project: ProjectName
    ) throws(LedgerError) -> BundlePreview {
        try ask { facts throws(FactsFailure) -> BundlePreview? in
            guard let row = try facts.junction(junction, in: project) else { return nil }
            let state = try facts.junctionState(junction, in: project)
            let collection = try facts.nextBundle(of: junction, in: project)
            let leaves = collection.components.map {
                Constituent(origin: $0.origin, freight: $0.freight)
            }
            let id = FreightIdentity.id(of: leaves, junction: junction)
            var consumers: [ConsumerChanges] = []
            for subject in try facts.consumers(of: .junction(junction), in: project).sorted()
            where subject.kind == .stage {
                let stage = StageName(unchecked: subject.name)
                guard let spec = try facts.stage(stage, in: project)?.spec else { continue }
                let changes = try facts.stageState(stage, in: project)
                    .changes(putting: collection.bundle(id, of: junction), into: spec)
                consumers.append(ConsumerChanges(stage: stage, changes: changes))
            }
            return BundlePreview(
                junction: junction,
                freight: id,
                isNew: try facts.freight(id, in: project) == nil,
                isCurrent: state.bundle == id,
                collection: collection,
                missing: row.spec.requestedFreight
                    .filter { !$0.optional && state[origin: $0.origin] == nil }.map(\.origin),
                verifiedTogether: try facts.stages(
                    verifyingTogether: leaves,
                    for: row.spec,
                    in: project
                ),
                consumers: consumers
            )
        }.orNotFound(
            "there is no junction \(junction) in project \(project); see waybill get junctions"
        )
    }
}

extension Optional {
    /// The value, or the failure that there is none.
    func orNotFound(_ sentence: @autoclosure () -> String) throws(LedgerError) -> Wrapped {
        guard let self else { throw .notFound(sentence()) }
        return self
    }
}
