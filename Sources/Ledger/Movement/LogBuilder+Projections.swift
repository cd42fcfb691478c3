package import EventLog
import PromotionModel

extension LogBuilder {
    /// Events in one transaction, at most: rows that follow each other share pages.
    private static let projectionBatchCount = 8000

    /// Makes all projections of the finished log, and brings everything to disk.
    ///
    /// - Throws: `.unknownEventType`, `.undecodable`, `.facts` where the events cannot be what
    ///   happened; failures of the store.
    package func project(
        progress: (_ done: UInt64, _ size: UInt64) -> Void = { _, _ in }
    ) throws(LedgerError) {
        let cache = RowCache()
        var done: UInt64 = 0
        var isOver = false
        while !isOver {
            let batch = try fill { (scope) throws(LedgerError) in
                try Ledger.fill(&scope, after: done, countMax: Self.projectionBatchCount, cache)
            }
            done = batch.done
            isOver = batch.rowCount != nil
            progress(done, size)
        }
        do throws(LogBuildError) {
            try flush()
        } catch {
            switch error {
            case .unsound: preconditionFailure("flushing reads no event")
            case .log(let error): throw .log(error)
            }
        }
    }
}
