package import EventLog
import Expressions
package import Ledger
import PromotionModel
import Wire

/// In whose words events are told to other systems.
package enum Vocabulary: Sendable {
    /// Waybill's own, as CloudEvents.
    case waybill
    /// That of CDEvents, as CloudEvents.
    case cdEvents
}

/// Writes events as JSON Lines for other systems, a CloudEvent each.
///
/// `docs/INTERCHANGE.md` describes them. It reads in short transactions, so that the pages that
/// writers free can be used again.
package struct InterchangeExport {
    /// Bytes that are handed over at once; the lines of one more event may come to it.
    private static let pieceByteCount = 1 << 20
    /// Events that are read in one transaction.
    private static let pieceEventCount = 10_000

    private let ledger: Ledger
    private let vocabulary: Vocabulary
    private let first: Position
    private let last: Position

    /// The export of the events from `first` through `last`, in the words of a vocabulary.
    package init(
        _ ledger: Ledger,
        in vocabulary: Vocabulary,
        from first: Position,
        through last: Position
    ) {
        precondition(first > .origin && first <= last.next, "an export goes forward")
        self.ledger = ledger
        self.vocabulary = vocabulary
        self.first = first
        self.last = last
    }

    /// Writes all lines; hands them to `sink` piece by piece, and returns how many there are.
    package func write<E: Error>(
        progress: (_ done: UInt64, _ size: UInt64) -> Void = { _, _ in },
        to sink: (Span<UInt8>) throws(E) -> Void
    ) throws(ExportFailure<E>) -> UInt64 {
        var piece = Piece(next: first)
        while piece.next <= last {
            do throws(LedgerError) {
                switch vocabulary {
                case .waybill: try appendEvents(to: &piece)
                case .cdEvents: try appendCDEvents(to: &piece)
                }
            } catch {
                throw .ledger(error)
            }
            let bytes = piece.json.bytes
            do throws(E) {
                if !bytes.isEmpty { try sink(bytes.span) }
            } catch {
                throw .sink(error)
            }
            piece.json.removeAll()
            progress(piece.next.rawValue - first.rawValue, last.rawValue + 1 - first.rawValue)
        }
        return piece.lineCount
    }

    /// Lines on their way, and where to go on.
    private struct Piece {
        var json = JSONBytes()
        var next: Position
        var lineCount: UInt64 = 0

        mutating func endLine() {
            json.raw("\n")
            lineCount += 1
        }
    }

    private func appendEvents(to piece: inout Piece) throws(LedgerError) {
        var failure: LedgerError?
        let end = end(of: piece)
        do throws(EventLogError) {
            try ledger.log.read { (snapshot) throws(EventLogError) in
                try snapshot.forEachStored(from: piece.next, through: end) {
                    position,
                    header,
                    body in
                    do throws(LedgerError) {
                        let event = try LedgerEvent(header: header, body: body, at: position)
                        CloudEvent.write(event, in: snapshot.id, to: &piece.json)
                        piece.endLine()
                    } catch {
                        failure = error
                    }
                    piece.next = position.next
                    return failure == nil && piece.json.bytes.count < Self.pieceByteCount
                }
            }
        } catch {
            throw .log(error)
        }
        if let failure { throw failure }
    }

    private func appendCDEvents(to piece: inout Piece) throws(LedgerError) {
        let end = end(of: piece)
        try ledger.read { (view) throws(LedgerError) in
            let mapper = CDEventMapper(view, ledger: ledger.log.id)
            try view.forEachEvent(from: piece.next) { (event) throws(LedgerError) in
                for mapped in try mapper.events(of: event) {
                    piece.json.raw(Array(mapped.envelope.json.utf8))
                    piece.endLine()
                }
                piece.next = event.header.position.next
                return piece.next <= end && piece.json.bytes.count < Self.pieceByteCount
            }
        }
    }

    /// The last event that is looked at in one transaction.
    private func end(of piece: Piece) -> Position {
        min(last, Position(rawValue: piece.next.rawValue + UInt64(Self.pieceEventCount) - 1))
    }
}
