import CLMDB
import Glibc

/// Conversions between spans and LMDB's descriptions of bytes.
enum CLMDBCalls {
    /// Hands `body` LMDB's description of `bytes`.
    @inline(__always)
    static func withValue<R>(of bytes: Span<UInt8>, _ body: (MDB_val) -> R) -> R {
        unsafe bytes.withUnsafeBytes { bytes in
            unsafe body(
                MDB_val(
                    mv_size: bytes.count,
                    mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress)
                )
            )
        }
    }

    /// Hands `body` LMDB's description of a number as a key.
    @inline(__always)
    static func withValue<R>(of number: UInt64, _ body: (MDB_val) -> R) -> R {
        var number = number
        return unsafe withUnsafeMutableBytes(of: &number) { bytes in
            unsafe body(MDB_val(mv_size: bytes.count, mv_data: bytes.baseAddress))
        }
    }

    /// The bytes that LMDB describes.
    @inline(__always)
    static func bytes(_ value: MDB_val) -> UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(
            start: value.mv_data?.assumingMemoryBound(to: UInt8.self),
            count: value.mv_size
        )
    }
}

/// The movements of an LMDB cursor; whoever uses it keeps the cursor and transaction alive.
@unsafe
struct RawCursor {
    typealias Row = (key: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>)

    private let cursor: OpaquePointer
    private let path: String

    init(_ cursor: OpaquePointer, _ reader: TableReader) {
        unsafe self.cursor = cursor
        unsafe path = reader.environment.path
    }

    /// Moves by one of LMDB's cursor operations; nil if there is no row there.
    func move(_ operation: MDB_cursor_op) throws(LMDBError) -> Row? {
        var key = unsafe MDB_val()
        var value = unsafe MDB_val()
        let code = unsafe mdb_cursor_get(cursor, &key, &value, operation)
        if code == MDB_NOTFOUND { return nil }
        try unsafe check(code, "read rows (mdb_cursor_get) of", path: path)
        return unsafe (CLMDBCalls.bytes(key), CLMDBCalls.bytes(value))
    }

    /// Moves to the first key that is at least `key`; an empty key is before all others.
    func seek(atOrAfter key: Span<UInt8>) throws(LMDBError) -> Row? {
        if key.isEmpty { return try unsafe move(MDB_FIRST) }
        var found = unsafe MDB_val()
        var value = unsafe MDB_val()
        let code = unsafe CLMDBCalls.withValue(of: key) { key in
            unsafe found = unsafe key
            return unsafe mdb_cursor_get(cursor, &found, &value, MDB_SET_RANGE)
        }
        if code == MDB_NOTFOUND { return nil }
        try unsafe check(code, "read rows (mdb_cursor_get) of", path: path)
        return unsafe (CLMDBCalls.bytes(found), CLMDBCalls.bytes(value))
    }

    /// Moves to the last key that is at most `key`.
    func seek(atOrBefore key: Span<UInt8>) throws(LMDBError) -> Row? {
        guard let row = try unsafe seek(atOrAfter: key) else { return try unsafe move(MDB_LAST) }
        if unsafe Self.isEqual(row.key, key) { return unsafe row }
        return try unsafe move(MDB_PREV)
    }

    /// Moves to the last key that is less than `key`; an empty key is after all others.
    func seek(before key: Span<UInt8>) throws(LMDBError) -> Row? {
        if key.isEmpty { return try unsafe move(MDB_LAST) }
        guard try unsafe seek(atOrAfter: key) != nil else { return try unsafe move(MDB_LAST) }
        return try unsafe move(MDB_PREV)
    }

    /// Moves to the first number that is at least `number`.
    func seek(atOrAfter number: UInt64) throws(LMDBError) -> Row? {
        var found = unsafe MDB_val()
        var value = unsafe MDB_val()
        let code = unsafe CLMDBCalls.withValue(of: number) { key in
            unsafe found = unsafe key
            return unsafe mdb_cursor_get(cursor, &found, &value, MDB_SET_RANGE)
        }
        if code == MDB_NOTFOUND { return nil }
        try unsafe check(code, "read rows (mdb_cursor_get) of", path: path)
        return unsafe (CLMDBCalls.bytes(found), CLMDBCalls.bytes(value))
    }

    /// Moves to the last number that is at most `number`.
    func seek(atOrBefore number: UInt64) throws(LMDBError) -> Row? {
        guard let row = try unsafe seek(atOrAfter: number) else {
            return try unsafe move(MDB_LAST)
        }
        if unsafe Self.number(row.key) == number { return unsafe row }
        return try unsafe move(MDB_PREV)
    }

    private static func isEqual(_ key: UnsafeBufferPointer<UInt8>, _ other: Span<UInt8>) -> Bool {
        unsafe other.withUnsafeBufferPointer { other in
            guard key.count == other.count else { return false }
            guard let left = key.baseAddress, let right = other.baseAddress
            else { return true }
            return unsafe memcmp(left, right, key.count) == 0
        }
    }

    /// The number that a key of a `.positions` table is.
    static func number(_ key: UnsafeBufferPointer<UInt8>) -> UInt64 {
        unsafe UnsafeRawBufferPointer(key).loadUnaligned(as: UInt64.self)
    }
}
