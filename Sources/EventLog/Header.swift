/// What the log knows of an event besides its payload: the leaf of the Merkle tree.
///
/// Its bytes never change. `docs/waybill.proto` has the schema (message `Header`).
package struct Header: Hashable, Sendable {
    package let position: Position
    /// max(wall clock, previous event's recorded time), so it never runs backward.
    package let recorded: Timestamp
    /// The wall clock, where it differed from `recorded`.
    package let wallClock: Timestamp?
    /// The client's number for the kind of event.
    package let type: UInt32
    /// The version of that kind's payload.
    package let typeVersion: UInt32
    package let project: String
    /// What the event is about, such as `stage/uat`.
    package let subject: String
    package let actor: EventActor
    package let commandID: CommandID
    /// What the caller said; on a command's first event only.
    package let contentHash: Digest?
    /// 0 for a command's first event.
    package let indexInCommand: UInt32
    /// The event that led to this one.
    package let cause: Position?
    /// When it happened, for facts from outside.
    package let occurred: Timestamp?
    /// Where it was seen, for facts from outside.
    package let source: EventSource?
    /// SHA-256 over salt ‖ payload.
    package let payloadHash: Digest

    /// Wall clock time: what durations are measured by.
    package var clockTime: Timestamp { wallClock ?? recorded }

    /// A header as the log would make it; for tests and replays of what was never recorded.
    package init(
        position: Position,
        recorded: Timestamp,
        wallClock: Timestamp? = nil,
        type: UInt32,
        typeVersion: UInt32 = 1,
        project: String,
        subject: String,
        actor: EventActor,
        commandID: CommandID,
        contentHash: Digest? = nil,
        indexInCommand: UInt32 = 0,
        cause: Position? = nil,
        occurred: Timestamp? = nil,
        source: EventSource? = nil,
        payloadHash: Digest = .zero
    ) {
        self.position = position
        self.recorded = recorded
        self.wallClock = wallClock
        self.type = type
        self.typeVersion = typeVersion
        self.project = project
        self.subject = subject
        self.actor = actor
        self.commandID = commandID
        self.contentHash = contentHash
        self.indexInCommand = indexInCommand
        self.cause = cause
        self.occurred = occurred
        self.source = source
        self.payloadHash = payloadHash
    }
}

/// A system outside the ledger in which a fact was seen.
package struct EventSource: Hashable, Sendable {
    package let system: String
    package let uid: String

    /// The object `uid` of `system`.
    package init(system: String, uid: String) {
        self.system = system
        self.uid = uid
    }
}

/// An event as its author hands it over: what the log does not add itself.
package struct NewEvent: Sendable {
    package var type: UInt32
    package var typeVersion: UInt32
    package var project: String
    package var subject: String
    package var actor: EventActor
    package var cause: Position?
    package var occurred: Timestamp?
    package var source: EventSource?
    /// At most `Limits.payloadByteCountMax` bytes.
    package var payload: [UInt8]

    /// An event to be appended.
    package init(
        type: UInt32,
        typeVersion: UInt32 = 1,
        project: String,
        subject: String,
        actor: EventActor,
        cause: Position? = nil,
        occurred: Timestamp? = nil,
        source: EventSource? = nil,
        payload: [UInt8]
    ) {
        self.type = type
        self.typeVersion = typeVersion
        self.project = project
        self.subject = subject
        self.actor = actor
        self.cause = cause
        self.occurred = occurred
        self.source = source
        self.payload = payload
    }
}

/// An event as it is read back: header and payload.
package struct RecordedEvent: Hashable, Sendable {
    package let header: Header
    /// nil where the payload was redacted.
    package let payload: [UInt8]?
    /// The event that says that the payload was redacted.
    package let redaction: Position?

    /// An event of these parts.
    package init(header: Header, payload: [UInt8]?, redaction: Position? = nil) {
        self.header = header
        self.payload = payload
        self.redaction = redaction
    }
}
