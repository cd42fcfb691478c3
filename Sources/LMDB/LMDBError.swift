import CLMDB
import Glibc

/// A call into the store that failed: what was attempted, where, and why.
package struct LMDBError: Error, Hashable, Sendable {
    /// Why a call failed.
    ///
    /// `description` names cause and remedy of each.
    package enum Code: Hashable, Sendable {
        /// The map size is used up (`MDB_MAP_FULL`).
        case mapFull
        /// The file system has no room: `ENOSPC`, `EDQUOT`, or `EIO` after a short write.
        case diskFull
        /// All reader slots are taken by live processes (`MDB_READERS_FULL`).
        case readersFull
        /// One transaction changed more pages than LMDB can list (`MDB_TXN_FULL`).
        case transactionFull
        /// The file was written by another, incompatible LMDB (`MDB_VERSION_MISMATCH`).
        case versionMismatch
        /// A meta page could not be written; the environment is unusable (`MDB_PANIC`).
        case panic
        /// A page that is not what the page that names it says (`MDB_CORRUPTED`).
        case corrupted
        /// The file is no LMDB file, or its meta pages are rotten; here is which rule fails.
        case notADatabase(String)
        /// The file is shorter than the pages that its meta page names.
        case truncated(byteCount: UInt64, neededByteCount: UInt64)
        /// There is no data file, and it was not asked to make one.
        case missing
        /// The table is not in the file.
        case tableMissing(String)
        /// Another process made the map larger than this process has mapped it.
        case mapResized
        /// The process has opened as many tables as it said that it may (`MDB_DBS_FULL`).
        case tablesFull
        /// A row was appended whose key is not above the last one (`MDB_KEYEXIST`).
        case keyOrder
        /// A key that is empty or above 511 bytes (`MDB_BAD_VALSIZE`).
        case keySize
        /// The directory's environment is open in this process already.
        case alreadyOpen
        /// The account may not read or write the files (`EACCES`, `EPERM`).
        case permission
        /// The file system is mounted read-only (`EROFS`).
        case readOnly
        /// Anything else: an `errno`, or a code of LMDB.
        case other(Int32)
    }

    /// Why it failed.
    package let code: Code
    /// What was attempted, with the C function's name.
    package let operation: String
    /// The environment's directory.
    package let path: String

    /// A failure of `operation` on the environment in `path`.
    package init(_ code: Code, _ operation: String, path: String) {
        self.code = code
        self.operation = operation
        self.path = path
    }
}

extension LMDBError: CustomStringConvertible {
    package var description: String {
        "cannot \(operation) the store in \(path): \(cause)"
    }

    private var cause: String {
        switch code {
        case .mapFull:
            "its map size is used up; move it to a ledger with a larger one"
        case .diskFull:
            "the file system is full; free some space and try again"
        case .readersFull:
            "all reader slots are taken; end some of the processes that read it"
        case .transactionFull:
            "one transaction changes more pages than it can; make smaller batches"
        case .versionMismatch:
            "an incompatible version of LMDB wrote it; use the program that wrote it"
        case .panic:
            "an earlier write of its meta page failed; restart the program"
        case .corrupted:
            "its pages contradict each other; restore it from a backup"
        case .notADatabase(let rule):
            "data.mdb is no LMDB file, \(rule); restore it from a backup"
        case .truncated(let has, let needs):
            "data.mdb has \(has) bytes where it needs \(needs); restore it from a backup"
        case .missing:
            "there is no data.mdb; name another directory or create a ledger"
        case .tableMissing(let name):
            "it has no table \(name); use the program version that wrote it"
        case .mapResized:
            "another process has enlarged its map; restart the program"
        case .tablesFull:
            "it has opened as many tables as it may; restart the program"
        case .keyOrder:
            "a row's key is not above the last one, which is a defect of the program"
        case .keySize:
            "a key is empty or longer than 511 bytes, which is a defect of the program"
        case .alreadyOpen:
            "this process has it open already; share the one that is open"
        case .permission:
            "permission denied; its files (lock.mdb for readers too) must be writable"
        case .readOnly:
            "its file system is mounted read-only; remount it or copy the ledger"
        case .other(let code):
            "\(Self.text(of: code))"
        }
    }

    /// The C library's text for a code.
    private static func text(of code: Int32) -> String {
        guard let text = unsafe mdb_strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }
}

extension LMDBError {
    /// The one place where codes of LMDB and of the system become errors.
    ///
    /// LMDB reports a short write, which a full disk gives, as `EIO`; whether the disk is full
    /// is then asked of the file system.
    init(_ code: CInt, _ operation: String, path: String) {
        self.init(Self.meaning(of: code, path: path), operation, path: path)
    }

    private static func meaning(of code: CInt, path: String) -> Code {
        switch code {
        case MDB_MAP_FULL: .mapFull
        case MDB_READERS_FULL: .readersFull
        case MDB_TXN_FULL: .transactionFull
        case MDB_VERSION_MISMATCH: .versionMismatch
        case MDB_PANIC: .panic
        case MDB_CORRUPTED, MDB_PAGE_NOTFOUND: .corrupted
        case MDB_INVALID: .notADatabase("LMDB finds its header invalid")
        case MDB_MAP_RESIZED: .mapResized
        case MDB_DBS_FULL: .tablesFull
        case MDB_KEYEXIST: .keyOrder
        case MDB_BAD_VALSIZE: .keySize
        case ENOSPC, EDQUOT: .diskFull
        case EIO: isDiskFull(path) ? .diskFull : .other(EIO)
        case EACCES, EPERM: .permission
        case EROFS: .readOnly
        case ENOENT: .missing
        default: .other(code)
        }
    }

    /// Whether the file system has less room than LMDB writes in one call (64 pages).
    private static func isDiskFull(_ path: String) -> Bool {
        var room = statvfs()
        guard unsafe statvfs(path, &room) == 0 else { return false }
        return UInt64(room.f_bavail) * UInt64(room.f_frsize) < 64 * 65_536
    }
}

/// Throws unless `code` is success: every call into LMDB goes through here.
@inline(__always)
func check(
    _ code: CInt,
    _ operation: StaticString,
    path: @autoclosure () -> String
) throws(LMDBError) {
    if code != MDB_SUCCESS { throw LMDBError(code, "\(operation)", path: path()) }
}
