import LMDB

/// The making of the client's tables anew, beside those that count, by whoever holds this.
///
/// It goes in batches, each one transaction; between them others may read and write. The last
/// batch makes the new tables the ones that count. Whatever interrupts it, the old ones count
/// until then, and the next rebuild removes what this one has made.
package final class TableRebuild: Sendable {
    private let writer: LogWriter
    private let lock: FileLock
    private let present: UInt64
    private let tables: ClientTables
    /// How long to wait for readers in this process before the old tables are removed.
    private let patience: Duration

    fileprivate init(_ log: EventLog, _ writer: LogWriter) async throws(EventLogError) {
        lock = try fromStore { () throws(LMDBError) in
            try FileLock("rebuild.lock", in: StoreDirectory(log.path))
        }
        guard lock.tryLock() else { throw .rebuilding(path: log.path, by: lock.holder) }
        self.writer = writer
        patience = writer.options.lockPatience
        (present, tables) = try await writer.beginRebuild()
    }

    /// The generation that is being made.
    package var generation: UInt64 { tables.generation }

    /// Runs `body` in one transaction of the writer.
    package func batch<T: Sendable, E: EventLogFailure>(
        _ body: @escaping @Sendable (inout RebuildScope) throws(E) -> T
    ) async throws(E) -> T {
        try await writer.rebuild(tables, present: present, body)
    }

    /// Removes the tables that no longer count, after the batch that completed the new ones.
    ///
    /// One table is one transaction. Returns false where a reader in this process does not let go
    /// of them: the next rebuild removes them. Readers in other processes keep what they see.
    package func removeOthers() async throws(EventLogError) -> Bool {
        let last = try await writer.lastTransaction()
        let deadline = ContinuousClock.now + patience
        while await writer.hasReader(before: last) {
            if ContinuousClock.now >= deadline { return false }
            try? await Task.sleep(for: .milliseconds(1))
        }
        while try await writer.dropOne() {}
        return true
    }

    /// Removes what was made so far, as far as that is possible.
    package func abandon() async {
        // What is left takes room and harms nobody; the next rebuild removes it.
        while let isRemoved = try? await writer.dropOne(), isRemoved {}
    }
}

extension EventLog {
    /// Begins to make the client's tables anew.
    ///
    /// - Throws: `.rebuilding` if another process does that; `.held` and failures of the store.
    package func beginRebuild() async throws(EventLogError) -> TableRebuild {
        guard let writer else { throw .openForReading(path: path) }
        return try await TableRebuild(self, writer)
    }
}
