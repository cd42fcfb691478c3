package import EventLog

/// Facts in dictionaries: for tests, simulation and replay without a store.
///
/// Written for clarity, not for speed: what was so earlier is made anew from all changes.
package struct DictionaryFacts: Facts, Sendable {
    package private(set) var position = Position.origin
    /// Every change that was taken in, in order, if the past is remembered.
    private let remembersPast: Bool
    private var history: [(position: Position, changes: [RowChange])] = []
    private var projectRows: [ProjectName: Configured<ProjectSpec>] = [:]
    private var projectStates: [ProjectName: ProjectState] = [:]
    private var consumerLists: [Key<Subject>: ConsumerList] = [:]
    private var bookmarkRows: [Key<String>: Position] = [:]
    var access = DictionaryAccess()
    private var warehouseRows: [Key<WarehouseName>: Configured<WarehouseSpec>] = [:]
    private var warehouseStates: [Key<WarehouseName>: WarehouseState] = [:]
    private var stageRows: [Key<StageName>: Configured<StageSpec>] = [:]
    private var stageStates: [Key<StageName>: StageState] = [:]
    private var junctionRows: [Key<JunctionName>: Configured<JunctionSpec>] = [:]
    private var junctionStates: [Key<JunctionName>: JunctionState] = [:]
    private var taskRows: [Key<TaskName>: Configured<TaskSpec>] = [:]
    private var clusterRow: Configured<ClusterSpec>?
    private var freightRows: [Key<FreightID>: Freight] = [:]
    private var freightStatuses: [Key<FreightID>: FreightStatus] = [:]
    private var aliases: [Key<String>: FreightID] = [:]
    private var byOrigin: [Key<Origin>: [FreightEntry]] = [:]
    private var verifications: [Verification] = []
    private var approvals: [Key<FreightID>: Set<Consumer>] = [:]
    private var bundlesOfLeaf: [Key<FreightID>: [FreightEntry]] = [:]
    private var promotionRows: [Key<PromotionName>: Promotion] = [:]
    private var promotionStates: [Key<PromotionName>: PromotionState] = [:]
    private var steps: [Key<PromotionName>: [UInt64: StepRecord]] = [:]
    private var promotionsByStage: [Key<StageName>: [PromotionEntry]] = [:]
    private var collectionsByStage: [Key<StageName>: [CollectionEntry]] = [:]
    private var promotionsByCollection: [Key<CollectionID>: [StageName: PromotionName]] = [:]

    /// That freight was verified in a stage, by the event at `position`.
    private struct Verification: Hashable, Sendable {
        let project: ProjectName
        let stage: StageName
        let freight: FreightID
        let position: Position
    }

    private struct Key<Name: Hashable & Sendable>: Hashable, Sendable {
        let project: ProjectName
        let name: Name
    }

    /// Facts of an empty ledger.
    ///
    /// Without its past, which fills memory, nobody can ask what was so earlier.
    package init(remembersPast: Bool = true) {
        self.remembersPast = remembersPast
    }

    /// Takes in what the event at `position` changes.
    package mutating func apply(_ changes: [RowChange], at position: Position) {
        self.position = position
        if remembersPast { history.append((position, changes)) }
        for change in changes { apply(change) }
    }

    package func asOf(_ position: Position) -> DictionaryFacts {
        precondition(remembersPast, "these facts do not remember the past")
        var past = DictionaryFacts()
        for entry in history where entry.position <= position {
            past.apply(entry.changes, at: entry.position)
        }
        return past
    }

    private mutating func apply(_ change: RowChange) {
        switch change {
        case .project(let project, let row): projectRows[project] = row
        case .projectState(let project, let state): projectStates[project] = state
        case .consumers(let project, let provider, let list):
            consumerLists[Key(project: project, name: provider)] = list
        case .bookmark(let project, let name, let position):
            bookmarkRows[Key(project: project, name: name)] = position
        case .token, .tokenDigest, .roles: access.apply(change)
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
        case .task(let project, let name, let row):
            taskRows[Key(project: project, name: name)] = row
        case .cluster(let row): clusterRow = row
        case .freight(let project, let freight):
            freightRows[Key(project: project, name: freight.id)] = freight
        case .freightStatus(let project, let id, let status):
            freightStatuses[Key(project: project, name: id)] = status
        case .freightAlias(let project, let alias, let id):
            aliases[Key(project: project, name: alias)] = id
        case .freightOfOrigin(let project, let origin, let id):
            byOrigin[Key(project: project, name: origin), default: []]
                .append(FreightEntry(position: position, freight: id))
        case .freightVerified(let project, let stage, _, _, let id):
            verifications.append(
                Verification(project: project, stage: stage, freight: id, position: position)
            )
        case .freightApproved(let project, let consumer, _, _, let id):
            approvals[Key(project: project, name: id), default: []].insert(consumer)
        case .bundleOfLeaf(let project, let leaf, let bundle):
            bundlesOfLeaf[Key(project: project, name: leaf), default: []]
                .append(FreightEntry(position: position, freight: bundle))
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
        case .promotionOfCollection(let project, let collection, let stage, let promotion):
            promotionsByCollection[Key(project: project, name: collection), default: [:]][stage] =
                promotion
        }
    }

    package func projects() -> [ProjectName] { projectRows.keys.sorted() }

    package func project(_ name: ProjectName) -> Configured<ProjectSpec>? { projectRows[name] }

    package func warehouses(in project: ProjectName) -> [WarehouseName] {
        names(warehouseRows, in: project)
    }

    package func warehouse(
        _ name: WarehouseName,
        in project: ProjectName
    ) -> Configured<WarehouseSpec>? {
        present(warehouseRows[Key(project: project, name: name)])
    }

    package func warehouseState(
        _ name: WarehouseName,
        in project: ProjectName
    ) -> WarehouseState {
        warehouseStates[Key(project: project, name: name)] ?? WarehouseState()
    }

    package func stages(in project: ProjectName) -> [StageName] {
        names(stageRows, in: project)
    }

    package func stage(_ name: StageName, in project: ProjectName) -> Configured<StageSpec>? {
        present(stageRows[Key(project: project, name: name)])
    }

    package func stageState(_ name: StageName, in project: ProjectName) -> StageState {
        stageStates[Key(project: project, name: name)] ?? StageState()
    }

    package func junctions(in project: ProjectName) -> [JunctionName] {
        names(junctionRows, in: project)
    }

    package func junction(
        _ name: JunctionName,
        in project: ProjectName
    ) -> Configured<JunctionSpec>? {
        present(junctionRows[Key(project: project, name: name)])
    }

    package func junctionState(_ name: JunctionName, in project: ProjectName) -> JunctionState {
        junctionStates[Key(project: project, name: name)] ?? JunctionState()
    }

    package func tasks(in project: ProjectName) -> [TaskName] { names(taskRows, in: project) }

    package func task(_ name: TaskName, in project: ProjectName) -> Configured<TaskSpec>? {
        present(taskRows[Key(project: project, name: name)])
    }

    package func cluster() -> Configured<ClusterSpec>? { clusterRow }

    package func freight(_ id: FreightID, in project: ProjectName) -> Freight? {
        freightRows[Key(project: project, name: id)]
    }

    package func freightStatus(_ id: FreightID, in project: ProjectName) -> FreightStatus {
        freightStatuses[Key(project: project, name: id)] ?? FreightStatus()
    }

    package func freight(withAlias alias: String, in project: ProjectName) -> FreightID? {
        // The index has who was called so last; who is called otherwise now has it no longer.
        aliases[Key(project: project, name: alias)].flatMap { id in
            freightStatus(id, in: project).alias == alias ? id : nil
        }
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

    private func present<Spec>(_ row: Configured<Spec>?) -> Configured<Spec>? {
        row?.isRemoved == true ? nil : row
    }

    private func names<Name, Spec>(
        _ rows: [Key<Name>: Configured<Spec>],
        in project: ProjectName
    ) -> [Name] where Name: Comparable {
        rows.filter { $0.key.project == project && !$0.value.isRemoved }.map(\.key.name).sorted()
    }
}

// MARK: - Indexes, found by looking through everything

extension DictionaryFacts {
    package func projectState(_ name: ProjectName) -> ProjectState {
        projectStates[name] ?? ProjectState()
    }

    package func consumers(of provider: Subject, in project: ProjectName) -> [Subject] {
        consumerLists[Key(project: project, name: provider)]?.consumers ?? []
    }

    package func bookmark(_ name: String, in project: ProjectName) -> Position? {
        bookmarkRows[Key(project: project, name: name)]
    }

    package func bookmarks(in project: ProjectName) -> [String] {
        bookmarkRows.keys.filter { $0.project == project }.map(\.name).sorted()
    }

    package func freight(
        verifiedIn stage: StageName,
        of origin: Origin,
        in project: ProjectName,
        createdBefore before: Position,
        limit: Int
    ) -> [FreightEntry] {
        let ids = verifications.filter { $0.project == project && $0.stage == stage }
            .map(\.freight)
        return newest(Set(ids), of: origin, in: project, before: before, limit: limit)
    }

    package func freight(
        verifiedIn stage: StageName,
        of origin: Origin,
        in project: ProjectName,
        before: Position,
        limit: Int
    ) -> [FreightEntry] {
        let entries = verifications.filter {
            $0.project == project && $0.stage == stage && $0.position < before
                && freight($0.freight, in: project)?.origin == origin
        }
        let newest = entries.sorted { ($0.position, $0.freight) > ($1.position, $1.freight) }
        return newest.prefix(limit).map {
            FreightEntry(position: $0.position, freight: $0.freight)
        }
    }

    package func freight(
        approvedFor consumer: Consumer,
        of origin: Origin,
        in project: ProjectName,
        createdBefore before: Position,
        limit: Int
    ) -> [FreightEntry] {
        let ids = approvals.filter { $0.key.project == project && $0.value.contains(consumer) }
            .map(\.key.name)
        return newest(Set(ids), of: origin, in: project, before: before, limit: limit)
    }

    package func bundles(
        holding leaf: FreightID,
        in project: ProjectName,
        before: Position,
        limit: Int
    ) -> [FreightEntry] {
        let entries = bundlesOfLeaf[Key(project: project, name: leaf)] ?? []
        return Array(entries.reversed().filter { $0.position < before }.prefix(limit))
    }

    package func collections(
        withPrefix prefix: String,
        in project: ProjectName,
        limit: Int
    ) -> [CollectionMatch] {
        let rows = promotionsByCollection.filter { row in
            row.key.project == project && row.key.name.rawValue.hasPrefix(prefix)
        }
        let matches = rows.flatMap { row in
            row.value.map { stage, promotion in
                CollectionMatch(collection: row.key.name, stage: stage, promotion: promotion)
            }
        }
        let sorted = matches.sorted { ($0.collection, $0.stage) < ($1.collection, $1.stage) }
        return Array(sorted.prefix(limit))
    }

    package func freight(
        withArtifact key: String,
        in project: ProjectName,
        limit: Int
    ) -> [FreightEntry] {
        let matches = freightRows.filter { row in
            row.key.project == project
                && row.value.artifacts.flatMap(ArtifactKey.keys).contains { $0.hasPrefix(key) }
        }
        return newest(matches.values, limit: limit)
    }

    private func newest(
        _ ids: Set<FreightID>,
        of origin: Origin,
        in project: ProjectName,
        before: Position,
        limit: Int
    ) -> [FreightEntry] {
        let freight = ids.compactMap { self.freight($0, in: project) }
        return newest(
            freight.filter { $0.origin == origin && $0.created < before },
            limit: limit
        )
    }

    private func newest(_ freight: some Sequence<Freight>, limit: Int) -> [FreightEntry] {
        freight.sorted { ($0.created, $0.id) > ($1.created, $1.id) }.prefix(limit)
            .map { FreightEntry(position: $0.created, freight: $0.id) }
    }
}
