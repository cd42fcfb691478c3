package import EventLog
package import Ledger
import Wire

/// Why an export stopped.
package enum ExportFailure<Sink: Error>: Error {
    /// The ledger could not be read, or is damaged.
    case ledger(LedgerError)
    /// What was written could not be kept.
    case sink(Sink)
}

/// Writes events as JSON Lines: their stored bytes, and beside them what they say.
///
/// `docs/BACKUP.md` describes the format. It reads in short transactions, so that the pages that
/// writers free can be used again; what is appended meanwhile is not in it.
package struct EventExport {
    /// Bytes that are handed over at once; one more line may come to it.
    private static let pieceByteCount = 1 << 20

    private let log: EventLog
    private let head: ExportHead
    private let checkpoint: String?
    private let hasPayloads: Bool

    /// The export of the events from `first` through `last`.
    ///
    /// `checkpoint` is the signed checkpoint at `last`, if there is one. Without payloads it shows
    /// who did what kind of thing to what, and no more, as if all were redacted; it cannot be
    /// imported.
    ///
    /// - Throws: `.log(.noSuchPosition)`
    package init(
        _ ledger: Ledger,
        origin: String,
        from first: Position,
        through last: Position,
        checkpoint: String? = nil,
        hasPayloads: Bool = true
    ) throws(LedgerError) {
        precondition(first > .origin && first <= last.next, "an export goes forward")
        log = ledger.log
        self.checkpoint = checkpoint
        self.hasPayloads = hasPayloads
        let before = Position(rawValue: first.rawValue - 1)
        let roots: (before: Digest, peaks: [Digest], last: Digest)
        do throws(EventLogError) {
            roots = try ledger.log.read { (snapshot) throws(EventLogError) in
                var peaks: [Digest] = []
                for subtree in MerkleTree.subtrees(of: 0..<before.rawValue) {
                    peaks.append(try snapshot.hashes.hash(subtree))
                }
                return (try snapshot.root(at: before), peaks, try snapshot.root(at: last))
            }
        } catch {
            throw .log(error)
        }
        head = ExportHead(
            ledger: ledger.log.id,
            origin: origin,
            first: first,
            last: last,
            root: roots.last,
            before: roots.before,
            peaks: roots.peaks
        )
    }

    /// The root of the tree through the last event.
    package var root: Digest { head.root }
    /// How many events it has.
    package var eventCount: UInt64 { head.eventCount }

    /// Writes all lines; hands them to `sink` piece by piece.
    ///
    /// Each payload is checked against its header, and all headers against the root.
    package func write<E: Error>(
        progress: (_ done: UInt64, _ size: UInt64) -> Void = { _, _ in },
        to sink: (Span<UInt8>) throws(E) -> Void
    ) throws(ExportFailure<E>) {
        var json = JSONBytes()
        var hash = DigestStream()
        head.write(to: &json)
        var next = head.first
        guard var tree = MerkleTree(size: head.first.rawValue - 1, peaks: head.peaks) else {
            preconditionFailure("a tree has a complete subtree for each bit of its size")
        }
        while next <= head.last {
            do throws(LedgerError) {
                try appendPiece(from: &next, to: &json, &tree)
                if next > head.last, tree.root != head.root { throw damaged }
            } catch {
                throw .ledger(error)
            }
            try Self.hand(&json, to: sink, &hash)
            progress(next.rawValue - head.first.rawValue, eventCount)
        }
        try Self.hand(&json, to: sink, &hash)
        let end = ExportEnd(
            eventCount: eventCount,
            digest: hash.digest,
            checkpoint: checkpoint
        )
        end.write(to: &json)
        try Self.hand(&json, to: sink, &hash)
    }

    private var damaged: LedgerError {
        .log(.damaged(path: log.path, what: "its headers have another root than its hashes"))
    }

    private static func hand<E: Error>(
        _ json: inout JSONBytes,
        to sink: (Span<UInt8>) throws(E) -> Void,
        _ hash: inout DigestStream
    ) throws(ExportFailure<E>) {
        if json.bytes.isEmpty { return }
        let bytes = json.bytes
        hash.update(bytes.span)
        do throws(E) {
            try sink(bytes.span)
        } catch {
            throw .sink(error)
        }
        json.removeAll()
    }

    /// Writes the next events, as many as make a piece, in one read transaction.
    private func appendPiece(
        from next: inout Position,
        to json: inout JSONBytes,
        _ tree: inout MerkleTree
    ) throws(LedgerError) {
        var failure: LedgerError?
        let first = next
        var done = first
        do throws(EventLogError) {
            try log.read { (snapshot) throws(EventLogError) in
                try snapshot.forEachStored(from: first, through: head.last) {
                    position,
                    header,
                    body in
                    do throws(LedgerError) {
                        let shown = hasPayloads ? body : body.extracting(0..<0)
                        let event = try LedgerEvent(header: header, body: shown, at: position)
                        ExportLine.write(header: header, body: body, event, to: &json)
                        tree.append(leaf: .leaf(header)) { _, _ in }
                    } catch {
                        failure = error
                    }
                    done = position.next
                    return failure == nil && json.bytes.count < Self.pieceByteCount
                }
            }
        } catch {
            throw .log(error)
        }
        if let failure { throw failure }
        next = done
    }
}
