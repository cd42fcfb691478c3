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
    /// How many events are replayed in one transaction.
    private static let replayBatchCount: UInt64 = 1000
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
        var first: UInt64 = 1
        while first <= size {
            let last = min(first + Self.replayBatchCount - 1, size)
            let events = try read(at: .position(Position(rawValue: last))) {
                (view) throws(LedgerError) in
                var events: [LedgerEvent] = []
                try view.forEachEvent(from: Position(rawValue: first)) {
                    (event) throws(LedgerError) in
                    events.append(event)
                    return true
                }
                return events
            }
            try scratch.apply(events)
            first = last + 1
            progress(last, size)
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
                    tables[table],
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
