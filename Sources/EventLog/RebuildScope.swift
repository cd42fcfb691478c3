package import LMDB

/// What a batch of a rebuild works in: the log and the client's next tables, in one transaction.
///
/// It lives on the writer thread.
package struct RebuildScope: ~Copyable {
    private var transaction: WriteTransaction
    private let store: LogStore
    /// The log as it is now: nobody appends meanwhile.
    package let snapshot: LogSnapshot
    /// The tables that are being filled.
    package let tables: ClientTables
    /// Bytes of all rows that this batch has put.
    package private(set) var byteCount = 0
    /// Whether the tables are to be the ones that count.
    private(set) var isComplete = false

    /// Begins the transaction of a batch.
    ///
    /// - Throws: `.tablesRebuilt` if others than `present` count by now.
    @available(*, noasync)
    init(
        _ store: LogStore,
        _ tables: ClientTables,
        present: UInt64
    ) throws(EventLogError) {
        try store.faults.trip(.begin, store.path)
        let begun = try fromStore { () throws(LMDBError) in
            try WriteTransaction(store.environment)
        }
        try ClientRows.check(present, begun.reader(), store)
        snapshot = try LogSnapshot(store, begun.reader())
        transaction = begun
        self.store = store
        self.tables = tables
    }

    /// Reads all tables, with what was put so far.
    package var reader: TableReader { transaction.reader() }

    /// Sets a row of one of the tables.
    package mutating func put(
        _ value: [UInt8],
        forKey key: [UInt8],
        in table: Table
    ) throws(EventLogError) {
        try store.faults.trip(.put, store.path)
        byteCount += key.count + value.count
        let key = key
        let value = value
        do throws(LMDBError) {
            try transaction.put(value.span, forKey: key.span, in: table)
        } catch {
            throw EventLogError(error)
        }
    }

    /// How many rows a table has so far.
    package func rowCount(of table: Table) throws(EventLogError) -> UInt64 {
        try fromStore { () throws(LMDBError) in try reader.count(of: table) }
    }

    /// Makes these tables the ones that count, as soon as the batch is committed.
    package mutating func complete() throws(EventLogError) {
        let rows = ClientRows(generation: tables.generation, version: store.client.version).rows
        for (key, value) in rows { try put(value, forKey: key, in: store.tables.meta) }
        isComplete = true
    }

    /// Makes the batch durable.
    consuming func commit() throws(CommitFailure) {
        let faults = store.faults
        let path = store.path
        try faults.tripCommit(.commit, path)
        do throws(LMDBError) {
            try transaction.commit()
        } catch {
            throw CommitFailure(error)
        }
        try faults.tripCommit(.committed, path)
    }
}

extension ClientRows {
    /// Refuses to go on if another generation counts by now.
    fileprivate static func check(
        _ generation: UInt64,
        _ reader: TableReader,
        _ store: LogStore
    ) throws(EventLogError) {
        let now = try Self.generation(reader, store.tables.meta, path: store.path)
        if now != generation { throw .tablesRebuilt(path: store.path) }
    }
}
