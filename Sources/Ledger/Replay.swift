package import EventLog
package import LMDB
import PromotionModel

/// What rebuilding every projection from the log came to.
package struct ReplayResult: Sendable {
    package let eventCount: UInt64
    package let rowCount: UInt64
    /// Rows that differ from what the events make them; empty in a sound ledger.
    package let findings: FindingList<VerificationFinding>

    /// The findings that are kept of these.
    package var found: [VerificationFinding] { findings.findings }
}

extension Ledger {
    /// How many events are replayed in one transaction, at most.
    static let replayBatchCount = 1000

    /// Replays the log from the first event into an empty store at `path` and compares all rows,
    /// byte for byte, `commands` included.
    ///
    /// The directory is made for it and stays; the caller removes it. Events that are appended
    /// meanwhile are not looked at.
    @available(*, noasync)
    package func replay(
        into path: String,
        progress: @escaping (_ done: UInt64, _ size: UInt64) -> Void = { _, _ in }
    ) throws(LedgerError) -> ReplayResult {
        try log.inspect { (inspection) throws(LedgerError) in
            let replayed = try ProjectionCheck(inspection).run(into: path, progress: progress)
            var findings = replayed.findings
            // The log keeps `commands`; its own verification remakes them from the headers.
            findings.add(inspection.verify().findings.only(table: "commands"))
            return ReplayResult(
                eventCount: replayed.eventCount,
                rowCount: replayed.rowCount,
                findings: findings
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
