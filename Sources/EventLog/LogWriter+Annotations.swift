import LMDB

/// A row of `meta` that the log's client keeps there about the log as a whole; no event changes it.
package struct Annotation: Hashable, Sendable {
    /// The row's name.
    package let name: String
    /// Its text; nil removes the row.
    package let text: String?

    /// A row, or its removal.
    package init(_ name: String, _ text: String?) {
        self.name = name
        self.text = text
    }

    /// Rows that are the log's own.
    fileprivate static let reserved: Set = [
        "format", "minimum-reader", "minimum-writer", "ledger-id", "map-size", "head",
        "projection-generation", "projection-version",
    ]
}

extension EventLog {
    /// Runs `body` on the log as it is on disk, while nobody else can write, and sets the rows of
    /// `meta` that it asks for; returns when they are on disk.
    ///
    /// Whatever else `body` does is done before the rows are written: a crash may leave one
    /// without the other.
    ///
    /// - Throws: `.held`, `.openForReading`, failures of the store, and what `body` throws; then
    ///   no row has changed.
    package func annotate<T: Sendable, E: EventLogFailure>(
        _ body: @escaping @Sendable (LogSnapshot) throws(E) -> (rows: [Annotation], result: T)
    ) async throws(E) -> T {
        guard let writer else { throw E(log: .openForReading(path: path)) }
        return try await writer.annotate(body)
    }
}

extension LogSnapshot {
    /// The text of a row of `meta` that an `Annotation` set; nil if there is none.
    package func annotation(_ name: String) throws(EventLogError) -> String? {
        let key = Array(name.utf8)
        let text = try fromStore { () throws(LMDBError) in
            try reader.withValue(forKey: key, in: store.tables.meta) { bytes in
                String(validating: copyBytes(bytes), as: UTF8.self)
            }
        }
        guard let text else { return nil }
        guard let text else {
            throw .damaged(path: store.path, what: "table meta has no sound row '\(name)'")
        }
        return text
    }
}

extension LogWriter {
    fileprivate func annotate<T: Sendable, E: EventLogFailure>(
        _ body: @Sendable (LogSnapshot) throws(E) -> (rows: [Annotation], result: T)
    ) throws(E) -> T {
        try withLock { (store) throws(E) in
            let answer: (rows: [Annotation], result: T)
            do throws(TransactionFailure<E>) {
                answer = try store.environment.read { (transaction) throws(E) in
                    let snapshot: LogSnapshot
                    do throws(EventLogError) {
                        snapshot = try LogSnapshot(store, transaction.reader())
                    } catch {
                        throw E(log: error)
                    }
                    return try body(snapshot)
                }
            } catch {
                switch error {
                case .storage(let error): throw E(log: EventLogError(error))
                case .body(let error): throw error
                }
            }
            do throws(EventLogError) {
                try put(answer.rows, store)
            } catch {
                throw E(log: error)
            }
            return answer.result
        }
    }

    private func put(_ rows: [Annotation], _ store: LogStore) throws(EventLogError) {
        if rows.isEmpty { return }
        let transaction = try prepare(rows, store)
        do throws(CommitFailure) {
            try commit(transaction, store)
        } catch {
            switch error {
            case .notCommitted(let error): throw error
            case .inDoubt:
                isPoisoned = true
                throw .inDoubt(path: path)
            }
        }
    }

    private func prepare(
        _ rows: [Annotation],
        _ store: LogStore
    ) throws(EventLogError) -> WriteTransaction {
        try store.faults.trip(.begin, path)
        return try fromStore { () throws(LMDBError) in
            var transaction = try WriteTransaction(store.environment)
            for row in rows {
                precondition(!Annotation.reserved.contains(row.name), "\(row.name) is the log's")
                let key = Array(row.name.utf8)
                if let text = row.text {
                    let value = Array(text.utf8)
                    try transaction.put(value.span, forKey: key.span, in: store.tables.meta)
                } else {
                    try transaction.delete(key.span, in: store.tables.meta)
                }
            }
            return transaction
        }
    }

    private func commit(
        _ transaction: consuming WriteTransaction,
        _ store: LogStore
    ) throws(CommitFailure) {
        try store.faults.tripCommit(.commit, path)
        do throws(LMDBError) {
            try transaction.commit()
        } catch {
            throw CommitFailure(error)
        }
        try store.faults.tripCommit(.committed, path)
    }
}
