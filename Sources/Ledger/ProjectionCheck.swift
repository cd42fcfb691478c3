package import EventLog
import LMDB
import PromotionModel

/// Compares every row of every projection with what the events make it.
///
/// The log is replayed from the first event into an empty store; both are then read side by side.
/// The ledger's file is read without LMDB, so it may be rotten.
package struct ProjectionCheck {
    /// Bytes of payloads that are held at once; one more payload may come to it.
    private static let batchByteCountMax = 16 << 20

    private let inspection: LogInspection

    /// A check of the ledger in a file.
    package init(_ inspection: LogInspection) {
        self.inspection = inspection
    }

    /// Replays into a store at `path`, and compares.
    ///
    /// The directory is there and empty, and stays; the caller removes it.
    ///
    /// - Throws: `.log(.tablesOlder)`, `.log(.tablesNewer)`; `.unknownEventType`, `.undecodable`,
    ///   `.facts` if the events cannot be replayed; failures of the store.
    @available(*, noasync)
    package func run(
        into path: String,
        progress: (_ done: UInt64, _ size: UInt64) -> Void = { _, _ in }
    ) throws(LedgerError) -> ReplayResult {
        try checkVersion()
        let scratch = try ReplayStore(at: path)
        let size = inspection.size ?? 0
        var done: UInt64 = 0
        var events: FileEvents
        do throws(EventLogError) {
            events = try FileEvents(inspection)
        } catch {
            throw .log(error)
        }
        while done < size {
            let batch = try batch(&events)
            if batch.isEmpty { break }
            try scratch.apply(batch)
            done += UInt64(batch.count)
            progress(done, size)
        }
        var findings = FindingList<VerificationFinding>()
        var rowCount: UInt64 = 0
        for table in LedgerTable.allCases {
            let compared = try scratch.compare(table, with: inspection)
            rowCount += compared.rowCount
            findings.add(compared.findings)
        }
        return ReplayResult(eventCount: size, rowCount: rowCount, findings: findings)
    }

    private func checkVersion() throws(LedgerError) {
        guard let version = inspection.clientVersion else { return }
        let path = inspection.path
        if version < LedgerTable.version {
            throw .log(
                .tablesOlder(path: path, version: version, needed: LedgerTable.version)
            )
        }
        if version > LedgerTable.version {
            throw .log(.tablesNewer(path: path, version: version, known: LedgerTable.version))
        }
    }

    /// The next events, as many as fit into one transaction.
    private func batch(_ source: inout FileEvents) throws(LedgerError) -> [LedgerEvent] {
        var events: [LedgerEvent] = []
        var byteCount = 0
        while events.count < Ledger.replayBatchCount, byteCount < Self.batchByteCountMax {
            let next: RecordedEvent?
            do throws(EventLogError) {
                next = try source.next()
            } catch {
                throw .log(error)
            }
            guard let next else { break }
            let event = try LedgerEvent(next) { (redaction) throws(LedgerError) in
                guard let event = inspection.event(at: redaction) else {
                    throw .undecodable(at: redaction, "it is missing, or cannot be read")
                }
                return event
            }
            events.append(event)
            byteCount += next.payload?.count ?? 0
        }
        return events
    }
}

extension ProjectionCheck {
    /// What is found here and mended by a rebuild: by `VerificationFinding.rule`.
    package static let rules: Set<String> = [
        TableComparison.differs, TableComparison.missing, TableComparison.stranger,
        TableComparison.tableMissing,
    ]
}

extension Ledger {
    /// The version of their rows that this program makes and reads.
    package static var projectionVersion: UInt64 { LedgerTable.version }

    /// The tables of projections, by the names that the log knows them by.
    package static var projectionTables: [String] { LedgerTable.allCases.map(\.rawValue) }
}
