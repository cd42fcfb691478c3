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

    /// Compares a table with the stored one, row by row, holding one row at a time.
    ///
    /// `ignoringOthers` passes over stored rows that the replay does not have.
    func compare(
        _ table: LedgerTable,
        with stored: TableReader,
        _ storedTable: Table,
        ignoringOthers: Bool
    ) throws(LedgerError) -> (rowCount: UInt64, findings: [VerificationFinding]) {
        do throws(TransactionFailure<LedgerError>) {
            return try environment.read { (transaction) throws(LedgerError) in
                try compare(table, transaction.reader(), stored, storedTable, ignoringOthers)
            }
        } catch {
            switch error {
            case .storage(let error): throw .log(EventLogError(error))
            case .body(let error): throw error
            }
        }
    }

    private func compare(
        _ table: LedgerTable,
        _ rebuilt: TableReader,
        _ stored: TableReader,
        _ storedTable: Table,
        _ ignoringOthers: Bool
    ) throws(LedgerError) -> (rowCount: UInt64, findings: [VerificationFinding]) {
        var findings: [VerificationFinding] = []
        var matched: UInt64 = 0
        func report(_ what: String) {
            findings.append(VerificationFinding(position: nil, table: table.rawValue, what: what))
        }
        do throws(LMDBError) {
            var failure: LMDBError?
            try stored.forEach(in: storedTable) { key, value in
                let name = key.displayName
                do throws(LMDBError) {
                    let expected = try rebuilt.value(forKey: key.copied, in: tables[table])
                    if let expected {
                        matched += 1
                        if expected != value.copied {
                            report("row \(name) differs from what the events make it")
                        }
                    } else if !ignoringOthers {
                        report("row \(name) comes from no event")
                    }
                } catch {
                    failure = error
                }
                return failure == nil && findings.count < 100
            }
            if let failure { throw failure }
            let count = try rebuilt.count(of: tables[table])
            if matched < count, findings.isEmpty { report("\(count - matched) rows are missing") }
            return (count, findings)
        } catch {
            throw .log(EventLogError(error))
        }
    }
}

extension Span<UInt8> {
    /// A key as people can read it: its texts with slashes between, then its numbers.
    fileprivate var displayName: String {
        var text = ""
        for index in indices {
            let byte = self[index]
            text += byte == 0 ? "/" : (33...126).contains(byte) ? String(UnicodeScalar(byte)) : "."
        }
        return text
    }
}
