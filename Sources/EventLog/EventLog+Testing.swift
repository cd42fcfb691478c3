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
