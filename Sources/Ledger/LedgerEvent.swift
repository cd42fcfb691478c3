package import EventLog
package import PromotionModel
import Wire

/// An event with its payload read.
package struct LedgerEvent: Sendable {
    package let header: Header
    /// nil where the payload was redacted.
    package let event: Event?

    /// Reads a recorded event.
    init(_ recorded: RecordedEvent) throws(LedgerError) {
        header = recorded.header
        guard let type = EventType(rawValue: header.type) else {
            throw .unknownEventType(header.type, at: header.position)
        }
        guard let payload = recorded.payload else {
            event = nil
            return
        }
        do throws(WireError) {
            event = try Event(type, decoding: payload)
        } catch {
            throw .undecodable(at: header.position, "\(error)")
        }
    }

    /// Reads an event as it is stored: the bytes of its header, and salt and payload.
    ///
    /// The payload is checked against the header.
    package init(
        header bytes: Span<UInt8>,
        body: Span<UInt8>,
        at position: Position
    ) throws(LedgerError) {
        let header: Header
        do throws(WireError) {
            header = try Header(decoding: bytes)
        } catch {
            throw .undecodable(at: position, "\(error)")
        }
        guard header.position == position else {
            throw .undecodable(at: position, "its header names position \(header.position)")
        }
        let isSound = body.isEmpty || Digest.sha256(body) == header.payloadHash
        guard isSound, body.isEmpty || body.count >= StoredBody.saltByteCount else {
            throw .undecodable(at: position, "its payload has another hash than its header says")
        }
        try self.init(RecordedEvent(header: header, payload: StoredBody.payload(body)))
    }

    /// The kind of event.
    package var type: EventType {
        guard let type = EventType(rawValue: header.type) else {
            preconditionFailure("the initialiser refuses unknown kinds")
        }
        return type
    }
}

extension View {
    /// The event at a position up to the moment.
    package func event(at position: Position) throws(LedgerError) -> LedgerEvent {
        let recorded = try fromLog { () throws(EventLogError) in
            try snapshot.event(at: position)
        }
        return try LedgerEvent(recorded)
    }

    /// Hands `body` each event up to the moment, until it returns false.
    package func forEachEvent(
        from first: Position = Position(rawValue: 1),
        reverse: Bool = false,
        _ body: (LedgerEvent) throws(LedgerError) -> Bool
    ) throws(LedgerError) {
        guard moment.position >= first else { return }
        try snapshot.forEachEvent(from: first, through: moment.position, reverse: reverse) {
            (recorded) throws(LedgerError) in
            try body(try LedgerEvent(recorded))
        }
    }
}
