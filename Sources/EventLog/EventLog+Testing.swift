package import LMDB

extension EventLog {
    /// Changes one of the log's tables behind its back.
    ///
    /// Not intended to be used outside the test target: the log then contradicts itself.
    package func vandalise(
        _ name: String,
        _ kind: Table.Kind,
        _ change: (inout WriteTransaction, Table) throws(LMDBError) -> Void
    ) throws(EventLogError) {
        try fromStore { () throws(LMDBError) in
            let table = try environment.openTable(name, kind)
            do throws(TransactionFailure<LMDBError>) {
                try environment.write { (transaction) throws(LMDBError) in
                    try change(&transaction, table)
                }
            } catch {
                throw error.error
            }
        }
    }
}

extension EventLog {
    /// Makes a table that the log knows nothing of.
    ///
    /// Not intended to be used outside the test target.
    package func makeTable(_ name: String) throws(EventLogError) {
        try fromStore { () throws(LMDBError) in
            _ = try environment.openTable(name, .bytes, create: true)
        }
    }

    /// The text of a row of `meta`; nil if there is none.
    ///
    /// Not intended to be used outside the test target.
    package func metaText(_ name: String) throws(EventLogError) -> String? {
        try read { (snapshot) throws(EventLogError) in
            try fromStore { () throws(LMDBError) in
                try snapshot.reader.value(forKey: Array(name.utf8), in: store.tables.meta)
            }
            .map { String(decoding: $0, as: UTF8.self) }
        }
    }
}
