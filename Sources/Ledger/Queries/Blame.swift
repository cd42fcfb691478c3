package import EventLog
package import PromotionModel

/// Who put a component into a stage, and with what.
package struct BlameLine: Sendable {
    package let component: Component
    package let freight: Freight
    /// The promotion that put it in, as it was asked for.
    package let promotion: Promotion?
    /// When that promotion succeeded.
    package let at: Timestamp?
    /// The component is uncertain since a promotion that did not succeed.
    package let uncertain: PromotionName?
}

extension View {
    /// For each component of what a stage runs, the promotion that put it there.
    package func blame(
        _ stage: StageName,
        in project: ProjectName
    ) throws(LedgerError) -> [BlameLine] {
        let lines = try ask { facts throws(FactsFailure) -> [BlameLine]? in
            guard try facts.stage(stage, in: project) != nil else { return nil }
            let state = try facts.stageState(stage, in: project)
            var lines: [BlameLine] = []
            for component in state.current?.components ?? [] {
                guard let freight = try facts.freight(component.freight, in: project) else {
                    throw .inconsistent("component \(component.freight) is not there")
                }
                let promotion = try facts.promotion(component.promotion, in: project)
                let ended = try facts.promotionState(component.promotion, in: project)
                lines.append(
                    BlameLine(
                        component: component,
                        freight: freight,
                        promotion: promotion,
                        at: ended.finishedAt,
                        uncertain: state.uncertain.first { $0.origin == component.origin }?
                            .promotion
                    )
                )
            }
            return lines
        }
        return try lines.orNotFound(
            "there is no stage \(stage) in project \(project); see waybill get stages"
        )
    }
}
