import ArgumentParser
import EventLog
import Ledger
import PromotionModel

/// Which part of a list is wanted.
struct PageOptions: ParsableArguments {
    @Option(name: .customLong("limit"), help: "At most so many. (default: 100)")
    var saidLimit: Int?

    @Option(help: "What comes behind this cursor: the 'next' of the page before.")
    var after: String?

    static let limitMax = 100_000

    /// How many are shown at most.
    var limit: Int { saidLimit ?? 100 }

    func validate() throws {
        guard (1...Self.limitMax).contains(limit) else {
            throw ValidationError("--limit must be 1 to \(Self.limitMax).")
        }
    }

    /// The cursor of a list that is ordered by positions.
    var before: Position {
        get throws {
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
    func page<Item>(
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

    /// Says below a table that there is more, and how to see it.
    static func tellMore(_ next: String?) {
        if let next { Output.line("(more: --after \(next))") }
    }
}

extension Page {
    /// Where the next page begins, as a cursor.
    var cursor: String? { next.map { "\($0.rawValue)" } }
}
