package import EventLog
import LMDB
package import PromotionModel
import Wire

/// Facts from the tables of a ledger, as of a position.
///
/// Serves the writer, inside its transaction, and every view: what is so at a position is the
/// last row at or before it, one seek. Valid while its transaction lives.
package struct StoreFacts: Facts {
    package let position: Position
    let reader: TableReader
    let tables: LedgerTables
    /// Rows that were decoded before; nil where nothing is committed yet.
    let cache: RowCache?
    /// The last committed event: rows up to here may be kept.
    let committed: Position

    init(
        reader: TableReader,
        tables: LedgerTables,
        position: Position,
        cache: RowCache? = nil,
        committed: Position = .origin
    ) {
        self.reader = reader
        self.tables = tables
        self.position = position
        self.cache = cache
        self.committed = committed
    }

    package func asOf(_ position: Position) -> StoreFacts {
        at(min(position, self.position))
    }

    /// The same facts with the events up to `position`, which the same transaction has written.
    func at(_ position: Position) -> StoreFacts {
        StoreFacts(
            reader: reader,
            tables: tables,
            position: position,
            cache: cache,
            committed: committed
        )
    }

    // MARK: - Configuration

    package func projects() throws(FactsFailure) -> [ProjectName] {
        try names(.projects, prefix: RowKey()).map { ProjectName(unchecked: $0) }
    }

    package func project(
        _ name: ProjectName
    ) throws(FactsFailure) -> Configured<ProjectSpec>? {
        try latest(.projects, RowKey(name.rawValue), cache?.projects)
    }

    package func projectState(_ name: ProjectName) throws(FactsFailure) -> ProjectState {
        try latest(.projectState, RowKey(name.rawValue)) ?? ProjectState()
    }

    package func consumers(
        of provider: Subject,
        in project: ProjectName
    ) throws(FactsFailure) -> [Subject] {
        let list: ConsumerList? = try latest(
            .consumers,
            RowKey(project.rawValue, provider.rawValue)
        )
        return list?.consumers ?? []
    }

    package func bookmark(
        _ name: String,
        in project: ProjectName
    ) throws(FactsFailure) -> Position? {
        guard name.utf8.count <= 253, !name.utf8.contains(0) else { return nil }
        return try reference(.bookmarks, RowKey(project.rawValue, name))
            .flatMap { UInt64($0) }.map { Position(rawValue: $0) }
    }

    package func bookmarks(in project: ProjectName) throws(FactsFailure) -> [String] {
        try names(.bookmarks, prefix: RowKey(project.rawValue))
    }

    package func warehouses(in project: ProjectName) throws(FactsFailure) -> [WarehouseName] {
        try names(.warehouses, in: project, cache?.warehouses)
            .map { WarehouseName(unchecked: $0) }
    }

    package func warehouse(
        _ name: WarehouseName,
        in project: ProjectName
    ) throws(FactsFailure) -> Configured<WarehouseSpec>? {
        try present(.warehouses, RowKey(project.rawValue, name.rawValue), cache?.warehouses)
    }

    package func warehouseState(
        _ name: WarehouseName,
        in project: ProjectName
    ) throws(FactsFailure) -> WarehouseState {
        try latest(.warehouseState, RowKey(project.rawValue, name.rawValue)) ?? WarehouseState()
    }

    package func stages(in project: ProjectName) throws(FactsFailure) -> [StageName] {
        try names(.stages, in: project, cache?.stages).map { StageName(unchecked: $0) }
    }

    package func stage(
        _ name: StageName,
        in project: ProjectName
    ) throws(FactsFailure) -> Configured<StageSpec>? {
        try present(.stages, RowKey(project.rawValue, name.rawValue), cache?.stages)
    }

    package func stageState(
        _ name: StageName,
        in project: ProjectName
    ) throws(FactsFailure) -> StageState {
        let key = RowKey(project.rawValue, name.rawValue)
        return try latest(.stageState, key, cache?.stageStates) ?? StageState()
    }

    package func junctions(in project: ProjectName) throws(FactsFailure) -> [JunctionName] {
        try names(.junctions, in: project, cache?.junctions)
            .map { JunctionName(unchecked: $0) }
    }

    package func junction(
        _ name: JunctionName,
        in project: ProjectName
    ) throws(FactsFailure) -> Configured<JunctionSpec>? {
        try present(.junctions, RowKey(project.rawValue, name.rawValue), cache?.junctions)
    }

    package func junctionState(
        _ name: JunctionName,
        in project: ProjectName
    ) throws(FactsFailure) -> JunctionState {
        try latest(.junctionState, RowKey(project.rawValue, name.rawValue)) ?? JunctionState()
    }

    package func tasks(in project: ProjectName) throws(FactsFailure) -> [TaskName] {
        try names(.tasks, in: project, cache?.tasks).map { TaskName(unchecked: $0) }
    }

    package func task(
        _ name: TaskName,
        in project: ProjectName
    ) throws(FactsFailure) -> Configured<TaskSpec>? {
        try present(.tasks, RowKey(project.rawValue, name.rawValue), cache?.tasks)
    }

    package func cluster() throws(FactsFailure) -> Configured<ClusterSpec>? {
        try latest(.cluster, RowKey(ProjectName.cluster.rawValue))
    }

    // MARK: - Freight and promotions

    package func freight(
        _ id: FreightID,
        in project: ProjectName
    ) throws(FactsFailure) -> Freight? {
        let key = RowKey(project.rawValue, id.rawValue)
        let freight = try lasting(.freight, key, cache?.freight) { $0.created }
        guard let freight, freight.created <= position else { return nil }
        return freight
    }

    package func freightStatus(
        _ id: FreightID,
        in project: ProjectName
    ) throws(FactsFailure) -> FreightStatus {
        let key = RowKey(project.rawValue, id.rawValue)
        return try latest(.freightStatus, key, cache?.freightStatuses) ?? FreightStatus()
    }

    package func freight(
        withAlias alias: String,
        in project: ProjectName
    ) throws(FactsFailure) -> FreightID? {
        guard alias.utf8.count <= 253, !alias.utf8.contains(0) else { return nil }
        // The index has who was called so last; who is called otherwise now has it no longer.
        guard let text = try reference(.freightAliases, RowKey(project.rawValue, alias)) else {
            return nil
        }
        let id = FreightID(unchecked: text)
        return try freightStatus(id, in: project).alias == alias ? id : nil
    }

    package func freight(
        withPrefix prefix: String,
        in project: ProjectName,
        limit: Int
    ) throws(FactsFailure) -> [FreightID] {
        let projectByteCount = project.rawValue.utf8.count + 1
        let start = RowKey(project.rawValue).bytes + Array(prefix.utf8)
        var candidates: Set<FreightID> = []
        for (table, skipped) in [(LedgerTable.freight, 0), (.freightNames, 41)] {
            try query { () throws(LMDBError) in
                try reader.forEach(prefix: start, in: tables[table]) { key, _ in
                    let id = key.text(from: projectByteCount + skipped)
                    candidates.insert(FreightID(unchecked: id))
                    return candidates.count <= 2 * limit
                }
            }
        }
        var found: [FreightID] = []
        for id in candidates.sorted() {
            if try freight(id, in: project) != nil { found.append(id) }
            if found.count == limit { break }
        }
        return found
    }

    package func freight(
        of origin: Origin,
        in project: ProjectName,
        before: Position,
        limit: Int
    ) throws(FactsFailure) -> [FreightEntry] {
        let key = RowKey(project.rawValue, origin.rawValue)
        return try entries(.freightByOrigin, key, before: before, limit: limit).map {
            FreightEntry(position: $0.position, freight: FreightID(unchecked: $0.value))
        }
    }

    package func promotion(
        _ name: PromotionName,
        in project: ProjectName
    ) throws(FactsFailure) -> Promotion? {
        let key = RowKey(project.rawValue, name.rawValue)
        let promotion = try lasting(.promotions, key, cache?.promotions) { $0.requested }
        guard let promotion, promotion.requested <= position else { return nil }
        return promotion
    }

    package func promotionState(
        _ name: PromotionName,
        in project: ProjectName
    ) throws(FactsFailure) -> PromotionState {
        try latest(.promotionState, RowKey(project.rawValue, name.rawValue)) ?? PromotionState()
    }

    package func step(
        _ index: UInt64,
        of promotion: PromotionName,
        in project: ProjectName
    ) throws(FactsFailure) -> StepRecord? {
        try latest(.steps, RowKey.step(index, of: promotion, in: project))
    }

    package func promotions(
        of stage: StageName,
        in project: ProjectName,
        before: Position,
        limit: Int
    ) throws(FactsFailure) -> [PromotionEntry] {
        let key = RowKey(project.rawValue, stage.rawValue)
        return try entries(.promotionsByStage, key, before: before, limit: limit).map {
            PromotionEntry(position: $0.position, promotion: PromotionName(unchecked: $0.value))
        }
    }

    package func collections(
        of stage: StageName,
        in project: ProjectName,
        before: Position,
        limit: Int
    ) throws(FactsFailure) -> [CollectionEntry] {
        let key = RowKey(project.rawValue, stage.rawValue)
        return try entries(.collectionsByStage, key, before: before, limit: limit).map {
            CollectionEntry(position: $0.position, promotion: PromotionName(unchecked: $0.value))
        }
    }

    package func collections(
        withPrefix prefix: String,
        in project: ProjectName,
        limit: Int
    ) throws(FactsFailure) -> [CollectionMatch] {
        guard !prefix.utf8.contains(0) else { return [] }
        let start = RowKey(project.rawValue).bytes
        var next = start + Array(prefix.utf8)
        let prefixCount = next.count
        var matches: [CollectionMatch] = []
        // From one combination and stage to the next, however often it ran there.
        while matches.count < limit {
            let found = try query { () throws(LMDBError) in
                try reader.first(
                    atOrAfter: next,
                    prefixCount: prefixCount,
                    in: tables[.promotionsByCollection]
                )
            }
            guard let found else { break }
            let id = found.key.span.text(from: start.count)
            let stage = found.key.span.text(from: start.count + id.utf8.count + 1)
            let key = RowKey(project.rawValue, id, stage)
            if let promotion = try reference(.promotionsByCollection, key) {
                matches.append(
                    CollectionMatch(
                        collection: CollectionID(unchecked: id),
                        stage: StageName(unchecked: stage),
                        promotion: PromotionName(unchecked: promotion)
                    )
                )
            }
            next = key.bytes.dropLast() + [1]
        }
        return matches
    }

    /// The positions of the events about a subject before `before`, newest first.
    package func events(
        about subject: Subject,
        in project: ProjectName,
        before: Position,
        limit: Int
    ) throws(FactsFailure) -> [Position] {
        let key = RowKey(project.rawValue, subject.rawValue)
        return try entries(.eventsBySubject, key, before: before, limit: limit).map(\.position)
    }
}
