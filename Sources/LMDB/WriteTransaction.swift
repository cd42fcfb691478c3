import CLMDB

/// The one write transaction of an environment; aborted when it goes out of scope.
///
/// It belongs to the thread that began it: neither may that thread end nor may anything suspend
/// before it is over.
@safe
package struct WriteTransaction: ~Copyable {
    private let tableReader: TableReader
    private let handle: OpaquePointer
    /// One cursor at the end of each table that rows are appended to, made at first use.
    ///
    /// LMDB frees it with the transaction.
    private var appendCursors: [OpaquePointer?] = unsafe []

    /// Waits for the write transaction of any other thread or process to end.
    @available(*, noasync)
    package init(_ environment: Environment) throws(LMDBError) {
        var begun: OpaquePointer?
        try unsafe check(
            mdb_txn_begin(environment.handle, nil, 0, &begun),
            "begin to write (mdb_txn_begin)",
            path: environment.path
        )
        guard let transaction = unsafe begun else {
            preconditionFailure("mdb_txn_begin succeeded without a transaction")
        }
        unsafe handle = transaction
        tableReader = unsafe TableReader(transaction, environment)
    }

    deinit {
        if let handle = unsafe tableReader.end() { unsafe mdb_txn_abort(handle) }
    }

    /// Makes every change of this transaction durable.
    ///
    /// Two flushes: the pages, then the meta page. The transaction is over afterwards, whether or
    /// not this throws: LMDB frees the handle even when the commit fails.
    ///
    /// - Throws: `.mapFull`, `.diskFull` when nothing was committed; anything else leaves it in
    ///   doubt whether the changes are on disk.
    package consuming func commit() throws(LMDBError) {
        let path = tableReader.environment.path
        guard let handle = unsafe tableReader.end() else {
            preconditionFailure("a write transaction ended twice")
        }
        let code = unsafe mdb_txn_commit(handle)
        try check(code, "commit (mdb_txn_commit) to", path: path)
    }

    /// A handle for code that cannot hold a transaction; it sees this transaction's own changes
    /// and ends with it.
    package borrowing func reader() -> TableReader { tableReader }

    /// The value of `key`, or nil.
    ///
    /// It lives until the next change.
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
    /// It lives until the next change.
    @_lifetime(borrow self)
    package borrowing func value(
        forKey key: UInt64,
        in table: Table
    ) throws(LMDBError) -> Span<UInt8>? {
        guard let bytes = try unsafe tableReader.bytes(forKey: key, in: table) else { return nil }
        return unsafe _overrideLifetime(Span(_unsafeElements: bytes), borrowing: self)
    }

    /// A cursor over `table`; nothing can be changed while it lives.
    @_lifetime(borrow self)
    package borrowing func cursor(in table: Table) throws(LMDBError) -> Cursor {
        let cursor = try Cursor(tableReader, table)
        return unsafe _overrideLifetime(cursor, borrowing: self)
    }

    /// Sets the value of `key`.
    ///
    /// - Throws: `.keySize` if the key is empty or above 511 bytes.
    package mutating func put(
        _ value: Span<UInt8>,
        forKey key: Span<UInt8>,
        in table: Table
    ) throws(LMDBError) {
        prepareChange(of: table)
        let code = unsafe CLMDBCalls.withValue(of: key) { key in
            unsafe CLMDBCalls.withValue(of: value) { value in
                var key = unsafe key
                var value = unsafe value
                return unsafe mdb_put(handle, table.index, &key, &value, 0)
            }
        }
        try check(code, "put a row (mdb_put) into", path: tableReader.environment.path)
    }

    /// Sets the value of the number `key`.
    package mutating func put(
        _ value: Span<UInt8>,
        forKey key: UInt64,
        in table: Table
    ) throws(LMDBError) {
        prepareChange(of: table)
        let code = unsafe CLMDBCalls.withValue(of: key) { key in
            unsafe CLMDBCalls.withValue(of: value) { value in
                var key = unsafe key
                var value = unsafe value
                return unsafe mdb_put(handle, table.index, &key, &value, 0)
            }
        }
        try check(code, "put a row (mdb_put) into", path: tableReader.environment.path)
    }

    /// Adds a row after all others: fills pages completely and needs no search.
    ///
    /// - Throws: `.keyOrder` if `key` is not above the last key.
    package mutating func append(
        _ value: Span<UInt8>,
        forKey key: Span<UInt8>,
        in table: Table
    ) throws(LMDBError) {
        let cursor = try unsafe appendCursor(table)
        let code = unsafe CLMDBCalls.withValue(of: key) { key in
            unsafe CLMDBCalls.withValue(of: value) { value in
                var key = unsafe key
                var value = unsafe value
                return unsafe mdb_cursor_put(cursor, &key, &value, UInt32(MDB_APPEND))
            }
        }
        try check(code, "append a row (mdb_cursor_put) to", path: tableReader.environment.path)
    }

    /// Adds a row after all others: fills pages completely and needs no search.
    ///
    /// - Throws: `.keyOrder` if `key` is not above the last key.
    package mutating func append(
        _ value: Span<UInt8>,
        forKey key: UInt64,
        in table: Table
    ) throws(LMDBError) {
        let cursor = try unsafe appendCursor(table)
        let code = unsafe CLMDBCalls.withValue(of: key) { key in
            unsafe CLMDBCalls.withValue(of: value) { value in
                var key = unsafe key
                var value = unsafe value
                return unsafe mdb_cursor_put(cursor, &key, &value, UInt32(MDB_APPEND))
            }
        }
        try check(code, "append a row (mdb_cursor_put) to", path: tableReader.environment.path)
    }

    /// Adds a row after all others whose value is `head` followed by `tail`, without joining
    /// them first.
    package mutating func append(
        _ head: Span<UInt8>,
        _ tail: Span<UInt8>,
        forKey key: UInt64,
        in table: Table
    ) throws(LMDBError) {
        let cursor = try unsafe appendCursor(table)
        var value = unsafe MDB_val(mv_size: head.count + tail.count, mv_data: nil)
        let code = unsafe CLMDBCalls.withValue(of: key) { key in
            var key = unsafe key
            return unsafe mdb_cursor_put(cursor, &key, &value, UInt32(MDB_APPEND | MDB_RESERVE))
        }
        try check(code, "append a row (mdb_cursor_put) to", path: tableReader.environment.path)
        let place = unsafe UnsafeMutableRawBufferPointer(
            start: value.mv_data,
            count: value.mv_size
        )
        let headCount = head.count
        unsafe head.withUnsafeBytes { bytes in unsafe place.copyMemory(from: bytes) }
        unsafe tail.withUnsafeBytes { bytes in
            unsafe UnsafeMutableRawBufferPointer(rebasing: place[headCount...])
                .copyMemory(from: bytes)
        }
    }

    /// Makes room for a value of `byteCount` bytes and has `fill` write it in place.
    ///
    /// The room holds zeros at first.
    package mutating func reserve(
        byteCount: Int,
        forKey key: Span<UInt8>,
        in table: Table,
        fill: (inout MutableSpan<UInt8>) -> Void
    ) throws(LMDBError) {
        prepareChange(of: table)
        var place = unsafe MDB_val(mv_size: byteCount, mv_data: nil)
        let code = unsafe CLMDBCalls.withValue(of: key) { key in
            var key = unsafe key
            return unsafe mdb_put(handle, table.index, &key, &place, UInt32(MDB_RESERVE))
        }
        try check(code, "reserve a row (mdb_put) in", path: tableReader.environment.path)
        unsafe Self.fill(
            UnsafeMutableRawBufferPointer(start: place.mv_data, count: byteCount),
            fill
        )
    }

    /// Makes room for a value of `byteCount` bytes and has `fill` write it in place.
    ///
    /// The room holds zeros at first.
    package mutating func reserve(
        byteCount: Int,
        forKey key: UInt64,
        in table: Table,
        fill: (inout MutableSpan<UInt8>) -> Void
    ) throws(LMDBError) {
        let place = try unsafe reserve(byteCount, forKey: key, in: table)
        unsafe Self.fill(place, fill)
    }

    /// Removes one row; false if there was none.
    @discardableResult
    package mutating func delete(
        _ key: Span<UInt8>,
        in table: Table
    ) throws(LMDBError) -> Bool {
        prepareChange(of: table)
        let code = unsafe CLMDBCalls.withValue(of: key) { key in
            var key = unsafe key
            return unsafe mdb_del(handle, table.index, &key, nil)
        }
        if code == MDB_NOTFOUND { return false }
        try check(code, "delete a row (mdb_del) from", path: tableReader.environment.path)
        return true
    }

    /// Removes the row of the number `key`; false if there was none.
    @discardableResult
    package mutating func delete(_ key: UInt64, in table: Table) throws(LMDBError) -> Bool {
        prepareChange(of: table)
        let code = unsafe CLMDBCalls.withValue(of: key) { key in
            var key = unsafe key
            return unsafe mdb_del(handle, table.index, &key, nil)
        }
        if code == MDB_NOTFOUND { return false }
        try check(code, "delete a row (mdb_del) from", path: tableReader.environment.path)
        return true
    }

    /// Removes every row of a table and keeps the table.
    package mutating func deleteAll(in table: Table) throws(LMDBError) {
        prepareChange(of: table)
        try unsafe check(
            mdb_drop(handle, table.index, 0),
            "empty a table (mdb_drop) of",
            path: tableReader.environment.path
        )
    }

    /// Removes a table and closes its handle, even if the transaction is aborted afterwards.
    mutating func drop(_ table: Table) throws(LMDBError) {
        prepareChange(of: table)
        try unsafe check(
            mdb_drop(handle, table.index, 1),
            "remove a table (mdb_drop) of",
            path: tableReader.environment.path
        )
    }

    /// Opens a table, or makes it; the handle is valid after the commit too.
    mutating func openTable(_ definition: TableDefinition) throws(LMDBError) -> Table {
        try tableReader.openTable(definition, create: true)
    }

    private mutating func reserve(
        _ byteCount: Int,
        forKey key: UInt64,
        in table: Table
    ) throws(LMDBError) -> UnsafeMutableRawBufferPointer {
        prepareChange(of: table)
        var place = unsafe MDB_val(mv_size: byteCount, mv_data: nil)
        let code = unsafe CLMDBCalls.withValue(of: key) { key in
            var key = unsafe key
            return unsafe mdb_put(handle, table.index, &key, &place, UInt32(MDB_RESERVE))
        }
        try check(code, "reserve a row (mdb_put) in", path: tableReader.environment.path)
        return unsafe UnsafeMutableRawBufferPointer(start: place.mv_data, count: byteCount)
    }

    /// LMDB does not clear what it reserves, so a byte that `fill` leaves out would be garbage.
    private static func fill(
        _ place: UnsafeMutableRawBufferPointer,
        _ fill: (inout MutableSpan<UInt8>) -> Void
    ) {
        unsafe place.initializeMemory(as: UInt8.self, repeating: 0)
        let elements = unsafe place.bindMemory(to: UInt8.self)
        var span = unsafe MutableSpan(_unsafeElements: elements)
        fill(&span)
    }

    private mutating func prepareChange(of table: Table) {
        tableReader.prepareChange(of: table)
        let index = Int(table.index)
        guard unsafe index < appendCursors.count, let cursor = unsafe appendCursors[index]
        else { return }
        unsafe mdb_cursor_close(cursor)
        unsafe appendCursors[index] = nil
    }

    /// A cursor at the end of a table, for rows that come after all others.
    ///
    /// As long as nothing else changes the table it need not look for the end each time.
    private mutating func appendCursor(_ table: Table) throws(LMDBError) -> OpaquePointer {
        tableReader.prepareChange(of: table)
        let index = Int(table.index)
        if unsafe index < appendCursors.count, let cursor = unsafe appendCursors[index] {
            return unsafe cursor
        }
        while unsafe appendCursors.count <= index { unsafe appendCursors.append(nil) }
        let cursor = try unsafe tableReader.openCursor(table)
        unsafe appendCursors[index] = cursor
        return unsafe cursor
    }
}
