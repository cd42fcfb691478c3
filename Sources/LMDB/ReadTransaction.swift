import CLMDB

/// A view of all tables as they were when it began; aborted when it goes out of scope.
///
/// It may move between threads, but is used by one at a time.
@safe
package struct ReadTransaction: ~Copyable {
    private let tableReader: TableReader

    /// Takes a reader slot; clears those of dead processes if there is none.
    init(_ environment: Environment) throws(LMDBError) {
        var begun: OpaquePointer?
        var code = unsafe mdb_txn_begin(environment.handle, nil, UInt32(MDB_RDONLY), &begun)
        if code == MDB_READERS_FULL, environment.clearStaleReaders() > 0 {
            code = unsafe mdb_txn_begin(environment.handle, nil, UInt32(MDB_RDONLY), &begun)
        }
        try check(code, "begin to read (mdb_txn_begin)", path: environment.path)
        guard let transaction = unsafe begun else {
            preconditionFailure("mdb_txn_begin succeeded without a transaction")
        }
        tableReader = unsafe TableReader(transaction, environment)
    }

    deinit {
        if let handle = unsafe tableReader.end() { unsafe mdb_txn_abort(handle) }
    }

    /// The number of the write transaction that it sees as the last.
    borrowing func number() -> UInt64 { unsafe UInt64(mdb_txn_id(tableReader.live)) }

    /// Ends the transaction.
    consuming func finish() {}

    /// A handle for code that cannot hold a transaction; it ends with the transaction.
    package borrowing func reader() -> TableReader { tableReader }

    /// The value of `key`, or nil.
    ///
    /// It lives as long as the transaction is borrowed.
    @_lifetime(borrow self)
    package borrowing func value(
        forKey key: Span<UInt8>,
        in table: Table
    ) throws(LMDBError) -> Span<UInt8>? {
        guard let bytes = try unsafe tableReader.bytes(forKey: key, in: table) else { return nil }
        return unsafe _overrideLifetime(Span(_unsafeElements: bytes), borrowing: self)
    }

    /// The value of the number `key`, or nil.
    ///
    /// It lives as long as the transaction is borrowed.
    @_lifetime(borrow self)
    package borrowing func value(
        forKey key: UInt64,
        in table: Table
    ) throws(LMDBError) -> Span<UInt8>? {
        guard let bytes = try unsafe tableReader.bytes(forKey: key, in: table) else { return nil }
        return unsafe _overrideLifetime(Span(_unsafeElements: bytes), borrowing: self)
    }

    /// A cursor over `table`, which lives as long as the transaction is borrowed.
    @_lifetime(borrow self)
    package borrowing func cursor(in table: Table) throws(LMDBError) -> Cursor {
        let cursor = try Cursor(tableReader, table)
        return unsafe _overrideLifetime(cursor, borrowing: self)
    }

    /// Opens a table that exists; the handle lasts only if `keepTables` follows.
    borrowing func openTable(_ definition: TableDefinition) throws(LMDBError) -> Table {
        try tableReader.openTable(definition, create: false)
    }

    /// Ends the transaction so that tables opened in it stay open.
    consuming func keepTables() throws(LMDBError) {
        let path = tableReader.environment.path
        guard let handle = unsafe tableReader.end() else {
            preconditionFailure("a read transaction ended twice")
        }
        let code = unsafe mdb_txn_commit(handle)
        try check(code, "open tables (mdb_txn_commit) of", path: path)
    }
}
