package import EventLog
package import PromotionModel

extension View {
    /// Freight of an origin, or of all origins, newest first.
    ///
    /// A bundle stands where it was made, however often it was repackaged again.
    package func freight(
        of origin: Origin? = nil,
        in project: ProjectName,
        before: Position = Position(rawValue: .max),
        limit: Int
    ) throws(LedgerError) -> Page<FreightID> {
        try ask { facts throws(FactsFailure) in
            var items: [FreightEntry] = []
            var end = before
            while items.count <= limit {
                let count = limit + 1 - items.count
                let entries =
                    if let origin {
                        try facts.freight(of: origin, in: project, before: end, limit: count)
                    } else {
                        try facts.freight(in: project, before: end, limit: count)
                    }
                for entry in entries {
                    guard let freight = try facts.freight(entry.freight, in: project) else {
                        throw .inconsistent("freight \(entry.freight) is listed but not there")
                    }
                    if freight.created == entry.position { items.append(entry) }
                }
                guard entries.count == count, let last = entries.last else { break }
                end = last.position
            }
            let shown = items.prefix(limit)
            return Page(
                items: shown.map(\.freight),
                next: items.count > limit ? shown.last?.position : nil
            )
        }
    }

    /// Freight that a stage runs, leaves and bundles, newest first.
    package func freight(
        runningIn stage: StageName,
        in project: ProjectName,
        before: Position = Position(rawValue: .max),
        limit: Int
    ) throws(LedgerError) -> Page<FreightID> {
        try ask { facts throws(FactsFailure) in
            let components = try facts.stageState(stage, in: project).current?.components ?? []
            var entries: [FreightEntry] = []
            for id in Set(components.flatMap { [$0.freight, $0.carrier] }) {
                guard let freight = try facts.freight(id, in: project) else {
                    throw .inconsistent("freight \(id) runs in \(stage) but is not there")
                }
                entries.append(FreightEntry(position: freight.created, freight: id))
            }
            let left = entries.filter { $0.position < before }
                .sorted { $0.position > $1.position }
            return Page(
                items: left.prefix(limit).map(\.freight),
                next: left.count > limit ? left[limit - 1].position : nil
            )
        }
    }

    /// Freight that is available to a stage or junction, newest first, from before `before`.
    ///
    /// One look goes through a bounded number of pieces.
    package func freight(
        availableTo consumer: Consumer,
        in project: ProjectName,
        before: Position = Position(rawValue: .max),
        limit: Int
    ) throws(LedgerError) -> Page<FreightID> {
        try ask { facts throws(FactsFailure) in
            let rule = AvailableFreightRule(facts: facts, project: project, now: moment.time)
            let look = try rule.look(
                for: consumer,
                before: before,
                limit: limit,
                lookCountMax: LookLimits.freightCountMax
            )
            return Page(items: look.freight, next: look.next)
        }
    }
}
