import EventLog
import LMDB
import Synchronization

/// The tables of projections, all with byte keys.
///
/// `docs/DATA_LAYOUT.md` draws each of them.
package enum LedgerTable: String, CaseIterable, Sendable {
    case projects
    case projectState = "project_state"
    case consumers
    case bookmarks
    case warehouses
    case warehouseState = "warehouse_state"
    case stages
    case stageState = "stage_state"
    case junctions
    case junctionState = "junction_state"
    case tasks
    case cluster
    case tokens
    case tokensByDigest = "tokens_by_digest"
    case roles
    case freight
    case freightStatus = "freight_status"
    case freightAliases = "freight_aliases"
    case freightNames = "freight_names"
    case freightByOrigin = "freight_by_origin"
    case freightByProject = "freight_by_project"
    case freightByArtifact = "freight_by_artifact"
    case verifiedByCreation = "verified_by_creation"
    case verifiedByTime = "verified_by_time"
    case approvedByCreation = "approved_by_creation"
    case bundlesByLeaf = "bundles_by_leaf"
    case promotions
    case promotionState = "promotion_state"
    case promotionsByStage = "promotions_by_stage"
    case promotionsByProject = "promotions_by_project"
    case collectionsByStage = "collections_by_stage"
    case promotionsByCollection = "promotions_by_collection"
    case steps
    case eventsBySubject = "events_by_subject"
    case notesBySubject = "notes_by_subject"

    /// The version of the rows in these tables.
    ///
    /// Raise it whenever an event makes other rows than it did, or tables come or go: a ledger of
    /// an older version must be rebuilt first, and says so. `RebuildingProjections` compares.
    package static let version: UInt64 = 2
}

/// The opened tables of a ledger, in one generation.
struct LedgerTables: Sendable {
    private let tables: [LedgerTable: Table]

    init(_ client: ClientTables) {
        tables = Dictionary(
            uniqueKeysWithValues: LedgerTable.allCases.map { ($0, client[$0.rawValue]) }
        )
    }

    init(_ tables: [LedgerTable: Table]) {
        self.tables = tables
    }

    subscript(table: LedgerTable) -> Table {
        guard let opened = tables[table] else { preconditionFailure("\(table) was not opened") }
        return opened
    }
}

/// The tables of the generation that was asked for last, and what is kept of their rows.
///
/// Kept rows belong to the generation: the next one may have others in their place.
final class GenerationCache: Sendable {
    typealias Opened = (tables: LedgerTables, cache: RowCache)

    private let last = Mutex<(number: UInt64, opened: Opened)?>(nil)

    /// Drops kept rows: some have words in them that were erased.
    func forget() {
        last.withLock { $0 = nil }
    }

    /// The tables of a generation, and its kept rows.
    func generation(of client: ClientTables) -> Opened {
        last.withLock { last in
            if let last, last.number == client.generation { return last.opened }
            let opened = (tables: LedgerTables(client), cache: RowCache())
            last = (client.generation, opened)
            return opened
        }
    }
}
