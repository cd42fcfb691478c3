package import EventLog
import Wire

/// The first line of an export: which ledger, which events, and the roots before and after them.
package struct ExportHead: Hashable, Sendable {
    /// The version of the format that this program writes, and the only one that it reads.
    static let version: UInt64 = 1

    /// The ledger that the events are of.
    package var ledger: LedgerID
    /// The name of its log.
    package var origin: String
    /// The position of the first event; one more than `last` in an export without events.
    package var first: Position
    /// The position of the last event.
    package var last: Position
    /// The root of the tree through `last`.
    package var root: Digest
    /// The root of the tree before `first`.
    package var before: Digest
    /// The roots of the complete subtrees of the tree before `first`, the largest first: what it
    /// takes to go on from there.
    package var peaks: [Digest]

    /// The head of an export.
    package init(
        ledger: LedgerID,
        origin: String,
        first: Position,
        last: Position,
        root: Digest,
        before: Digest,
        peaks: [Digest]
    ) {
        self.ledger = ledger
        self.origin = origin
        self.first = first
        self.last = last
        self.root = root
        self.before = before
        self.peaks = peaks
    }

    /// How many events there are.
    package var eventCount: UInt64 { last.rawValue + 1 - first.rawValue }

    func write(to json: inout JSONBytes) {
        json.raw("{\"waybill\":\"export\",\"version\":")
        json.number(Self.version)
        json.raw(",\"ledger\":")
        json.string(ledger.text)
        json.raw(",\"origin\":")
        json.string(origin)
        json.raw(",\"first\":")
        json.number(first.rawValue)
        json.raw(",\"last\":")
        json.number(last.rawValue)
        json.raw(",\"size\":")
        json.number(last.rawValue)
        json.raw(",\"root\":")
        json.hex(root.inlineBytes.span)
        json.raw(",\"before\":")
        json.hex(before.inlineBytes.span)
        if !peaks.isEmpty {
            json.raw(",\"peaks\":")
            json.beginList()
            for peak in peaks {
                json.hex(peak.inlineBytes.span)
                json.endMember()
            }
            json.endList(isEmpty: false)
        }
        json.raw("}\n")
    }
}

/// The last line of an export: how many events there were, and a hash over all lines before it.
package struct ExportEnd: Hashable, Sendable {
    /// How many events there were.
    package var eventCount: UInt64
    /// SHA-256 over all bytes of the lines before.
    package var digest: Digest
    /// A signed checkpoint of the ledger at the last event; nil if there is none.
    package var checkpoint: String?

    func write(to json: inout JSONBytes) {
        json.raw("{\"waybill\":\"end\",\"events\":")
        json.number(eventCount)
        json.raw(",\"sha256\":")
        json.hex(digest.inlineBytes.span)
        json.raw(",\"checkpoint\":")
        if let checkpoint { json.string(checkpoint) } else { json.raw("null") }
        json.raw("}\n")
    }
}
