package import EventLog
package import PromotionModel

extension View {
    /// Freight of an origin, newest first, each once.
    package func freight(
        of origin: Origin,
        in project: ProjectName,
        before: Position,
        limit: Int
    ) throws(LedgerError) -> Page<FreightID> {
        let entries = try ask { facts throws(FactsFailure) in
            try facts.freight(of: origin, in: project, before: before, limit: limit + 1)
        }
        return Self.page(entries, limit: limit)
    }

    /// Freight of all origins, newest first, each once.
    package func freight(
        in project: ProjectName,
        before: Position,
        limit: Int
    ) throws(LedgerError) -> Page<FreightID> {
        let entries = try ask { facts throws(FactsFailure) in
            let warehouses = try facts.warehouses(in: project).map { Origin.warehouse($0) }
            let junctions = try facts.junctions(in: project).map { Origin.junction($0) }
            var entries: [FreightEntry] = []
            for origin in warehouses + junctions {
                entries += try facts.freight(
                    of: origin,
                    in: project,
                    before: before,
                    limit: limit + 1
                )
            }
            return entries.sorted { $0.position > $1.position }
        }
        return Self.page(entries, limit: limit)
    }

    private static func page(_ entries: [FreightEntry], limit: Int) -> Page<FreightID> {
        var seen: Set<FreightID> = []
        let shown = entries.prefix(limit)
        return Page(
            items: shown.map(\.freight).filter { seen.insert($0).inserted },
            next: entries.count > limit ? shown.last?.position : nil
        )
    }

    /// Promotions of some stages, or of all, newest first.
    package func promotions(
        of stages: [StageName]?,
        in project: ProjectName,
        before: Position,
        limit: Int
    ) throws(LedgerError) -> Page<PromotionName> {
        let entries = try ask { facts throws(FactsFailure) in
            var entries: [PromotionEntry] = []
            let known = try facts.stages(in: project)
            for stage in stages ?? known {
                entries += try facts.promotions(
                    of: stage,
                    in: project,
                    before: before,
                    limit: limit + 1
                )
            }
            return entries.sorted { $0.position > $1.position }
        }
        return Page(
            items: entries.prefix(limit).map(\.promotion),
            next: entries.count > limit ? entries[limit - 1].position : nil
        )
    }
}
