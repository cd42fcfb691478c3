package import EventLog
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
    /// Everything that stands in the way of it, and when one of that goes away by itself.
    package let obstacles: [RepackagingObstacle]
    package let wakeAt: Timestamp?
    /// Upstream stages that ran and verified all of it together.
    package let verifiedTogether: [StageName]
    /// What it would change in stages, by stage: in those that request the junction's freight,
    /// and in those that were asked about.
    package let consumers: [ConsumerChanges]
}

/// What freight would change in a stage.
package struct ConsumerChanges: Sendable {
    package let stage: StageName
    package let changes: [ComponentChange]
    /// What it would take back that another origin put in; nil if nothing.
    package let regression: Regression?
}

extension View {
    /// The next bundle of a junction, compared with every stage that would take it, and with the
    /// stages `others`.
    package func preview(
        of junction: JunctionName,
        against others: [StageName] = [],
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
            let outlook = try RepackagingRule(facts: facts, project: project, now: moment.time)
                .outlook(of: junction, row.spec, state)
            let stages = try facts.consumers(of: .junction(junction), in: project)
                .filter { $0.kind == .stage }.map { StageName(unchecked: $0.name) }
            return BundlePreview(
                junction: junction,
                freight: id,
                isNew: try facts.freight(id, in: project) == nil,
                isCurrent: state.bundle == id,
                collection: collection,
                missing: row.spec.requestedFreight
                    .filter { !$0.optional && state[origin: $0.origin] == nil }.map(\.origin),
                obstacles: outlook.obstacles,
                wakeAt: outlook.wakeAt,
                verifiedTogether: try facts.stages(
                    verifyingTogether: leaves,
                    for: row.spec,
                    in: project
                ),
                consumers: try facts.changes(
                    putting: collection.bundle(id, of: junction),
                    into: Set(stages + others).sorted(),
                    of: project
                )
            )
        }.orNotFound(
            "there is no junction \(junction) in project \(project); see waybill get junctions"
        )
    }
}

extension StoreFacts {
    /// What promoting `bundle` would change in each of these stages.
    fileprivate func changes(
        putting bundle: Freight,
        into stages: [StageName],
        of project: ProjectName
    ) throws(FactsFailure) -> [ConsumerChanges] {
        var consumers: [ConsumerChanges] = []
        for stage in stages {
            guard let spec = try self.stage(stage, in: project)?.spec else { continue }
            let state = try stageState(stage, in: project)
            consumers.append(
                ConsumerChanges(
                    stage: stage,
                    changes: state.changes(putting: bundle, into: spec),
                    regression: try regression(of: bundle, in: state, of: project)
                )
            )
        }
        return consumers
    }
}

extension Optional {
    /// The value, or the failure that there is none.
    func orNotFound(_ sentence: @autoclosure () -> String) throws(LedgerError) -> Wrapped {
        guard let self else { throw .notFound(sentence()) }
        return self
    }
}
