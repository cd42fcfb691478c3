import EventLog
import LMDB
import PromotionModel

/// An empty store that a replay fills.
struct ReplayStore {
    private let environment: Environment
    private let tables: LedgerTables

    /// Makes the store in a directory that is there and empty.
    @available(*, noasync)
    init(at path: String) throws(LedgerError) {
        do throws(LMDBError) {
            var options = EnvironmentOptions()
            options.mapSizeBytes = 256 << 30
            options.tableCountMax = UInt32(LedgerTable.allCases.count)
            options.creates = true
            environment = try Environment(path: path, options: options)
            let definitions = LedgerTable.allCases.map { TableDefinition($0.rawValue, .bytes) }
            let opened = try environment.createTables(definitions) { _, _ in }
            tables = LedgerTables(
                Dictionary(uniqueKeysWithValues: zip(LedgerTable.allCases, opened))
            )
        } catch {
            throw .log(EventLogError(error))
        }
    }

    /// Writes the rows of these events in one transaction.
    @available(*, noasync)
    func apply(_ events: [LedgerEvent]) throws(LedgerError) {
        do throws(TransactionFailure<LedgerError>) {
            try environment.write { (transaction) throws(LedgerError) in
                for event in events { try apply(event, &transaction) }
            }
        } catch {
            switch error {
            case .storage(let error): throw .log(EventLogError(error))
            case .body(let error): throw error
            }
        }
    }

    private func apply(
        _ event: LedgerEvent,
        _ transaction: inout WriteTransaction
    ) throws(LedgerError) {
        let facts = StoreFacts(
            reader: transaction.reader(),
            tables: tables,
            position: Position(rawValue: event.header.position.rawValue - 1)
        )
        let rows = try fromFacts { () throws(FactsFailure) in
            try Row.rows(of: event.effect, event.header, facts)
        }
        do throws(LMDBError) {
            for row in rows {
                let (key, value) = (row.key, row.value)
                try transaction.put(value.span, forKey: key.span, in: tables[row.table])
            }
        } catch {
            throw .log(EventLogError(error))
        }
    }

    /// Compares a table with the one in a ledger's file, row by row, holding two rows at a time.
    func compare(
        _ table: LedgerTable,
        with inspection: LogInspection
    ) throws(LedgerError) -> (rowCount: UInt64, findings: FindingList<VerificationFinding>) {
        var comparison = TableComparison(table)
        guard let record = inspection.clientTable(table.rawValue) else {
            comparison.reportMissingTable()
            return (0, comparison.findings)
        }
        var stored = TableScan(inspection.snapshot, record)
        do throws(TransactionFailure<LMDBError>) {
            let rowCount = try environment.read { (transaction) throws(LMDBError) in
                let reader = transaction.reader()
                var isStored = stored.first()
                try reader.forEach(in: tables[table]) { key, value in
                    isStored = comparison.advance(&stored, isStored, to: key, value)
                    return true
                }
                while isStored {
                    comparison.reportStranger(stored)
                    isStored = stored.next()
                }
                return try reader.count(of: tables[table])
            }
            return (rowCount, comparison.findings)
        } catch {
            throw .log(EventLogError(error.error))
        }
    }
}
