import CLMDB

/// Goes through the rows of a table, forward, backward and by key.
///
/// It is at a row or nowhere; each movement says whether it came to a row. `key` and `value` are
/// lent until the next movement. It lives no longer than its transaction.
@safe
package struct Cursor: ~Copyable, ~Escapable {
    private let opened: OpaquePointer
    private let reader: TableReader
    private var row: RawCursor.Row?

    @_lifetime(immortal)
    init(_ reader: TableReader, _ table: Table) throws(LMDBError) {
        unsafe opened = try unsafe reader.openCursor(table)
        self.reader = reader
        unsafe row = nil
    }

    deinit { unsafe mdb_cursor_close(opened) }

    /// Whether it is at a row.
    package var isAtRow: Bool { unsafe row != nil }

    /// The key of the row that it is at.
    package var key: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get {
            guard let row = unsafe row else { fatalError("a cursor that is nowhere has no key") }
            return unsafe _overrideLifetime(Span(_unsafeElements: row.key), borrowing: self)
        }
    }

    /// The key of the row that it is at, in a table of numbers.
    package var number: UInt64 {
        guard let row = unsafe row else { fatalError("a cursor that is nowhere has no key") }
        return unsafe RawCursor.number(row.key)
    }

    /// The value of the row that it is at.
    package var value: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get {
            guard let row = unsafe row else { fatalError("a cursor that is nowhere has no value") }
            return unsafe _overrideLifetime(Span(_unsafeElements: row.value), borrowing: self)
        }
    }

    /// Moves to the first row.
    @_lifetime(self: copy self)
    package mutating func first() throws(LMDBError) -> Bool {
        unsafe row = try unsafe RawCursor(opened, reader).move(MDB_FIRST)
        return isAtRow
    }

    /// Moves to the last row.
    @_lifetime(self: copy self)
    package mutating func last() throws(LMDBError) -> Bool {
        unsafe row = try unsafe RawCursor(opened, reader).move(MDB_LAST)
        return isAtRow
    }

    /// Moves to the next row; from nowhere, to the first.
    @_lifetime(self: copy self)
    package mutating func next() throws(LMDBError) -> Bool {
        unsafe row = try unsafe RawCursor(opened, reader).move(MDB_NEXT)
        return isAtRow
    }

    /// Moves to the row before; from nowhere, to the last.
    @_lifetime(self: copy self)
    package mutating func previous() throws(LMDBError) -> Bool {
        unsafe row = try unsafe RawCursor(opened, reader).move(MDB_PREV)
        return isAtRow
    }

    /// Moves to the first row whose key is at least `key`.
    @_lifetime(self: copy self)
    package mutating func seek(atOrAfter key: Span<UInt8>) throws(LMDBError) -> Bool {
        unsafe row = try unsafe RawCursor(opened, reader).seek(atOrAfter: key)
        return isAtRow
    }

    /// Moves to the last row whose key is at most `key`.
    @_lifetime(self: copy self)
    package mutating func seek(atOrBefore key: Span<UInt8>) throws(LMDBError) -> Bool {
        unsafe row = try unsafe RawCursor(opened, reader).seek(atOrBefore: key)
        return isAtRow
    }

    /// Moves to the first row whose number is at least `number`.
    @_lifetime(self: copy self)
    package mutating func seek(atOrAfter number: UInt64) throws(LMDBError) -> Bool {
        unsafe row = try unsafe RawCursor(opened, reader).seek(atOrAfter: number)
        return isAtRow
    }

    /// Moves to the last row whose number is at most `number`.
    @_lifetime(self: copy self)
    package mutating func seek(atOrBefore number: UInt64) throws(LMDBError) -> Bool {
        unsafe row = try unsafe RawCursor(opened, reader).seek(atOrBefore: number)
        return isAtRow
    }
}
