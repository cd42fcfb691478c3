import CLMDB
import Glibc
import Synchronization

/// How an environment is opened.
package struct EnvironmentOptions: Hashable, Sendable {
    /// The address space that the data file may grow to; nil takes what the file says.
    package var mapSizeBytes: Int?
    /// Named tables that may be opened.
    package var tableCountMax: UInt32
    /// Readers that may be at work at once, in all processes; 64 bytes of the lock file each.
    package var readerCountMax: UInt32
    /// Whether only read transactions will be begun.
    package var isReadOnly: Bool
    /// Whether the data file is made if it is not there.
    package var creates: Bool
    /// Whether commits wait for the disk.
    ///
    /// Only where nothing that is committed counts before `flush`: in a directory that is still
    /// being made, and is thrown away if that is interrupted.
    package var flushesCommits = true

    /// The options of an existing environment that is to be written.
    package init(
        mapSizeBytes: Int? = nil,
        tableCountMax: UInt32 = 128,
        readerCountMax: UInt32 = 1024,
        isReadOnly: Bool = false,
        creates: Bool = false
    ) {
        self.mapSizeBytes = mapSizeBytes
        self.tableCountMax = tableCountMax
        self.readerCountMax = readerCountMax
        self.isReadOnly = isReadOnly
        self.creates = creates
    }
}

/// One LMDB environment: a directory with `data.mdb` and `lock.mdb`, mapped into memory.
///
/// A process opens a directory once and shares the environment: closing a second one would drop
/// the locks of the first. It must not be used after a fork. Every commit is durable, unless the
/// options say otherwise: neither WRITEMAP, NOLOCK nor NOMEMINIT is ever set, and NOSYNC only where
/// `EnvironmentOptions.flushesCommits` is false. Readers are not bound to a thread (NOTLS).
@safe
package final class Environment: @unchecked Sendable {
    // @unchecked: LMDB's handle may be shared between threads; `tables` is a mutex.
    let handle: OpaquePointer
    /// The directory.
    package let path: String
    /// Whether only read transactions can be begun.
    package let isReadOnly: Bool
    private let identity: FileIdentity
    /// Tables opened so far, by name.
    ///
    /// The mutex also keeps two threads from opening at once, which LMDB forbids.
    private let tables = Mutex<[String: Table]>([:])

    /// Opens the environment in the directory `path`.
    ///
    /// Both meta pages are checked before LMDB maps the file, because it trusts them: a rotten
    /// one, or a file that was cut off, would end the process by a signal. Reader slots of dead
    /// processes are cleared. A new data file and its directory are fsynced.
    ///
    /// - Throws: `.missing`, `.notADatabase`, `.truncated`, `.alreadyOpen`, `.permission`,
    ///   `.readOnly`, and what `mdb_env_open` gives.
    package init(path: String, options: EnvironmentOptions) throws(LMDBError) {
        let identity = try FileIdentity(directory: path)
        guard OpenEnvironments.shared.insert(identity) else {
            throw LMDBError(.alreadyOpen, "open", path: path)
        }
        do throws(LMDBError) {
            let isNew = try DataFile(directory: path).isMissingOrNew(options)
            unsafe handle = try Self.open(path, options)
            if isNew { try DataFile(directory: path).makeDurable() }
        } catch {
            OpenEnvironments.shared.remove(identity)
            throw error
        }
        self.path = path
        self.identity = identity
        isReadOnly = options.isReadOnly
        clearStaleReaders()
    }

    deinit {
        unsafe mdb_env_close(handle)
        OpenEnvironments.shared.remove(identity)
    }

    private static func open(
        _ path: String,
        _ options: EnvironmentOptions
    ) throws(LMDBError) -> OpaquePointer {
        var created: OpaquePointer?
        try unsafe check(mdb_env_create(&created), "open (mdb_env_create)", path: path)
        guard let environment = unsafe created else {
            preconditionFailure("mdb_env_create succeeded without an environment")
        }
        do throws(LMDBError) {
            if let size = options.mapSizeBytes {
                try unsafe check(
                    mdb_env_set_mapsize(environment, size),
                    "set the map size (mdb_env_set_mapsize) of",
                    path: path
                )
            }
            try unsafe check(
                mdb_env_set_maxdbs(environment, options.tableCountMax),
                "set the table count (mdb_env_set_maxdbs) of",
                path: path
            )
            try unsafe check(
                mdb_env_set_maxreaders(environment, options.readerCountMax),
                "set the reader count (mdb_env_set_maxreaders) of",
                path: path
            )
            let flags =
                UInt32(MDB_NOTLS) | (options.isReadOnly ? UInt32(MDB_RDONLY) : 0)
                | (options.flushesCommits ? 0 : UInt32(MDB_NOSYNC))
            try unsafe check(
                mdb_env_open(environment, path, flags, 0o644),
                "open (mdb_env_open)",
                path: path
            )
        } catch {
            unsafe mdb_env_close(environment)
            throw error
        }
        return unsafe environment
    }

    /// Frees the reader slots of processes that have died; returns how many there were.
    @discardableResult
    package func clearStaleReaders() -> Int {
        var count: CInt = 0
        // A failure leaves the slots as they are; who then lacks one gets `.readersFull`.
        _ = unsafe mdb_reader_check(handle, &count)
        return Int(count)
    }

    /// Brings all that was committed to disk; for an environment whose commits do not wait for it.
    package func flush() throws(LMDBError) {
        try unsafe check(mdb_env_sync(handle, 1), "flush (mdb_env_sync)", path: path)
    }

    /// Opens a table, or makes it if `create` is true.
    ///
    /// - Throws: `.tableMissing` if it is not there and `create` is false.
    @available(*, noasync)
    package func openTable(
        _ name: String,
        _ kind: Table.Kind,
        create: Bool = false
    ) throws(LMDBError) -> Table {
        let opened = try openTables([TableDefinition(name, kind)], create: create)
        return opened[0]
    }

    /// Opens tables in one transaction, in the order given; makes them if `create` is true.
    ///
    /// - Throws: `.tableMissing` if one is not there and `create` is false.
    @available(*, noasync)
    package func openTables(
        _ definitions: [TableDefinition],
        create: Bool = false
    ) throws(LMDBError) -> [Table] {
        if create { return try createTables(definitions) { _, _ in } }
        return try tables.withLock { (known) throws(LMDBError) in
            var opened = known
            let transaction = try ReadTransaction(self)
            for definition in definitions where opened[definition.name] == nil {
                opened[definition.name] = try transaction.openTable(definition)
            }
            try transaction.keepTables()
            known = opened
            return definitions.compactMap { opened[$0.name] }
        }
    }

    /// Makes tables that are not there and has `fill` write their first rows, in one transaction.
    @available(*, noasync)
    package func createTables(
        _ definitions: [TableDefinition],
        _ fill: (inout WriteTransaction, [Table]) throws(LMDBError) -> Void
    ) throws(LMDBError) -> [Table] {
        try tables.withLock { (known) throws(LMDBError) in
            var opened = known
            var transaction = try WriteTransaction(self)
            for definition in definitions where opened[definition.name] == nil {
                opened[definition.name] = try transaction.openTable(definition)
            }
            let result = definitions.compactMap { opened[$0.name] }
            try fill(&transaction, result)
            try transaction.commit()
            known = opened
            return result
        }
    }

    /// Runs `body` on the tables that were opened, by name; none is dropped meanwhile.
    func withOpenedTables<T>(
        _ body: ([String: Table]) throws(LMDBError) -> T
    ) throws(LMDBError) -> T {
        try tables.withLock { (known) throws(LMDBError) in try body(known) }
    }

    /// Whether this process has opened the table `name`, be it still there or not.
    package func hasOpened(_ name: String) -> Bool { tables.withLock { $0[name] != nil } }

    /// Removes a table with all its rows in a transaction of its own; nothing if it is not there.
    ///
    /// LMDB closes the table's handle at once and takes the name away that transactions of this
    /// process may still look at: none may be alive that began while the table was in use, see
    /// `hasOwnReader(before:)`. Other processes' readers keep what they see.
    @available(*, noasync)
    package func dropTable(_ name: String) throws(LMDBError) {
        try tables.withLock { (known) throws(LMDBError) in
            var transaction = try WriteTransaction(self)
            let table: Table
            do throws(LMDBError) {
                table = try transaction.reader()
                    .openTable(TableDefinition(name, .bytes), create: false)
            } catch {
                if case .tableMissing = error.code { return }
                throw error
            }
            // Whatever comes of it, the handle is not to be used again.
            known[name] = nil
            try transaction.drop(table)
            try transaction.commit()
        }
    }
}
