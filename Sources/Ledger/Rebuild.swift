import EventLog
import PromotionModel

/// What making every projection anew came to.
package struct RebuildResult: Hashable, Sendable {
    package let eventCount: UInt64
    package let rowCount: UInt64
    /// The generation that counts from now on.
    package let generation: UInt64
    /// Whether the tables of before are gone; the next time they are removed first.
    package let hasRemovedOld: Bool
}

extension Ledger {
    /// Bytes of rows in one transaction; one more event's rows may come to it.
    private static let rebuildByteCountMax = 16 << 20
    /// How long others may have to wait for their turn to write, and how long their turn is.
    ///
    /// Who waits for the writer's lock asks for it every 50 ms.
    private static let turn = (every: Duration.seconds(1), length: Duration.milliseconds(60))

    /// Makes all projections anew from the log, and puts them in the place of those that are there.
    ///
    /// They go into tables of their own, in transactions of at most `batchCountMax` events; readers
    /// keep the present ones, and in between others may write. The last transaction catches up with
    /// them and switches. Whatever interrupts it, the present ones stay in use. The log is only
    /// read. `progress` is told between transactions how many events are done.
    package func rebuild(
        batchCountMax: Int = replayBatchCount,
        progress: (_ done: UInt64, _ size: UInt64) async -> Void = { _, _ in }
    ) async throws(LedgerError) -> RebuildResult {
        let rebuild: TableRebuild
        do throws(EventLogError) {
            rebuild = try await log.beginRebuild()
        } catch {
            throw .log(error)
        }
        let rowCount: UInt64
        var done: UInt64 = 0
        do throws(LedgerError) {
            (done, rowCount) = try await fill(rebuild, batchCountMax, progress)
        } catch {
            await rebuild.abandon()
            throw error
        }
        // The new ones count already; what is left of the old takes room until the next time.
        let hasRemovedOld = (try? await rebuild.removeOthers()) ?? false
        return RebuildResult(
            eventCount: done,
            rowCount: rowCount,
            generation: rebuild.generation,
            hasRemovedOld: hasRemovedOld
        )
    }

    /// Fills the tables, until there are no more events.
    private func fill(
        _ rebuild: TableRebuild,
        _ countMax: Int,
        _ progress: (_ done: UInt64, _ size: UInt64) async -> Void
    ) async throws(LedgerError) -> (done: UInt64, rowCount: UInt64) {
        let cache = RowCache()
        var done: UInt64 = 0
        var turn = ContinuousClock.now
        while true {
            let before = done
            let batch = try await rebuild.batch { (scope) throws(LedgerError) in
                try Self.fill(&scope, after: before, countMax: countMax, cache)
            }
            done = batch.done
            await progress(done, batch.size)
            if let rowCount = batch.rowCount { return (done, rowCount) }
            if ContinuousClock.now - turn > Self.turn.every {
                // A cancelled task goes on without pauses; it is its process that is stopped.
                try? await Task.sleep(for: Self.turn.length)
                turn = ContinuousClock.now
            }
        }
    }

    /// What one batch came to; the number of all rows if it was the last.
    struct Batch {
        let done: UInt64
        let size: UInt64
        let rowCount: UInt64?
    }

    /// Puts the rows of the next events; completes the tables if there are no more.
    static func fill(
        _ scope: inout RebuildScope,
        after before: UInt64,
        countMax: Int,
        _ cache: RowCache
    ) throws(LedgerError) -> Batch {
        let tables = LedgerTables(scope.tables)
        let size = scope.snapshot.head.position.rawValue
        var done = before
        for event in try scope.snapshot.batch(after: before, upTo: size, countMax: countMax) {
            if scope.byteCount >= rebuildByteCountMax { break }
            let facts = StoreFacts(
                reader: scope.reader,
                tables: tables,
                position: Position(rawValue: done),
                cache: cache,
                // Every event has its position for good; only its rows are made anew.
                committed: scope.snapshot.head.position
            )
            let rows = try fromFacts { () throws(FactsFailure) in
                try Row.rows(of: event.effect, event.header, facts)
            }
            for row in rows { try put(row, tables, &scope) }
            done = event.header.position.rawValue
        }
        guard done == size else { return Batch(done: done, size: size, rowCount: nil) }
        var rowCount: UInt64 = 0
        do throws(EventLogError) {
            for table in LedgerTable.allCases { rowCount += try scope.rowCount(of: tables[table]) }
            try scope.complete()
        } catch {
            throw .log(error)
        }
        return Batch(done: done, size: size, rowCount: rowCount)
    }

    private static func put(
        _ row: Row,
        _ tables: LedgerTables,
        _ scope: inout RebuildScope
    ) throws(LedgerError) {
        do throws(EventLogError) {
            try scope.put(row.value, forKey: row.key, in: tables[row.table])
        } catch {
            throw .log(error)
        }
    }
}
