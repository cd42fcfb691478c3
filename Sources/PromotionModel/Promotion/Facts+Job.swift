import EventLog

extension Facts {
    /// Everything that a runner needs to perform a promotion; nil if it is unknown.
    ///
    /// `anchor` is the log as it was after the event that `start(of:in:)` names.
    package func job(
        for name: PromotionName,
        in project: ProjectName,
        anchor: LogAnchor
    ) throws(FactsFailure) -> PromotionJob? {
        guard let promotion = try promotion(name, in: project) else { return nil }
        let state = try promotionState(name, in: project)
        var steps: [StepRecord?] = []
        for index in state.plan.indices {
            steps.append(try step(UInt64(index), of: name, in: project))
        }
        var components: [JobComponent] = []
        for change in state.changes {
            components.append(
                JobComponent(
                    change: change,
                    from: try change.from.flatMap { id throws(FactsFailure) in
                        try jobFreight(id, in: project)
                    },
                    to: try change.to.flatMap { id throws(FactsFailure) in
                        try jobFreight(id, in: project)
                    }
                )
            )
        }
        var freight: [JobFreight] = []
        for (id, _) in (state.collection ?? FreightCollection()).freightWithCarriers {
            if let found = try jobFreight(id, in: project) { freight.append(found) }
        }
        return PromotionJob(
            project: project,
            promotion: promotion,
            state: state,
            steps: steps,
            components: components,
            freight: freight.sorted { $0.freight.id < $1.freight.id },
            firstStepStartedAt: steps.first.flatMap { $0?.startedAt },
            anchor: anchor,
            gitClient: try asOf(promotion.requested).cluster()?.spec.gitClient
        )
    }

    /// Freight with its alias and all its artifacts, those of a bundle's leaves included.
    package func jobFreight(
        _ id: FreightID,
        in project: ProjectName
    ) throws(FactsFailure) -> JobFreight? {
        guard let freight = try freight(id, in: project) else { return nil }
        return JobFreight(
            freight: freight,
            alias: try freightStatus(id, in: project).alias,
            artifacts: try artifacts(of: freight, in: project)
        )
    }

    /// The artifacts of freight: its own, or those of a bundle's leaves in order of origin.
    package func artifacts(
        of freight: Freight,
        in project: ProjectName
    ) throws(FactsFailure) -> [Artifact] {
        guard freight.isBundle else { return freight.artifacts }
        var artifacts: [Artifact] = []
        for leaf in freight.leaves {
            guard let constituent = try self.freight(leaf.freight, in: project) else {
                throw .inconsistent(
                    "bundle \(freight.id) holds \(leaf.freight), which is not there"
                )
            }
            artifacts += constituent.artifacts
        }
        return artifacts
    }
}
