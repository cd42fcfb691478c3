package import EventLog
package import PromotionModel

/// Who put a component into a stage, and with what.
package struct BlameLine: Sendable {
    /// The warehouse.
    package let origin: Origin
    /// What runs of it; nil where nothing does that anybody is sure of.
    package let component: Component?
    /// The leaf that runs.
    package let freight: Freight?
    /// The promotion that put it in, as it was asked for; of a component that does not run, the
    /// one that did not succeed.
    package let promotion: Promotion?
    /// The event with which it succeeded.
    package let position: Position?
    package let at: Timestamp?
    /// The component is uncertain since a promotion that did not succeed.
    package let uncertain: PromotionName?
}

extension View {
    /// For each component of what a stage runs, the promotion that put it there; and what is
    /// uncertain besides.
    package func blame(
        _ stage: StageName,
        in project: ProjectName
    ) throws(LedgerError) -> [BlameLine] {
        let found = try ask { facts throws(FactsFailure) -> StageState? in
            guard try facts.stage(stage, in: project) != nil else { return nil }
            return try facts.stageState(stage, in: project)
        }
        let state = try found.orNotFound(
            "there is no stage \(stage) in project \(project); see waybill get stages"
        )
        var successes: [PromotionName: Position] = [:]
        var lines: [BlameLine] = []
        for component in state.current?.components ?? [] {
            let uncertain = state.uncertain.first { $0.origin == component.origin }
            let line = try ask { facts throws(FactsFailure) in
                try facts.blame(component, uncertain?.promotion, in: project, &successes)
            }
            let at = try line.position.map { position throws(LedgerError) in
                try recordedTime(position)
            }
            lines.append(line.at(at))
        }
        for component in state.uncertain where state.current?[origin: component.origin] == nil {
            let promotion = try ask { facts throws(FactsFailure) in
                try facts.promotion(component.promotion, in: project)
            }
            lines.append(BlameLine(uncertain: component, promotion))
        }
        return lines.sorted { $0.origin < $1.origin }
    }
}

extension StoreFacts {
    /// The line of one component; `successes` keeps what was looked up for others.
    fileprivate func blame(
        _ component: Component,
        _ uncertain: PromotionName?,
        in project: ProjectName,
        _ successes: inout [PromotionName: Position]
    ) throws(FactsFailure) -> BlameLine {
        guard let freight = try freight(component.freight, in: project) else {
            throw .inconsistent("component \(component.freight) is not there")
        }
        let promotion = try promotion(component.promotion, in: project)
        if let promotion, successes[promotion.name] == nil {
            successes[promotion.name] = try success(of: promotion, in: project)
        }
        return BlameLine(
            origin: component.origin,
            component: component,
            freight: freight,
            promotion: promotion,
            position: successes[component.promotion],
            at: nil,
            uncertain: uncertain
        )
    }
}

extension BlameLine {
    /// A component that an unsuccessful promotion may have brought.
    fileprivate init(uncertain component: UncertainComponent, _ promotion: Promotion?) {
        self.init(
            origin: component.origin,
            component: nil,
            freight: nil,
            promotion: promotion,
            position: nil,
            at: nil,
            uncertain: component.promotion
        )
    }

    /// The same line with the time of its success.
    fileprivate func at(_ time: Timestamp?) -> BlameLine {
        BlameLine(
            origin: origin,
            component: component,
            freight: freight,
            promotion: promotion,
            position: position,
            at: time,
            uncertain: uncertain
        )
    }
}
