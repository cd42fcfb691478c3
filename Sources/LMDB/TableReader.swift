import CLMDB
import Glibc

/// Reads the tables of one live transaction, for code that cannot hold the transaction itself.
///
/// It ends with its transaction; a use after that ends the program with a sentence. On a write
/// transaction it sees the changes made so far. Bytes that it lends to a closure are valid in the
/// closure only, and nothing may be written while they are lent. It is used by one thread at a
/// time. It keeps one cursor for each table, so reads that are near each other are cheap.
@safe
package final class TableReader {
    let environment: Environment
    /// LMDB's transaction; nil once it is over.
    private var transaction: OpaquePointer?
    /// One idle cursor for each table index, made at first use.
    ///
    /// Never one that is being iterated.
    private var cursors: [OpaquePointer?] = unsafe []
    /// How many of `cursors` there are.
    private var cursorCount = 0
    /// How many closures hold bytes of the transaction now.
    private var loanCount = 0

    init(_ transaction: OpaquePointer, _ environment: Environment) {
        self.environment = environment
        unsafe self.transaction = transaction
    }

    /// Closes the cursors and gives the transaction back, once.
    func end() -> OpaquePointer? {
        guard let ended = unsafe transaction else { return nil }
        if loanCount > 0 { fatalError("a transaction was ended while its bytes were lent") }
        for index in unsafe cursors.indices { closeCursor(index) }
        unsafe transaction = nil
        return unsafe ended
    }

    /// The transaction, which must be alive.
    var live: OpaquePointer {
        guard let transaction = unsafe transaction else {
            fatalError("a table reader was used after its transaction had ended")
        }
        return unsafe transaction
    }

    func openTable(_ definition: TableDefinition, create: Bool) throws(LMDBError) -> Table {
        var index: MDB_dbi = 0
        let flags =
            (definition.kind == .positions ? UInt32(MDB_INTEGERKEY) : 0)
            | (create ? UInt32(MDB_CREATE) : 0)
        let code = unsafe mdb_dbi_open(live, definition.name, flags, &index)
        if code == MDB_NOTFOUND {
            throw LMDBError(
                .tableMissing(definition.name),
                "open a table (mdb_dbi_open) of",
                path: environment.path
            )
        }
        try check(code, "open a table (mdb_dbi_open) of", path: environment.path)
        return Table(index: index, kind: definition.kind)
    }

    /// Called before a change: lent bytes would move, and a cursor kept on the table is dropped
    /// rather than trusted to follow it.
    @inline(__always)
    func prepareChange(of table: Table) {
        if loanCount > 0 {
            fatalError("a table was changed while its bytes were lent to a closure")
        }
        if cursorCount > 0 { closeCursor(Int(table.index)) }
    }

    /// The names of all tables, opened or not.
    ///
    /// LMDB lists them in a table of its own, number 1.
    package func tableNames() throws(LMDBError) -> [String] {
        var names: [String] = []
        try forEach(in: Table(index: 1, kind: .bytes)) { name, _ in
            names.append(String(decoding: Self.copy(name), as: UTF8.self))
            return true
        }
        return names
    }

    // MARK: - One row

    /// Hands `body` the value of `key`; nil if there is none.
    package func withValue<R>(
        forKey key: [UInt8],
        in table: Table,
        _ body: (Span<UInt8>) -> R
    ) throws(LMDBError) -> R? {
        let key = key
        guard let bytes = try unsafe bytes(forKey: key.span, in: table) else { return nil }
        return unsafe lend(bytes, body)
    }

    /// Hands `body` the value of the number `key`; nil if there is none.
    package func withValue<R>(
        forKey key: UInt64,
        in table: Table,
        _ body: (Span<UInt8>) -> R
    ) throws(LMDBError) -> R? {
        guard let bytes = try unsafe bytes(forKey: key, in: table) else { return nil }
        return unsafe lend(bytes, body)
    }

    /// A copy of the value of `key`; nil if there is none.
    package func value(forKey key: [UInt8], in table: Table) throws(LMDBError) -> [UInt8]? {
        let key = key
        return try unsafe bytes(forKey: key.span, in: table).map { unsafe Array($0) }
    }

    /// A copy of the value of the number `key`; nil if there is none.
    package func value(forKey key: UInt64, in table: Table) throws(LMDBError) -> [UInt8]? {
        try unsafe bytes(forKey: key, in: table).map { unsafe Array($0) }
    }

    /// Whether there is a row of `key`.
    package func contains(_ key: [UInt8], in table: Table) throws(LMDBError) -> Bool {
        let key = key
        return try unsafe bytes(forKey: key.span, in: table) != nil
    }

    /// How many rows a table has.
    ///
    /// - Complexity: O(1)
    package func count(of table: Table) throws(LMDBError) -> UInt64 {
        var statistics = MDB_stat()
        try unsafe check(
            mdb_stat(live, table.index, &statistics),
            "count the rows (mdb_stat) of",
            path: environment.path
        )
        return UInt64(statistics.ms_entries)
    }

    // MARK: - The nearest row

    /// The row of the greatest key that is at most `key` and shares its first `prefixCount` bytes.
    ///
    /// One seek.
    package func last(
        atOrBefore key: [UInt8],
        prefixCount: Int = 0,
        in table: Table
    ) throws(LMDBError) -> (key: [UInt8], value: [UInt8])? {
        try withLast(atOrBefore: key, prefixCount: prefixCount, in: table) { key, value in
            (Self.copy(key), Self.copy(value))
        }
    }

    /// As `last(atOrBefore:prefixCount:in:)`, without a copy.
    package func withLast<R>(
        atOrBefore key: [UInt8],
        prefixCount: Int = 0,
        in table: Table,
        _ body: (_ key: Span<UInt8>, _ value: Span<UInt8>) -> R
    ) throws(LMDBError) -> R? {
        let key = key
        let cursor = try unsafe keptCursor(table)
        guard let row = try unsafe RawCursor(cursor, self).seek(atOrBefore: key.span) else {
            return nil
        }
        guard unsafe row.key.count >= prefixCount, unsafe row.key.starts(with: key[..<prefixCount])
        else { return nil }
        return unsafe lend(row, body)
    }

    /// The row of the smallest key that is at least `key` and shares its first `prefixCount` bytes.
    ///
    /// One seek.
    package func first(
        atOrAfter key: [UInt8],
        prefixCount: Int = 0,
        in table: Table
    ) throws(LMDBError) -> (key: [UInt8], value: [UInt8])? {
        let key = key
        let cursor = try unsafe keptCursor(table)
        guard let row = try unsafe RawCursor(cursor, self).seek(atOrAfter: key.span) else {
            return nil
        }
        guard unsafe row.key.count >= prefixCount, unsafe row.key.starts(with: key[..<prefixCount])
        else { return nil }
        return unsafe (Array(row.key), Array(row.value))
    }

    /// The row of the greatest number that is at most `key`.
    package func last(
        atOrBefore key: UInt64,
        in table: Table
    ) throws(LMDBError) -> (key: UInt64, value: [UInt8])? {
        let cursor = try unsafe keptCursor(table)
        guard let row = try unsafe RawCursor(cursor, self).seek(atOrBefore: key) else { return nil }
        return unsafe (RawCursor.number(row.key), Array(row.value))
    }

    /// The row of the smallest number that is at least `key`.
    package func first(
        atOrAfter key: UInt64,
        in table: Table
    ) throws(LMDBError) -> (key: UInt64, value: [UInt8])? {
        let cursor = try unsafe keptCursor(table)
        guard let row = try unsafe RawCursor(cursor, self).seek(atOrAfter: key) else { return nil }
        return unsafe (RawCursor.number(row.key), Array(row.value))
    }

    // MARK: - Many rows

    /// Hands `body` each row whose key starts with `prefix`, until it returns false.
    package func forEach(
        prefix: [UInt8],
        reverse: Bool = false,
        in table: Table,
        _ body: (_ key: Span<UInt8>, _ value: Span<UInt8>) -> Bool
    ) throws(LMDBError) {
        try forEach(
            from: prefix,
            before: Self.successor(ofPrefix: prefix),
            reverse: reverse,
            in: table,
            body
        )
    }

    /// Hands `body` each row with `lower` ≤ key < `upper`, until it returns false.
    ///
    /// A bound that is nil or empty is no bound.
    package func forEach(
        from lower: [UInt8]? = nil,
        before upper: [UInt8]? = nil,
        reverse: Bool = false,
        in table: Table,
        _ body: (_ key: Span<UInt8>, _ value: Span<UInt8>) -> Bool
    ) throws(LMDBError) {
        let lower = lower ?? []
        let upper = upper ?? []
        let opened = try unsafe openCursor(table)
        defer { unsafe mdb_cursor_close(opened) }
        let cursor = unsafe RawCursor(opened, self)
        var row =
            try unsafe reverse
            ? cursor.seek(before: upper.span) : cursor.seek(atOrAfter: lower.span)
        while let (key, value) = unsafe row {
            let isInside =
                unsafe reverse
                ? !isLess(key, lower) : upper.isEmpty || isLess(key, upper)
            guard isInside, unsafe lend((key, value), body) else { return }
            unsafe row = try unsafe reverse ? cursor.move(MDB_PREV) : cursor.move(MDB_NEXT)
        }
    }

    /// Hands `body` each row whose number is in `numbers`, until it returns false.
    package func forEach(
        in numbers: ClosedRange<UInt64>,
        reverse: Bool = false,
        of table: Table,
        _ body: (_ key: UInt64, _ value: Span<UInt8>) -> Bool
    ) throws(LMDBError) {
        let opened = try unsafe openCursor(table)
        defer { unsafe mdb_cursor_close(opened) }
        let cursor = unsafe RawCursor(opened, self)
        var row =
            try unsafe reverse
            ? cursor.seek(atOrBefore: numbers.upperBound)
            : cursor.seek(atOrAfter: numbers.lowerBound)
        while let (key, value) = unsafe row {
            let number = unsafe RawCursor.number(key)
            guard numbers.contains(number) else { return }
            let goesOn = unsafe lend(value) { body(number, $0) }
            guard goesOn else { return }
            unsafe row = try unsafe reverse ? cursor.move(MDB_PREV) : cursor.move(MDB_NEXT)
        }
    }

    // MARK: - Inside

    /// The value of `key`, valid until the transaction ends or changes.
    func bytes(
        forKey key: Span<UInt8>,
        in table: Table
    ) throws(LMDBError) -> UnsafeBufferPointer<UInt8>? {
        var found = unsafe MDB_val()
        let transaction = unsafe live
        let code = unsafe CLMDBCalls.withValue(of: key) { key in
            var key = unsafe key
            return unsafe mdb_get(transaction, table.index, &key, &found)
        }
        return try unsafe value(found, code)
    }

    /// The value of the number `key`, valid until the transaction ends or changes.
    ///
    /// By the kept cursor: the next number is mostly on the same page.
    func bytes(
        forKey key: UInt64,
        in table: Table
    ) throws(LMDBError) -> UnsafeBufferPointer<UInt8>? {
        var found = unsafe MDB_val()
        let cursor = try unsafe keptCursor(table)
        let code = unsafe CLMDBCalls.withValue(of: key) { key in
            var key = unsafe key
            return unsafe mdb_cursor_get(cursor, &key, &found, MDB_SET)
        }
        return try unsafe value(found, code)
    }

    private func value(
        _ found: MDB_val,
        _ code: CInt
    ) throws(LMDBError) -> UnsafeBufferPointer<UInt8>? {
        if code == MDB_NOTFOUND { return nil }
        try check(code, "read a row (mdb_get) of", path: environment.path)
        return unsafe CLMDBCalls.bytes(found)
    }

    private func keptCursor(_ table: Table) throws(LMDBError) -> OpaquePointer {
        let index = Int(table.index)
        _ = unsafe live
        if unsafe index < cursors.count, let cursor = unsafe cursors[index] {
            return unsafe cursor
        }
        while unsafe cursors.count <= index { unsafe cursors.append(nil) }
        let cursor = try unsafe openCursor(table)
        unsafe cursors[index] = cursor
        cursorCount += 1
        return unsafe cursor
    }

    func openCursor(_ table: Table) throws(LMDBError) -> OpaquePointer {
        var opened: OpaquePointer?
        try unsafe check(
            mdb_cursor_open(live, table.index, &opened),
            "open a cursor (mdb_cursor_open) on",
            path: environment.path
        )
        guard let cursor = unsafe opened else {
            preconditionFailure("mdb_cursor_open succeeded without a cursor")
        }
        return unsafe cursor
    }

    private func closeCursor(_ index: Int) {
        guard unsafe index < cursors.count, let cursor = unsafe cursors[index] else { return }
        unsafe mdb_cursor_close(cursor)
        unsafe cursors[index] = nil
        cursorCount -= 1
    }

    private func lend<R>(_ bytes: UnsafeBufferPointer<UInt8>, _ body: (Span<UInt8>) -> R) -> R {
        loanCount += 1
        defer { loanCount -= 1 }
        return unsafe body(Span(_unsafeElements: bytes))
    }

    private func lend<R>(_ row: RawCursor.Row, _ body: (Span<UInt8>, Span<UInt8>) -> R) -> R {
        loanCount += 1
        defer { loanCount -= 1 }
        return unsafe body(Span(_unsafeElements: row.key), Span(_unsafeElements: row.value))
    }

    private static func copy(_ bytes: Span<UInt8>) -> [UInt8] {
        unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
    }

    /// The smallest key above all that start with `prefix`; empty if there is none.
    private static func successor(ofPrefix prefix: [UInt8]) -> [UInt8] {
        var bound = prefix
        while let last = bound.popLast() {
            if last < 255 {
                bound.append(last + 1)
                return bound
            }
        }
        return []
    }

    private func isLess(_ key: UnsafeBufferPointer<UInt8>, _ bound: [UInt8]) -> Bool {
        let common = min(key.count, bound.count)
        let order = unsafe bound.withUnsafeBufferPointer { bound -> CInt in
            guard common > 0, let left = key.baseAddress,
                let right = bound.baseAddress
            else { return 0 }
            return unsafe memcmp(left, right, common)
        }
        return order < 0 || (order == 0 && key.count < bound.count)
    }
}
