package import EventLog
package import Ledger
import PromotionModel

/// Which part of a list is wanted.
package struct Paging: Sendable {
    /// How many at most, if somebody said so.
    package var saidLimit: Int?
    /// The cursor behind which the page begins: the `next` of the page before.
    package var after: String?

    /// The first page, or the one behind a cursor.
    package init(limit: Int? = nil, after: String? = nil) {
        saidLimit = limit
        self.after = after
    }

    /// No page is longer.
    package static let limitMax = 100_000

    /// How many are shown at most.
    package var limit: Int { saidLimit ?? 100 }

    /// The cursor of a list that is ordered by positions.
    package var before: Position {
        get throws(CommandFailure) {
            guard let after else { return Position(rawValue: .max) }
            guard let number = UInt64(after) else {
                throw CommandFailure.usage(
                    "\(after.quotedForDisplay) is no cursor of this list; give the 'next' of the "
                        + "page before"
                )
            }
            return Position(rawValue: number)
        }
    }

    /// A full page, from as many looks as it takes.
    package func page<Item>(
        _ look: (_ before: Position, _ limit: Int) throws -> Page<Item>
    ) throws -> Page<Item> {
        var items: [Item] = []
        var next: Position? = try before
        while let before = next, items.count < limit {
            let page = try look(before, limit - items.count)
            items += page.items
            next = page.next
        }
        return Page(items: items, next: next)
    }

    /// The line below a table that says that there is more, and how to see it; empty at the end.
    package static func more(_ next: String?) -> String {
        next.map { "(more: --after \($0))\n" } ?? ""
    }
}

extension Page {
    /// Where the next page begins, as a cursor.
    package var cursor: String? { next.map { "\($0.rawValue)" } }
}
