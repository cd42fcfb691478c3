extension Environment {
    /// Writers may commit twice between the beginning of a transaction and the reading of its meta
    /// page; then both are done again.
    private static let inspectionAttemptCount = 1000

    /// Runs `body` on the data file as it is now, while a read transaction keeps its pages.
    ///
    /// As long as `body` runs, writers cannot use pages again that they free, so the file may grow.
    package func inspect<T, E: Error>(
        _ body: (FileSnapshot) throws(E) -> T
    ) throws(TransactionFailure<E>) -> T {
        for _ in 1..<Self.inspectionAttemptCount {
            let result: T? = try inspect(anyTransaction: false, body)
            if let result { return result }
        }
        // A meta page that stays away is rotten; the other one has to do.
        let result: T? = try inspect(anyTransaction: true, body)
        guard let result else {
            preconditionFailure("whichever meta page there is was asked for")
        }
        return result
    }

    /// Tries once; nil if the meta page of the transaction was overwritten.
    private func inspect<T, E: Error>(
        anyTransaction: Bool,
        _ body: (FileSnapshot) throws(E) -> T
    ) throws(TransactionFailure<E>) -> T? {
        let transaction: ReadTransaction
        do throws(LMDBError) {
            transaction = try ReadTransaction(self)
        } catch {
            throw .storage(error)
        }
        let snapshot: FileSnapshot?
        do throws(LMDBError) {
            snapshot = try FileSnapshot.open(
                directory: path,
                transaction: anyTransaction ? nil : transaction.number()
            )
        } catch {
            throw .storage(error)
        }
        guard let snapshot else { return nil }
        let result: T
        do throws(E) {
            result = try body(snapshot)
        } catch {
            throw .body(error)
        }
        // Until here its pages had to stay.
        transaction.finish()
        return result
    }
}
