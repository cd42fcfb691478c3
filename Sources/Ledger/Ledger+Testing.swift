import EventLog
import PromotionModel

/// A row as it was written with an event.
package struct WrittenRow: Sendable {
    package let table: String
    package let key: [UInt8]
    package let value: [UInt8]
}

extension Ledger {
    /// The rows of projections that the events of `positions` wrote, made anew from the log.
    ///
    /// For measurements: what a bare store would have had to write for the same commands. Not
    /// intended to be used outside of tests and benchmarks.
    package func rowsWritten(
        by positions: ClosedRange<UInt64>
    ) throws(LedgerError) -> [WrittenRow] {
        try read(at: .position(Position(rawValue: positions.upperBound))) {
            (view) throws(LedgerError) in
            var written: [WrittenRow] = []
            try view.forEachEvent(from: Position(rawValue: positions.lowerBound)) {
                (event) throws(LedgerError) in
                var rows = Row.subjects(of: event.header, event.event)
                if let payload = event.event {
                    let before = Position(rawValue: event.header.position.rawValue - 1)
                    let changes = try view.ask { facts throws(FactsFailure) in
                        try Evolver(facts: facts.at(before), header: event.header)
                            .changes(of: payload)
                    }
                    rows += changes.flatMap { Row.rows(of: $0, at: event.header.position) }
                }
                written += rows.map {
                    WrittenRow(table: $0.table.rawValue, key: $0.key, value: $0.value)
                }
                return true
            }
            return written
        }
    }
}
