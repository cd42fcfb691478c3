package import EventLog
import LMDB
import PromotionModel

/// What rebuilding every projection from the log came to.
package struct ReplayResult: Sendable {
    package let eventCount: UInt64
    package let rowCount: UInt64
    /// Rows that differ from what the events make them; empty in a sound ledger.
    package let findings: [VerificationFinding]
}

extension Ledger {
    /// How many events are replayed in one transaction, at most.
    static let replayBatchCount = 1000
    /// More differences than this are not listed.
    private static let findingCountMax = 100

    /// Replays the log from the first event into an empty store at `path` and compares all rows,
    /// byte for byte, `commands` included.
    ///
    /// The directory is made for it and stays; the caller removes it. Events that are appended
    /// meanwhile are not looked at.
    @available(*, noasync)
    package func replay(
        into path: String,
        progress: (_ done: UInt64, _ size: UInt64) -> Void = { _, _ in }
    ) throws(LedgerError) -> ReplayResult {
        let size = try fromLog { () throws(EventLogError) in try log.head().position.rawValue }
        let scratch = try ReplayStore(at: path)
        var done: UInt64 = 0
        while done < size {
            let events = try read { (view) throws(LedgerError) in
                try view.snapshot.batch(after: done, upTo: size, countMax: Self.replayBatchCount)
            }
            try scratch.apply(events)
            done += UInt64(events.count)
            progress(done, size)
        }
        return try compare(scratch, size: size)
    }

    private func compare(_ scratch: ReplayStore, size: UInt64) throws(LedgerError) -> ReplayResult {
        try read { (view) throws(LedgerError) in
            var findings: [VerificationFinding] = []
            var rowCount: UInt64 = 0
            // Rows that only a later event made are none of this replay's business.
            let hasGrown = view.snapshot.head.position.rawValue > size
            for table in LedgerTable.allCases {
                let compared = try scratch.compare(
                    table,
                    with: view.snapshot.reader,
                    view.facts.tables[table],
                    ignoringOthers: hasGrown
                )
                rowCount += compared.rowCount
                findings += compared.findings
            }
            // The log keeps `commands`; its own verification remakes them from the headers.
            findings += try fromLog { () throws(EventLogError) in
                try log.verify().filter { $0.table == "commands" }
            }
            return ReplayResult(
                eventCount: size,
                rowCount: rowCount,
                findings: Array(findings.prefix(Self.findingCountMax))
            )
        }
    }
}

extension LogSnapshot {
    /// Bytes of payloads that are held at once; one more payload may come to it.
    private static let batchByteCountMax = 16 << 20

    /// The events behind position `done`, as many as fit into one transaction.
    func batch(
        after done: UInt64,
        upTo size: UInt64,
        countMax: Int
    ) throws(LedgerError) -> [LedgerEvent] {
        guard done < size else { return [] }
        var events: [LedgerEvent] = []
        var byteCount = 0
        try forEachEvent(
            from: Position(rawValue: done + 1),
            through: Position(rawValue: size)
        ) { (recorded) throws(LedgerError) in
            events.append(try withRemainder(recorded))
            byteCount += recorded.payload?.count ?? 0
            return events.count < countMax && byteCount < Self.batchByteCountMax
        }
        return events
    }
}
