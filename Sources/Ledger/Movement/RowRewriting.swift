import EventLog
import LMDB
import PromotionModel

/// Writes the rows of one event anew, and of all events behind it that took something over from
/// rows that thereby changed.
///
/// States are copied from version to version, so it follows each changed row to the next version
/// of the same state, until nothing changes any more.
struct RowRewriting {
    private let tables: LedgerTables
    /// Events whose rows are still to be looked at.
    private var due: Set<Position>

    /// A rewriting that begins with the event at `position`.
    init(tables: LedgerTables, after position: Position) {
        self.tables = tables
        due = [position]
    }

    /// Rewrites everything, in the order of events.
    mutating func run(_ scope: inout AppendScope) throws(LedgerError) {
        while let position = due.min() {
            due.remove(position)
            for row in try rows(of: position, scope) { try put(row, position, &scope) }
        }
    }

    private func rows(
        of position: Position,
        _ scope: borrowing AppendScope
    ) throws(LedgerError) -> [Row] {
        let snapshot = scope.snapshot()
        let recorded = try fromLog { () throws(EventLogError) in try snapshot.event(at: position) }
        let event = try snapshot.withRemainder(recorded)
        let before = Position(rawValue: position.rawValue - 1)
        let facts = StoreFacts(reader: scope.reader, tables: tables, position: before)
        return try fromFacts { () throws(FactsFailure) in
            try Row.rows(of: event.effect, event.header, facts)
        }
    }

    private mutating func put(
        _ row: Row,
        _ position: Position,
        _ scope: inout AppendScope
    ) throws(LedgerError) {
        let table = tables[row.table]
        do throws(EventLogError) {
            let stored = try Self.value(of: row.key, in: table, scope.reader)
            if stored == row.value { return }
            try scope.put(row.value, forKey: row.key, in: table)
        } catch {
            throw .log(error)
        }
        switch row.table.versions {
        case .byPosition: due.formUnion(try next(row.key, in: table, scope.reader))
        case .bundles: due.formUnion(try bundles(of: row.key, scope.reader))
        case .none: break
        }
    }

    private static func value(
        of key: [UInt8],
        in table: Table,
        _ reader: TableReader
    ) throws(EventLogError) -> [UInt8]? {
        do throws(LMDBError) {
            return try reader.value(forKey: key, in: table)
        } catch {
            throw EventLogError(error)
        }
    }

    /// The event that wrote the next version of the state that `key` is a version of.
    private func next(
        _ key: [UInt8],
        in table: Table,
        _ reader: TableReader
    ) throws(LedgerError) -> Set<Position> {
        let prefix = Array(key.dropLast(8))
        let number = Self.number(key) + 1
        var from = prefix
        from.append(bigEndian: number)
        do throws(LMDBError) {
            let found = try reader.first(
                atOrAfter: from,
                prefixCount: prefix.count,
                in: table
            )
            guard let found, found.key.count == key.count else { return [] }
            return [Position(rawValue: Self.number(found.key))]
        } catch {
            throw .log(EventLogError(error))
        }
    }

    /// The events that made bundles of freight: a bundle has its leaves' artifacts.
    private func bundles(
        of key: [UInt8],
        _ reader: TableReader
    ) throws(LedgerError) -> Set<Position> {
        var found: Set<Position> = []
        do throws(LMDBError) {
            try reader.forEach(prefix: key, in: tables[.bundlesByLeaf]) { key, _ in
                found.insert(Position(rawValue: key.trailingNumber))
                return true
            }
        } catch {
            throw .log(EventLogError(error))
        }
        return found
    }

    private static func number(_ key: [UInt8]) -> UInt64 {
        key.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension LedgerTable {
    /// How a row of the table is taken over by later ones.
    fileprivate enum Versions {
        /// The next version of the same state is made of it.
        case byPosition
        /// Bundles are made of it.
        case bundles
        /// It is not.
        case none
    }

    fileprivate var versions: Versions {
        switch self {
        case .projects, .projectState, .consumers, .warehouses, .warehouseState, .stages,
            .stageState, .junctions, .junctionState, .tasks, .cluster, .tokens, .roles,
            .freightStatus,
            .promotionState, .steps:
            .byPosition
        case .freight: .bundles
        case .bookmarks, .tokensByDigest, .freightAliases, .freightNames, .freightByOrigin,
            .freightByProject,
            .freightByArtifact, .verifiedByCreation, .verifiedByTime, .approvedByCreation,
            .bundlesByLeaf, .promotions, .promotionsByStage, .promotionsByProject,
            .collectionsByStage, .promotionsByCollection, .eventsBySubject, .notesBySubject:
            .none
        }
    }
}
