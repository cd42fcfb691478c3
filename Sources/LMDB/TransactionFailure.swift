/// Why a `read` or `write` of an environment failed.
package enum TransactionFailure<Body: Error>: Error {
    /// LMDB could not begin or commit the transaction.
    case storage(LMDBError)
    /// The closure threw; the transaction is aborted.
    case body(Body)
}

extension TransactionFailure where Body == LMDBError {
    /// The error, wherever it came from.
    package var error: LMDBError {
        switch self {
        case .storage(let error), .body(let error): error
        }
    }
}

extension Environment {
    /// Runs `body` on the present state of all tables.
    ///
    /// Keep it short: while it runs, no page that it can see is used again.
    ///
    /// - Throws: `.storage(.readersFull)` when all reader slots are taken.
    package func read<T: ~Copyable, E: Error>(
        _ body: (borrowing ReadTransaction) throws(E) -> T
    ) throws(TransactionFailure<E>) -> T {
        let transaction: ReadTransaction
        do throws(LMDBError) {
            transaction = try ReadTransaction(self)
        } catch {
            throw .storage(error)
        }
        do throws(E) {
            return try body(transaction)
        } catch {
            throw .body(error)
        }
    }

    /// Runs `body` in a write transaction and makes its changes durable: one commit.
    ///
    /// It waits for the write transaction of another thread or process. The transaction is bound
    /// to the thread, so nothing may suspend in it. If `body` throws, nothing is changed.
    @available(*, noasync)
    package func write<T: ~Copyable, E: Error>(
        _ body: (inout WriteTransaction) throws(E) -> T
    ) throws(TransactionFailure<E>) -> T {
        var transaction: WriteTransaction
        do throws(LMDBError) {
            transaction = try WriteTransaction(self)
        } catch {
            throw .storage(error)
        }
        let result: T
        do throws(E) {
            result = try body(&transaction)
        } catch {
            throw .body(error)
        }
        do throws(LMDBError) {
            try transaction.commit()
        } catch {
            throw .storage(error)
        }
        return result
    }
}
