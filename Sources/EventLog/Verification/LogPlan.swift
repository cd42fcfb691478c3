import LMDB

/// What the check of a log's rows is to look at.
struct LogPlan: Sendable {
    /// Events are checked in parts of 2 to the power of this: each is one complete subtree.
    let partLevel: Int
    var partCount: UInt64 { 1 << UInt64(partLevel) }

    let snapshot: FileSnapshot
    let headers: TableRecord
    let payloads: TableRecord
    let hashes: TableRecord
    let commands: TableRecord
    /// The end of the log, as `meta` says; nil if it cannot be read.
    let head: HeadRow?
    /// How many events there are, by the rows of `headers`.
    let eventCount: UInt64
    /// The first event that is checked.
    let first: UInt64
    /// The type of the events that tell of a redaction, as headers have it.
    let redactionType: UInt64

    /// How many events are checked.
    var checkedCount: UInt64 { eventCount + 1 - min(first, eventCount + 1) }

    /// The parts that are checked, each the positions in it.
    var parts: [ClosedRange<UInt64>] {
        guard first <= eventCount else { return [] }
        guard first == 1 else { return [first...eventCount] }
        return stride(from: 0, to: eventCount, by: UInt64.Stride(partCount)).map { start in
            start + 1...min(start + partCount, eventCount)
        }
    }
}

/// What the check of one part found, and what is needed to put the parts together.
struct PartResult: Sendable {
    let positions: ClosedRange<UInt64>
    var findings = FindingList<VerificationFinding>()
    /// The nodes of the part's subtrees.
    var tree: TreeStack
    /// Stored hashes of larger subtrees, which the part's last event completes.
    var above: [Digest?] = []
    var firstRecorded: (position: UInt64, time: Int64)?
    var lastRecorded: Int64?
    /// The commands that begin in the part.
    var commands = CommandSum()
    /// Events whose payload was erased.
    var redacted: [RedactedPayload] = []
    /// Events that tell of a redaction.
    var redactions: [UInt64] = []
    /// Events whose header is missing or cannot be read.
    var unreadableCount: UInt64 = 0
}
