package import EventLog
package import Ledger

extension Desk {
    /// The events from one position through another that a selection lets through, oldest first.
    ///
    /// Keep the range short: all of them are in memory at once.
    package func events(
        _ selection: EventSelection,
        from first: Position,
        through last: Position
    ) throws -> [LedgerEvent] {
        try read(at: .position(last)) { view in
            var filter = try selection.filter(choice, view)
            filter.from = first
            filter.through = last
            var found: [LedgerEvent] = []
            var before: Position? = last.next
            while let cursor = before {
                let page = try view.events(
                    filter,
                    before: cursor,
                    limit: Int(last.rawValue - first.rawValue) + 1
                )
                found += page.items
                before = page.next
            }
            return found.reversed()
        }
    }
}
