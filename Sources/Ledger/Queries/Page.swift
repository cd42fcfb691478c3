package import EventLog

/// A page of something that is listed newest first.
package struct Page<Item: Sendable>: Sendable {
    package let items: [Item]
    /// Where the next page begins: everything before this position; nil if there is none.
    ///
    /// A page may hold fewer items than were asked for, none even, and still have a next one:
    /// one look goes only so far back.
    package let next: Position?

    /// A page that is all there is.
    package init(items: [Item]) {
        self.init(items: items, next: nil)
    }

    package init(items: [Item], next: Position?) {
        self.items = items
        self.next = next
    }
}

/// How far one page goes back where a filter lets little through.
package enum LookLimits {
    /// Headers of events, about 100 ns each.
    package static let headerCountMax = 100_000
    /// Payloads of events that a text is looked for in.
    package static let payloadCountMax = 20_000
    /// Promotions whose phase and kind are asked for.
    package static let promotionCountMax = 1000
    /// Freight whose availability is asked for.
    package static let freightCountMax = 500
}
