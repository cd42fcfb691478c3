import LMDB

extension LogWriter {
    /// Removes what an interrupted rebuild left, and makes the empty tables of the next generation.
    ///
    /// - Throws: `.tablesNewer`: tables are rebuilt upward only.
    func beginRebuild() throws(EventLogError) -> (present: UInt64, tables: ClientTables) {
        try withLock { (store) throws(EventLogError) in
            try refuseNewer(store)
            let present = try dropOthers(store)
            let names = store.client.names
            let definitions = ClientTables.definitions(names, generation: present + 1)
            // LMDB would take a table that was opened and is gone for one that is there.
            guard !definitions.contains(where: { store.environment.hasOpened($0.name) }) else {
                throw .tablesRebuilt(path: path)
            }
            try store.faults.trip(.begin, path)
            let opened = try fromStore { () throws(LMDBError) in
                try store.environment.openTables(definitions, create: true)
            }
            let tables = ClientTables(generation: present + 1, names: names, opened)
            return (present, tables)
        }
    }

    /// Runs one batch in a transaction of its own.
    func rebuild<T: Sendable, E: EventLogFailure>(
        _ tables: ClientTables,
        present: UInt64,
        _ body: @Sendable (inout RebuildScope) throws(E) -> T
    ) throws(E) -> T {
        try withLock { (store) throws(E) in
            var scope: RebuildScope
            do throws(EventLogError) {
                scope = try RebuildScope(store, tables, present: present)
            } catch {
                throw E(log: error)
            }
            let result = try body(&scope)
            let isComplete = scope.isComplete
            do throws(CommitFailure) {
                try scope.commit()
            } catch {
                switch error {
                case .notCommitted(let error): throw E(log: error)
                case .inDoubt:
                    isPoisoned = true
                    throw E(log: .inDoubt(path: path))
                }
            }
            if isComplete { store.client.keep(tables) }
            return result
        }
    }

    /// The number of the last transaction; who began to read before it may use the old tables.
    func lastTransaction() throws(EventLogError) -> UInt64 {
        try withLock { (store) throws(EventLogError) in store.environment.lastTransaction }
    }

    /// Whether a reader in this process may still use the tables of before transaction `number`.
    func hasReader(before number: UInt64) -> Bool {
        store?.environment.hasOwnReader(before: number) ?? false
    }

    /// Removes one table that does not count; false if there was none.
    func dropOne() throws(EventLogError) -> Bool {
        try withLock { (store) throws(EventLogError) in
            guard let name = try others(store).names.first else { return false }
            try drop(name, store)
            return true
        }
    }

    private func refuseNewer(_ store: LogStore) throws(EventLogError) {
        let rows = try ClientRows.read(store.environment, store.tables.meta, path: path)
        do throws(EventLogError) {
            try store.client.check(rows)
        } catch {
            guard case .tablesOlder = error else { throw error }
        }
    }

    /// Removes all tables that do not count; returns the generation that does.
    private func dropOthers(_ store: LogStore) throws(EventLogError) -> UInt64 {
        let (present, names) = try others(store)
        for name in names { try drop(name, store) }
        return present
    }

    private func drop(_ name: String, _ store: LogStore) throws(EventLogError) {
        try store.faults.trip(.begin, path)
        try fromStore { () throws(LMDBError) in try store.environment.dropTable(name) }
    }

    /// The generation that counts, and the client's tables of all others.
    private func others(
        _ store: LogStore
    ) throws(EventLogError) -> (present: UInt64, names: [String]) {
        do throws(TransactionFailure<EventLogError>) {
            return try store.environment.read { (transaction) throws(EventLogError) in
                let reader = transaction.reader()
                let present = try ClientRows.generation(reader, store.tables.meta, path: path)
                let names = try fromStore { () throws(LMDBError) in try reader.tableNames() }
                let others = names.filter { name in
                    ClientTables.generation(ofTable: name).map { $0 != present } ?? false
                }
                return (present, others)
            }
        } catch {
            switch error {
            case .storage(let error): throw EventLogError(error)
            case .body(let error): throw error
            }
        }
    }

    /// Runs `body` while this process holds the writer's lock.
    func withLock<T, E: EventLogFailure>(
        _ body: (LogStore) throws(E) -> T
    ) throws(E) -> T {
        guard let store else { throw E(log: .closed(path: path)) }
        if isPoisoned { throw E(log: .inDoubt(path: path)) }
        guard lock.lock(patience: options.lockPatience) else {
            throw E(log: .held(path: path, by: lock.holder, waited: options.lockPatience))
        }
        defer { if options.lockMode == .perBatch { lock.unlock() } }
        return try body(store)
    }
}
