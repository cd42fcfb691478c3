package import EventLog

/// Facts in dictionaries: for tests, simulation and replay without a store.
///
/// Keeps only what is so at `position`; written for clarity, not for speed.
package struct DictionaryFacts: Facts, Sendable {
    package private(set) var position = Position.origin
    private var projectRows: [ProjectName: Configured<ProjectSpec>] = [:]
    private var warehouseRows: [Key<WarehouseName>: Configured<WarehouseSpec>] = [:]
    private var warehouseStates: [Key<WarehouseName>: WarehouseState] = [:]
    private var stageRows: [Key<StageName>: Configured<StageSpec>] = [:]
    private var stageStates: [Key<StageName>: StageState] = [:]
    private var junctionRows: [Key<JunctionName>: Configured<JunctionSpec>] = [:]
    private var junctionStates: [Key<JunctionName>: JunctionState] = [:]
    private var freightRows: [Key<FreightID>: Freight] = [:]
    private var freightStatuses: [Key<FreightID>: FreightStatus] = [:]
    private var aliases: [Key<String>: FreightID] = [:]
    private var byOrigin: [Key<Origin>: [FreightEntry]] = [:]
    private var promotionRows: [Key<PromotionName>: Promotion] = [:]
    private var promotionStates: [Key<PromotionName>: PromotionState] = [:]
    private var steps: [Key<PromotionName>: [UInt64: StepRecord]] = [:]
    private var promotionsByStage: [Key<StageName>: [PromotionEntry]] = [:]
    private var collectionsByStage: [Key<StageName>: [CollectionEntry]] = [:]

    private struct Key<Name: Hashable & Sendable>: Hashable, Sendable {
        let project: ProjectName
        let name: Name
    }

    /// Facts of an empty ledger.
    package init() {}

    /// Takes in what the event at `position` changes.
    package mutating func apply(_ changes: [RowChange], at position: Position) {
        self.position = position
        for change in changes { apply(change) }
    }

    private mutating func apply(_ change: RowChange) {
        switch change {
        case .project(let project, let row):
            projectRows[project] = row
        case .warehouse(let project, let name, let row):
            warehouseRows[Key(project: project, name: name)] = row
        case .warehouseState(let project, let name, let state):
            warehouseStates[Key(project: project, name: name)] = state
        case .stage(let project, let name, let row):
            stageRows[Key(project: project, name: name)] = row
        case .stageState(let project, let name, let state):
            stageStates[Key(project: project, name: name)] = state
        case .junction(let project, let name, let row):
            junctionRows[Key(project: project, name: name)] = row
        case .junctionState(let project, let name, let state):
            junctionStates[Key(project: project, name: name)] = state
        case .freight(let project, let freight):
            freightRows[Key(project: project, name: freight.id)] = freight
        case .freightStatus(let project, let id, let status):
            freightStatuses[Key(project: project, name: id)] = status
        case .freightAlias(let project, let alias, let id):
            aliases[Key(project: project, name: alias)] = id
        case .freightOfOrigin(let project, let origin, let id):
            byOrigin[Key(project: project, name: origin), default: []]
                .append(FreightEntry(position: position, freight: id))
        case .promotion(let project, let promotion):
            promotionRows[Key(project: project, name: promotion.name)] = promotion
        case .promotionState(let project, let name, let state):
            promotionStates[Key(project: project, name: name)] = state
        case .step(let project, let promotion, let index, let record):
            steps[Key(project: project, name: promotion), default: [:]][index] = record
        case .promotionOfStage(let project, let stage, let promotion):
            promotionsByStage[Key(project: project, name: stage), default: []]
                .append(PromotionEntry(position: position, promotion: promotion))
        case .collectionOfStage(let project, let stage, let promotion):
            collectionsByStage[Key(project: project, name: stage), default: []]
                .append(CollectionEntry(position: position, promotion: promotion))
        }
    }

    package func projects() -> [ProjectName] { projectRows.keys.sorted() }

    package func project(_ name: ProjectName) -> Configured<ProjectSpec>? { projectRows[name] }

    package func warehouses(in project: ProjectName) -> [WarehouseName] {
        names(warehouseRows.keys, in: project)
    }

    package func warehouse(
        _ name: WarehouseName,
        in project: ProjectName
    ) -> Configured<WarehouseSpec>? {
        warehouseRows[Key(project: project, name: name)]
    }

    package func warehouseState(
        _ name: WarehouseName,
        in project: ProjectName
    ) -> WarehouseState {
        warehouseStates[Key(project: project, name: name)] ?? WarehouseState()
    }

    package func stages(in project: ProjectName) -> [StageName] {
        names(stageRows.keys, in: project)
    }

    package func stage(_ name: StageName, in project: ProjectName) -> Configured<StageSpec>? {
        stageRows[Key(project: project, name: name)]
    }

    package func stageState(_ name: StageName, in project: ProjectName) -> StageState {
        stageStates[Key(project: project, name: name)] ?? StageState()
    }

    package func junctions(in project: ProjectName) -> [JunctionName] {
        names(junctionRows.keys, in: project)
    }

    package func junction(
        _ name: JunctionName,
        in project: ProjectName
    ) -> Configured<JunctionSpec>? {
        junctionRows[Key(project: project, name: name)]
    }

    package func junctionState(_ name: JunctionName, in project: ProjectName) -> JunctionState {
        junctionStates[Key(project: project, name: name)] ?? JunctionState()
    }

    package func freight(_ id: FreightID, in project: ProjectName) -> Freight? {
        freightRows[Key(project: project, name: id)]
    }

    package func freightStatus(_ id: FreightID, in project: ProjectName) -> FreightStatus {
        freightStatuses[Key(project: project, name: id)] ?? FreightStatus()
    }

    package func freight(withAlias alias: String, in project: ProjectName) -> FreightID? {
        aliases[Key(project: project, name: alias)]
    }

    package func freight(
        withPrefix prefix: String,
        in project: ProjectName,
        limit: Int
    ) -> [FreightID] {
        let matches = freightRows.values.filter { freight in
            freightRows[Key(project: project, name: freight.id)] == freight
                && (freight.id.rawValue.hasPrefix(prefix) || freight.kargoName.hasPrefix(prefix))
        }
        return Array(Set(matches.map(\.id)).sorted().prefix(limit))
    }

    package func freight(
        of origin: Origin,
        in project: ProjectName,
        before: Position,
        limit: Int
    ) -> [FreightEntry] {
        let entries = byOrigin[Key(project: project, name: origin)] ?? []
        return Array(entries.reversed().filter { $0.position < before }.prefix(limit))
    }

    package func promotion(_ name: PromotionName, in project: ProjectName) -> Promotion? {
        promotionRows[Key(project: project, name: name)]
    }

    package func promotionState(
        _ name: PromotionName,
        in project: ProjectName
    ) -> PromotionState {
        promotionStates[Key(project: project, name: name)] ?? PromotionState()
    }

    package func step(
        _ index: UInt64,
        of promotion: PromotionName,
        in project: ProjectName
    ) -> StepRecord? {
        steps[Key(project: project, name: promotion)]?[index]
    }

    package func promotions(
        of stage: StageName,
        in project: ProjectName,
        before: Position,
        limit: Int
    ) -> [PromotionEntry] {
        let entries = promotionsByStage[Key(project: project, name: stage)] ?? []
        return Array(entries.reversed().filter { $0.position < before }.prefix(limit))
    }

    package func collections(
        of stage: StageName,
        in project: ProjectName,
        before: Position,
        limit: Int
    ) -> [CollectionEntry] {
        let entries = collectionsByStage[Key(project: project, name: stage)] ?? []
        return Array(entries.reversed().filter { $0.position < before }.prefix(limit))
    }

    private func names<Name>(
        _ keys: some Sequence<Key<Name>>,
        in project: ProjectName
    ) -> [Name] where Name: Comparable {
        keys.lazy.filter { $0.project == project }.map(\.name).sorted()
    }
}
