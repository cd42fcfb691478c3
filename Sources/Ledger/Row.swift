import EventLog
import PromotionModel
import Wire

/// A row of a projection as it is stored.
struct Row: Sendable {
    let table: LedgerTable
    let key: [UInt8]
    let value: [UInt8]
}

extension Row {
    /// All rows that an event comes to, given the facts before it.
    ///
    /// Only entries of indexes where the payload was redacted.
    static func rows(
        of event: Event?,
        _ header: Header,
        _ before: StoreFacts
    ) throws(FactsFailure) -> [Row] {
        var rows: [Row] = []
        if let event {
            let changes = try Evolver(facts: before, header: header).changes(of: event)
            rows = changes.flatMap { Row.rows(of: $0, at: header.position) }
        }
        return rows + subjects(of: header, event)
    }

    /// The rows that `change` comes to, for an event at `position`.
    static func rows(of change: RowChange, at position: Position) -> [Row] {
        switch change {
        case .project(let project, let row):
            [temporal(.projects, RowKey(project.rawValue), row, position)]
        case .projectState(let project, let state):
            [temporal(.projectState, RowKey(project.rawValue), state, position)]
        case .consumers(let project, let provider, let list):
            [temporal(.consumers, RowKey(project.rawValue, provider.rawValue), list, position)]
        case .bookmark(let project, let name, let target):
            [
                reference(
                    .bookmarks,
                    RowKey(project.rawValue, name),
                    "\(target.rawValue)",
                    position
                )
            ]
        case .warehouse(let project, let name, let row):
            [temporal(.warehouses, RowKey(project.rawValue, name.rawValue), row, position)]
        case .warehouseState(let project, let name, let state):
            [temporal(.warehouseState, RowKey(project.rawValue, name.rawValue), state, position)]
        case .stage(let project, let name, let row):
            [temporal(.stages, RowKey(project.rawValue, name.rawValue), row, position)]
        case .stageState(let project, let name, let state):
            [temporal(.stageState, RowKey(project.rawValue, name.rawValue), state, position)]
        case .junction(let project, let name, let row):
            [temporal(.junctions, RowKey(project.rawValue, name.rawValue), row, position)]
        case .junctionState(let project, let name, let state):
            [temporal(.junctionState, RowKey(project.rawValue, name.rawValue), state, position)]
        case .task(let project, let name, let row):
            [temporal(.tasks, RowKey(project.rawValue, name.rawValue), row, position)]
        case .cluster(let row):
            [temporal(.cluster, RowKey(ProjectName.cluster.rawValue), row, position)]
        case .token, .tokenDigest, .roles: accessRows(of: change, at: position)
        case .freight(let project, let freight):
            rows(of: freight, in: project)
        case .freightStatus(let project, let id, let status):
            [temporal(.freightStatus, RowKey(project.rawValue, id.rawValue), status, position)]
        case .freightAlias(let project, let alias, let id):
            [reference(.freightAliases, RowKey(project.rawValue, alias), id.rawValue, position)]
        case .freightOfOrigin(let project, let origin, let id):
            [
                reference(
                    .freightByOrigin,
                    RowKey(project.rawValue, origin.rawValue),
                    id.rawValue,
                    position
                ),
                reference(.freightByProject, RowKey(project.rawValue), id.rawValue, position),
            ]
        case .freightVerified, .freightApproved, .bundleOfLeaf:
            indexRows(of: change, at: position)
        case .promotion, .promotionState, .step, .promotionOfStage, .collectionOfStage,
            .promotionOfCollection:
            promotionRows(of: change, at: position)
        }
    }

    /// Tokens and roles.
    private static func accessRows(of change: RowChange, at position: Position) -> [Row] {
        if case .token(let name, let state) = change {
            return [temporal(.tokens, RowKey(name.rawValue), state, position)]
        }
        if case .tokenDigest(let digest, let name) = change {
            return [reference(.tokensByDigest, RowKey(digest), name.rawValue, position)]
        }
        guard case .roles(let principal, let list) = change else {
            preconditionFailure("not a row about tokens and roles")
        }
        return [temporal(.roles, RowKey(principal.rawValue), list, position)]
    }

    /// The entries of indexes of freight.
    ///
    /// By creation: prefix, making, position; by time: prefix, position, freight, because one
    /// event can verify several bundles of one junction.
    private static func indexRows(of change: RowChange, at position: Position) -> [Row] {
        switch change {
        case .freightVerified(let project, let stage, let origin, let created, let id):
            let prefix = RowKey.verified(stage, origin, in: project)
            var byCreation = prefix
            byCreation.append(created.rawValue)
            var byTime = prefix
            byTime.append(position.rawValue)
            byTime.append(id.rawValue)
            return [
                reference(.verifiedByCreation, byCreation, id.rawValue, position),
                Row(table: .verifiedByTime, key: byTime.bytes, value: []),
            ]
        case .freightApproved(let project, let consumer, let origin, let created, let id):
            var key = RowKey.approved(consumer, origin, in: project)
            key.append(created.rawValue)
            return [reference(.approvedByCreation, key, id.rawValue, position)]
        case .bundleOfLeaf(let project, let leaf, let bundle):
            let key = RowKey(project.rawValue, leaf.rawValue)
            return [reference(.bundlesByLeaf, key, bundle.rawValue, position)]
        case .project, .projectState, .consumers, .bookmark, .warehouse, .warehouseState, .stage,
            .stageState, .junction, .junctionState, .task, .cluster, .freight, .freightStatus,
            .freightAlias, .token, .tokenDigest, .roles,
            .freightOfOrigin, .promotion, .promotionState, .step, .promotionOfStage,
            .collectionOfStage, .promotionOfCollection:
            preconditionFailure("not an entry of an index of freight")
        }
    }

    private static func promotionRows(of change: RowChange, at position: Position) -> [Row] {
        switch change {
        case .promotion(let project, let promotion):
            [
                Row(
                    table: .promotions,
                    key: RowKey(project.rawValue, promotion.name.rawValue).bytes,
                    value: promotion.encoded()
                )
            ]
        case .promotionState(let project, let name, let state):
            [temporal(.promotionState, RowKey(project.rawValue, name.rawValue), state, position)]
        case .step(let project, let promotion, let index, let record):
            [
                Row(
                    table: .steps,
                    key: RowKey.step(index, of: promotion, in: project).adding(position.rawValue),
                    value: record.encoded()
                )
            ]
        case .promotionOfStage(let project, let stage, let promotion):
            [
                reference(
                    .promotionsByStage,
                    RowKey(project.rawValue, stage.rawValue),
                    promotion.rawValue,
                    position
                ),
                reference(
                    .promotionsByProject,
                    RowKey(project.rawValue),
                    promotion.rawValue,
                    position
                ),
            ]
        case .collectionOfStage(let project, let stage, let promotion):
            [
                reference(
                    .collectionsByStage,
                    RowKey(project.rawValue, stage.rawValue),
                    promotion.rawValue,
                    position
                )
            ]
        case .promotionOfCollection(let project, let collection, let stage, let promotion):
            [
                reference(
                    .promotionsByCollection,
                    RowKey(project.rawValue, collection.rawValue, stage.rawValue),
                    promotion.rawValue,
                    position
                )
            ]
        case .project, .projectState, .consumers, .bookmark, .warehouse, .warehouseState, .stage,
            .stageState, .junction, .junctionState, .task, .cluster, .freight, .freightStatus,
            .freightAlias, .token, .tokenDigest, .roles,
            .freightOfOrigin, .freightVerified, .freightApproved, .bundleOfLeaf:
            preconditionFailure("not a row about promotions")
        }
    }

    private static func rows(of freight: Freight, in project: ProjectName) -> [Row] {
        var rows = [
            Row(
                table: .freight,
                key: RowKey(project.rawValue, freight.id.rawValue).bytes,
                value: freight.encoded()
            )
        ]
        if !freight.kargoName.isEmpty {
            rows.append(
                Row(
                    table: .freightNames,
                    key: RowKey(project.rawValue, freight.kargoName, freight.id.rawValue).bytes,
                    value: []
                )
            )
        }
        for key in Set(freight.artifacts.flatMap(ArtifactKey.keys)).sorted() {
            rows.append(
                reference(
                    .freightByArtifact,
                    RowKey(project.rawValue, key),
                    freight.id.rawValue,
                    freight.created
                )
            )
        }
        return rows
    }

    private static func temporal(
        _ table: LedgerTable,
        _ key: RowKey,
        _ value: some Message,
        _ position: Position
    ) -> Row {
        Row(table: table, key: key.adding(position.rawValue), value: value.encoded())
    }

    private static func reference(
        _ table: LedgerTable,
        _ key: RowKey,
        _ value: String,
        _ position: Position
    ) -> Row {
        Row(table: table, key: key.adding(position.rawValue), value: Array(value.utf8))
    }

    /// The entries of the index of events by subject: its own, and what else it concerns.
    ///
    /// Only the former where the payload was redacted. Notes have an index of their own.
    static func subjects(of header: Header, _ event: Event?) -> [Row] {
        let related = event?.relatedSubjects.map(\.rawValue) ?? []
        var rows = ([header.subject] + related).map { subject in
            Row(
                table: .eventsBySubject,
                key: RowKey(header.project, subject).adding(header.position.rawValue),
                value: []
            )
        }
        if header.type == EventType.noteRecorded.rawValue {
            let key = RowKey(header.project, header.subject).adding(header.position.rawValue)
            rows.append(Row(table: .notesBySubject, key: key, value: []))
        }
        return rows
    }
}

extension RowKey {
    /// The prefix of what was verified in a stage, of one origin.
    static func verified(
        _ stage: StageName,
        _ origin: Origin,
        in project: ProjectName
    ) -> RowKey {
        RowKey(project.rawValue, hashing: stage.rawValue, origin.rawValue)
    }

    /// The prefix of what was approved for a stage or junction, of one origin.
    static func approved(
        _ consumer: Consumer,
        _ origin: Origin,
        in project: ProjectName
    ) -> RowKey {
        RowKey(project.rawValue, hashing: consumer.subject.rawValue, origin.rawValue)
    }

    /// The key of a step, but for the position.
    static func step(
        _ index: UInt64,
        of promotion: PromotionName,
        in project: ProjectName
    ) -> RowKey {
        var key = RowKey(project.rawValue, promotion.rawValue)
        key.append(index)
        return key
    }
}
