package import EventLog
package import PromotionModel
import Wire

/// An event with its payload read.
package struct LedgerEvent: Sendable {
    package let header: Header
    /// nil where the payload was redacted.
    package let event: Event?
    /// The event that says that the payload was redacted.
    package let redaction: Position?
    /// Where the payload was redacted, what is left of it for the events behind it.
    fileprivate(set) var remainder: Event?

    /// What the event changed, whether its words are still there or not.
    var effect: Event? { event ?? remainder }

    /// Reads a recorded event.
    init(_ recorded: RecordedEvent) throws(LedgerError) {
        header = recorded.header
        redaction = recorded.redaction
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
        let redaction = StoredBody.redaction(body)
        let isRedacted = body.isEmpty || redaction != nil
        guard isRedacted || Digest.sha256(body) == header.payloadHash else {
            throw .undecodable(at: position, "its payload has another hash than its header says")
        }
        let payload = isRedacted ? nil : StoredBody.payload(body)
        try self.init(
            RecordedEvent(header: header, payload: payload, redaction: redaction)
        )
    }

    /// The kind of event.
    package var type: EventType {
        guard let type = EventType(rawValue: header.type) else {
            preconditionFailure("the initialiser refuses unknown kinds")
        }
        return type
    }
}

extension LedgerEvent {
    /// Reads a recorded event, and where its payload was redacted, what is left of it.
    ///
    /// `find` reads the event that says that it was.
    init(
        _ recorded: RecordedEvent,
        remainderFrom find: (Position) throws(LedgerError) -> RecordedEvent
    ) throws(LedgerError) {
        try self.init(recorded)
        guard event == nil else { return }
        let position = header.position
        guard let redaction else {
            throw .undecodable(at: position, "its payload is missing, and nothing says why")
        }
        let reason = try LedgerEvent(try find(redaction))
        guard case .payloadRedacted(let payload) = reason.event, payload.position == position else {
            throw .undecodable(at: position, "event \(redaction) does not say that it was redacted")
        }
        do throws(WireError) {
            remainder = try Event(type, decoding: payload.remainder)
        } catch {
            throw .undecodable(at: redaction, "\(error)")
        }
    }
}

extension LogSnapshot {
    /// Reads a recorded event, and where its payload was redacted, what is left of it.
    func withRemainder(_ recorded: RecordedEvent) throws(LedgerError) -> LedgerEvent {
        try LedgerEvent(recorded) { (redaction) throws(LedgerError) in
            try fromLog { () throws(EventLogError) in try event(at: redaction) }
        }
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
