import LMDB

/// The directory of a log: what lies in it, making it, opening it.
struct LogDirectory {
    /// The format that this program writes; also the newest that it reads.
    static let format = 1
    static let lockFile = "writer.lock"
    static let mapSizeFile = "map-size"
    private static let dataFile = "data.mdb"

    private let directory: StoreDirectory
    private var path: String { directory.path }

    init(_ path: String) {
        directory = StoreDirectory(path)
    }

    // MARK: - Making

    func create(
        _ options: LogOptions,
        _ clock: @escaping @Sendable () -> Timestamp
    ) throws(EventLogError) -> EventLog {
        try prepareForCreation()
        let lock = try writerLock()
        guard lock.lock(patience: options.lockPatience) else {
            throw .held(path: path, by: lock.holder, waited: options.lockPatience)
        }
        let store = try makeStore(.random(), options)
        if options.lockMode == .perBatch { lock.unlock() }
        return try EventLog(store, lock, options, clock)
    }

    /// Makes the store of an empty ledger in a directory that is there.
    func makeStore(
        _ id: LedgerID,
        _ options: LogOptions,
        flushesCommits: Bool = true
    ) throws(EventLogError) -> LogStore {
        try fromStore { () throws(LMDBError) in
            try directory.setText("\(options.mapSizeBytes)\n", of: Self.mapSizeFile)
            var made = EnvironmentOptions(mapSizeBytes: options.mapSizeBytes, creates: true)
            made.flushesCommits = flushesCommits
            let environment = try Environment(path: path, options: made)
            return try makeStore(environment, id, options)
        }
    }

    /// Makes the directory, or checks that it holds nothing but a creation that was cut short.
    private func prepareForCreation() throws(EventLogError) {
        try fromDirectory { () throws(LMDBError) in
            switch try directory.kind() {
            case .missing: try directory.make()
            case .directory: return
            case .other: throw LMDBError(.other(0), "", path: path)
            }
        }
        let ours = [
            Self.dataFile, "lock.mdb", Self.lockFile, Self.mapSizeFile, Self.mapSizeFile + ".new",
        ]
        let names = try fromStore { () throws(LMDBError) in try directory.names() }
        if names.contains(Self.dataFile), try hasLedger() { throw .ledgerExists(path: path) }
        if let foreign = names.first(where: { !ours.contains($0) }) {
            throw .directoryInUse(path: path, by: foreign)
        }
    }

    /// Whether the data file holds a ledger; a creation that was cut short leaves one without.
    private func hasLedger() throws(EventLogError) -> Bool {
        do throws(LMDBError) {
            let environment = try Environment(
                path: path,
                options: EnvironmentOptions(isReadOnly: true)
            )
            _ = try environment.openTable("meta", .bytes)
            return true
        } catch {
            switch error.code {
            case .tableMissing, .missing: return false
            case .truncated(0, _): return false
            default: throw EventLogError(error)
            }
        }
    }

    /// Makes all tables and the log's rows about itself in one transaction.
    private func makeStore(
        _ environment: Environment,
        _ id: LedgerID,
        _ options: LogOptions
    ) throws(LMDBError) -> LogStore {
        precondition(!options.clientTables.contains { $0.contains(".") })
        let clients = ClientTables.definitions(options.clientTables, generation: 1)
        let opened = try environment.createTables(LogTables.definitions + clients) {
            (transaction, opened) throws(LMDBError) in
            let rows = [
                ("format", "\(Self.format)"), ("minimum-reader", "\(Self.format)"),
                ("minimum-writer", "\(Self.format)"), ("ledger-id", id.text),
                ("map-size", "\(options.mapSizeBytes)"),
            ]
            let meta = LogTables(opened).meta
            for (name, text) in rows {
                let key = Array(name.utf8)
                let value = Array(text.utf8)
                try transaction.put(value.span, forKey: key.span, in: meta)
            }
            let key = HeadRow.key
            let head = HeadRow().bytes
            try transaction.put(head.span, forKey: key.span, in: meta)
            let clientRows = ClientRows(generation: 1, version: options.clientVersion).rows
            for row in clients.isEmpty ? [] : clientRows {
                let (key, value) = row
                try transaction.put(value.span, forKey: key.span, in: meta)
            }
        }
        let store = makeStore(environment, id, LogTables(opened), options)
        let tables = Array(opened.dropFirst(LogTables.definitions.count))
        store.client.keep(ClientTables(generation: 1, names: options.clientTables, tables))
        return store
    }

    private func makeStore(
        _ environment: Environment,
        _ id: LedgerID,
        _ tables: LogTables,
        _ options: LogOptions
    ) -> LogStore {
        LogStore(
            environment: environment,
            tables: tables,
            client: ClientTableCache(options, path: path),
            path: path,
            id: id,
            faults: options.faults
        )
    }

    // MARK: - Opening

    func open(
        _ access: EventLog.Access,
        _ options: LogOptions,
        _ clock: @escaping @Sendable () -> Timestamp
    ) throws(EventLogError) -> EventLog {
        try checkPresence()
        let lock = access == .readWrite ? try writerLock() : nil
        if let lock, options.lockMode == .session, !lock.lock(patience: options.lockPatience) {
            throw .held(path: path, by: lock.holder, waited: options.lockPatience)
        }
        let environment = try fromStore { () throws(LMDBError) in
            try Environment(
                path: path,
                options: EnvironmentOptions(
                    mapSizeBytes: try mapSizeBytes(),
                    isReadOnly: access == .read
                )
            )
        }
        let id = try checkMeta(environment, access)
        let opened = try fromStore { () throws(LMDBError) in
            try environment.openTables(LogTables.definitions)
        }
        let store = makeStore(environment, id, LogTables(opened), options)
        try openClientTables(store)
        return try EventLog(store, lock, options, clock)
    }

    /// Opens the environment for whoever reads the file itself; nil if LMDB cannot open it.
    ///
    /// LMDB looks at no page but the two meta pages for that.
    func openForInspection() throws(EventLogError) -> Environment? {
        try checkPresence()
        do throws(LMDBError) {
            return try Environment(
                path: path,
                options: EnvironmentOptions(mapSizeBytes: try mapSizeBytes(), isReadOnly: true)
            )
        } catch {
            switch error.code {
            case .notADatabase, .truncated, .versionMismatch, .corrupted: return nil
            default: throw EventLogError(error)
            }
        }
    }

    /// The size in the file beside; without it LMDB takes the size that its meta page has.
    private func mapSizeBytes() throws(LMDBError) -> Int? {
        try directory.text(of: Self.mapSizeFile).flatMap { Int($0.prefix { $0 != "\n" }) }
    }

    /// Opens the client's tables, if they can be used.
    ///
    /// If not, the log itself can be read all the same, and the tables be rebuilt; whoever uses
    /// them is told why that cannot be.
    private func openClientTables(_ store: LogStore) throws(EventLogError) {
        do throws(EventLogError) {
            try store.client.open(store.environment, store.tables.meta)
        } catch {
            switch error {
            case .tablesOlder, .tablesNewer, .tableMissing: return
            default: throw error
            }
        }
    }

    private func checkPresence() throws(EventLogError) {
        let names = try fromDirectory { () throws(LMDBError) in
            switch try directory.kind() {
            case .missing: throw LMDBError(.missing, "open", path: path)
            case .directory: return try directory.names()
            case .other: throw LMDBError(.other(0), "", path: path)
            }
        }
        if !names.contains(Self.dataFile) { throw .noLedger(path: path) }
    }

    /// Reads what the log knows of itself, before anything else is read.
    private func checkMeta(
        _ environment: Environment,
        _ access: EventLog.Access
    ) throws(EventLogError) -> LedgerID {
        let meta: Table
        do throws(LMDBError) {
            meta = try environment.openTable("meta", .bytes)
        } catch {
            if case .tableMissing = error.code { throw .noLedger(path: path) }
            throw EventLogError(error)
        }
        let needed = access == .read ? "minimum-reader" : "minimum-writer"
        let rows = try fromStore { () throws(LMDBError) in
            try environment.texts(of: ["ledger-id", "minimum-reader", needed], in: meta)
        }
        for name in ["minimum-reader", needed] {
            guard let needs = rows[name].flatMap({ Int($0) }) else {
                throw .damaged(path: path, what: "table meta has no sound row '\(name)'")
            }
            if needs > Self.format {
                throw .newerFormat(path: path, needs: needs, supports: Self.format)
            }
        }
        guard let id = rows["ledger-id"] else {
            throw .damaged(path: path, what: "table meta has no row 'ledger-id'")
        }
        return LedgerID(text: id)
    }

    /// Opens the lock file, which tells whether the directory can be written at all.
    private func writerLock() throws(EventLogError) -> FileLock {
        do throws(LMDBError) {
            return try FileLock(Self.lockFile, in: directory)
        } catch {
            switch error.code {
            case .permission, .readOnly: throw .readOnlyDirectory(path: path)
            default: throw EventLogError(error)
            }
        }
    }

    /// Runs `body`, in which code 0 stands for a path that is no directory.
    private func fromDirectory<T>(
        _ body: () throws(LMDBError) -> T
    ) throws(EventLogError) -> T {
        do throws(LMDBError) {
            return try body()
        } catch {
            switch error.code {
            case .other(0): throw .notADirectory(path: path)
            case .missing where error.operation == StoreDirectory.making:
                throw .noParentDirectory(path: path)
            case .permission where error.operation == StoreDirectory.making:
                throw .readOnlyDirectory(path: path)
            default: throw EventLogError(error)
            }
        }
    }
}

extension Environment {
    /// The values of some rows as text.
    fileprivate func texts(
        of names: [String],
        in table: Table
    ) throws(LMDBError) -> [String: String] {
        do throws(TransactionFailure<LMDBError>) {
            return try read { (transaction) throws(LMDBError) in
                var texts: [String: String] = [:]
                for name in names {
                    let value = try transaction.reader().value(forKey: Array(name.utf8), in: table)
                    texts[name] = value.map { String(decoding: $0, as: UTF8.self) }
                }
                return texts
            }
        } catch {
            throw error.error
        }
    }
}
