import EventLog
import Ledger
import LedgerAPI
import PromotionModel

/// Events as rows.
enum EventTable {
    /// A listing of these events.
    static func result(_ events: [LedgerEvent], next: String?) -> ListingResult {
        var result = ListingResult(
            table: TextTable(["POSITION", "AT", "TYPE", "SUBJECT", "ACTOR"]),
            kind: "event"
        )
        result.next = next
        for event in events {
            result.values.append(Shape.event(event))
            result.table.add([
                "\(event.header.position)", event.header.recorded.text, event.type.name,
                event.header.subject, event.header.actor.name,
            ])
        }
        return result
    }
}
