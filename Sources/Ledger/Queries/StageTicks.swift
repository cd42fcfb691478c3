package import EventLog
package import PromotionModel

/// A change of a stage on the time axis.
package struct StageTick: Hashable, Sendable {
    package let position: Position
    package let promotion: PromotionName
    package let kind: PromotionKind
    /// Whether it became what runs; it failed or was aborted otherwise.
    package let hasSucceeded: Bool
    /// Whether it put in freight that somebody made by hand.
    package let isHotfix: Bool
    /// The one piece of freight that it brought; nil for several.
    package let freight: FreightID?
}

extension View {
    /// What became of a stage behind `from` and up to the moment, newest first: what it ran, and
    /// what did not succeed, with the events that ended it.
    ///
    /// Looks at `limit` promotions of each sort at most.
    package func ticks(
        of stage: StageName,
        in project: ProjectName,
        from: Position,
        limit: Int
    ) throws(LedgerError) -> [StageTick] {
        var ticks = try ask { facts throws(FactsFailure) -> [StageTick] in
            var ticks: [StageTick] = []
            let ran = try facts.collections(
                of: stage,
                in: project,
                before: Position(rawValue: .max),
                limit: limit
            )
            for entry in ran.prefix(while: { $0.position > from }) {
                guard let core = try facts.promotion(entry.promotion, in: project) else { continue }
                ticks.append(try facts.tick(core, at: entry.position, hasSucceeded: true, project))
            }
            return ticks
        }
        var filter = AuditFilter()
        filter.narrow(to: .stage(stage), in: project)
        filter.types = [.promotionFailed, .promotionErrored]
        filter.from = from.next
        for event in try events(filter, limit: min(limit, 100)).items {
            let name = PromotionName(unchecked: Subject(unchecked: event.header.subject).name)
            let tick = try ask { facts throws(FactsFailure) -> StageTick? in
                guard let core = try facts.promotion(name, in: project) else { return nil }
                return try facts.tick(
                    core,
                    at: event.header.position,
                    hasSucceeded: false,
                    project
                )
            }
            if let tick { ticks.append(tick) }
        }
        return ticks.sorted { $0.position > $1.position }
    }

    /// Where a stage began to run something else, behind `from` and up to the moment: positions
    /// only, newest first.
    package func changePositions(
        of stage: StageName,
        in project: ProjectName,
        from: Position,
        limit: Int
    ) throws(LedgerError) -> [Position] {
        try ask { facts throws(FactsFailure) in
            try facts.collections(
                of: stage,
                in: project,
                before: Position(rawValue: .max),
                limit: limit
            ).map(\.position).filter { $0 > from }
        }
    }

    /// The change of a stage after a position; nil if there is none up to the moment.
    package func nextChange(
        of stage: StageName,
        in project: ProjectName,
        after position: Position
    ) throws(LedgerError) -> Position? {
        try ask { facts throws(FactsFailure) in
            let key = RowKey(project.rawValue, stage.rawValue)
            return try facts.firstEntry(.collectionsByStage, key, after: position)?.position
        }
    }

    /// The change of a stage before a position; nil if there is none.
    package func previousChange(
        of stage: StageName,
        in project: ProjectName,
        before position: Position
    ) throws(LedgerError) -> Position? {
        try ask { facts throws(FactsFailure) in
            try facts.collections(of: stage, in: project, before: position, limit: 1).first?
                .position
        }
    }
}

extension StoreFacts {
    fileprivate func tick(
        _ core: Promotion,
        at position: Position,
        hasSucceeded: Bool,
        _ project: ProjectName
    ) throws(FactsFailure) -> StageTick {
        var isHotfix = false
        if core.kind == .manual, core.freight.count <= 3 {
            for id in core.freight {
                let making = try freight(id, in: project)?.making
                if making == .derived || making == .assembled { isHotfix = true }
            }
        }
        return StageTick(
            position: position,
            promotion: core.name,
            kind: core.kind,
            hasSucceeded: hasSucceeded,
            isHotfix: isHotfix,
            freight: core.freight.count == 1 ? core.freight.first : nil
        )
    }
}
