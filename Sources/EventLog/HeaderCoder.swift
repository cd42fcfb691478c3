package import Wire

extension Header {
    /// The protobuf schema of a header: the part of `docs/waybill.proto` that the log owns.
    package static let schema = """
        // What the log knows of an event besides its payload. Its bytes are the leaf of the
        // Merkle tree: SHA-256(0x00 || header) (RFC 9162).
        message Header {
          // The number of the event: 1, 2, 3, ... without gaps.
          uint64 position = 1;
          // Milliseconds since 1970-01-01T00:00:00Z; never less than the previous event's.
          int64 recorded_ms = 2;
          // The wall clock, where it differed from recorded_ms.
          optional int64 wall_clock_ms = 3;
          // The kind of event.
          uint32 type = 4;
          // The version of that kind's payload.
          uint32 type_version = 5;
          string project = 6;
          // What the event is about, such as stage/uat.
          string subject = 7;
          string actor_name = 8;
          Assurance assurance = 9;
          string command_id = 10;
          // SHA-256 over what the caller said; on a command's first event only.
          optional bytes content_hash = 11;
          // 0 for a command's first event.
          uint32 index_in_command = 12;
          // The position of the event that led to this one.
          optional uint64 cause = 13;
          // When it happened, for facts from outside.
          optional int64 occurred_ms = 14;
          // Where it was seen, for facts from outside.
          optional string source_system = 15;
          optional string source_uid = 16;
          // SHA-256 over salt || payload.
          bytes payload_hash = 17;
        }

        // How an actor's name was established, from the weakest to the strongest.
        enum Assurance {
          ASSURANCE_UNSPECIFIED = 0;
          ASSURANCE_ASSERTED = 1;
          ASSURANCE_OS_USER = 2;
          ASSURANCE_TOKEN = 3;
          ASSURANCE_OIDC = 4;
          ASSURANCE_AUTOMATION = 5;
        }
        """

    /// Appends the header's protobuf bytes to `bytes`.
    ///
    /// Not by `WireWriter`: a span that has room for any header costs no check for each byte.
    func encode(to bytes: inout [UInt8]) {
        bytes.append(addingCapacity: Limits.headerByteCountMax) { (output) in
            output.field(1, varint: position.rawValue)
            if recorded.rawValue != 0 { output.field(2, varint: recorded.bits) }
            if let wallClock { output.field(3, varint: wallClock.bits) }
            if type != 0 { output.field(4, varint: UInt64(type)) }
            if typeVersion != 0 { output.field(5, varint: UInt64(typeVersion)) }
            if !project.isEmpty { output.field(6, text: project) }
            if !subject.isEmpty { output.field(7, text: subject) }
            if !actor.name.isEmpty { output.field(8, text: actor.name) }
            output.field(9, varint: UInt64(actor.assurance.rawValue))
            output.field(10, text: commandID.rawValue)
            if let contentHash { output.field(11, digest: contentHash) }
            if indexInCommand != 0 { output.field(12, varint: UInt64(indexInCommand)) }
            if let cause { output.field(13, varint: cause.rawValue) }
            if let occurred { output.field(14, varint: occurred.bits) }
            if let source {
                output.field(15, text: source.system)
                output.field(16, text: source.uid)
            }
            output.field(17, digest: payloadHash)
        }
    }

    /// Reads a header from its protobuf bytes; unknown fields are skipped.
    package init(decoding bytes: Span<UInt8>) throws(WireError) {
        var fields = HeaderFields()
        var cursor = WireCursor(0..<bytes.count)
        while !cursor.isAtEnd { try fields.read(&cursor, bytes) }
        self = try fields.header()
    }

    /// Reads only the recorded time, which is among a header's first bytes.
    static func recorded(in bytes: Span<UInt8>) throws(WireError) -> Timestamp {
        var cursor = WireCursor(0..<bytes.count)
        while !cursor.isAtEnd {
            let (field, type) = try cursor.tag(in: bytes)
            guard field <= 2 else { break }
            guard type == .varint else { throw .unexpectedWireType(field: field) }
            let value = try cursor.varint(in: bytes)
            if field == 2 { return Timestamp(rawValue: Int64(bitPattern: value)) }
        }
        // Left out, as proto3 leaves out zeros.
        return .epoch
    }
}

extension Timestamp {
    /// The number as protobuf's `int64` has it.
    fileprivate var bits: UInt64 { UInt64(bitPattern: rawValue) }
}

// Wire types 0, a number, and 2, bytes with their length, as they are: constants fold.
extension OutputSpan<UInt8> {
    @inline(__always)
    fileprivate mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    @inline(__always)
    fileprivate mutating func field(_ number: UInt64, varint value: UInt64) {
        varint(number << 3)
        varint(value)
    }

    @inline(__always)
    fileprivate mutating func field(_ number: UInt64, text: String) {
        varint(number << 3 | 2)
        let bytes = text.utf8Span.span
        varint(UInt64(bytes.count))
        for index in bytes.indices { append(bytes[index]) }
    }

    @inline(__always)
    fileprivate mutating func field(_ number: UInt64, digest: Digest) {
        varint(number << 3 | 2)
        varint(32)
        let bytes = digest.inlineBytes
        for index in bytes.indices { append(bytes[index]) }
    }
}

/// A header's fields as they are found.
private struct HeaderFields {
    private var position: UInt64 = 0
    private var recorded: Int64 = 0
    private var wallClock: Timestamp?
    private var type: UInt32 = 0
    private var typeVersion: UInt32 = 0
    private var project = ""
    private var subject = ""
    private var actorName = ""
    private var assurance: Assurance?
    private var commandID = ""
    private var contentHash: Digest?
    private var indexInCommand: UInt32 = 0
    private var cause: Position?
    private var occurred: Timestamp?
    private var sourceSystem: String?
    private var sourceUID: String?
    private var payloadHash: Digest?

    /// Reads one field.
    mutating func read(_ cursor: inout WireCursor, _ bytes: Span<UInt8>) throws(WireError) {
        let (field, type) = try cursor.tag(in: bytes)
        switch type {
        case .varint:
            try setNumber(field, try cursor.varint(in: bytes))
        case .lengthDelimited:
            let range = try cursor.lengthDelimited(in: bytes)
            try setBytes(field, bytes.extracting(range))
        case .fixed64, .fixed32:
            if (1...17).contains(field) { throw .unexpectedWireType(field: field) }
            try cursor.skip(type, in: bytes)
        }
    }

    private mutating func setNumber(_ field: UInt32, _ value: UInt64) throws(WireError) {
        switch field {
        case 1: position = value
        case 2: recorded = Int64(bitPattern: value)
        case 3: wallClock = Timestamp(rawValue: Int64(bitPattern: value))
        case 4: type = try Self.small(field, value)
        case 5: typeVersion = try Self.small(field, value)
        case 9:
            guard let known = Assurance(rawValue: try Self.small(field, value)) else {
                throw .unknownValue(field: field, value: value)
            }
            assurance = known
        case 12: indexInCommand = try Self.small(field, value)
        case 13: cause = Position(rawValue: value)
        case 14: occurred = Timestamp(rawValue: Int64(bitPattern: value))
        case 6, 7, 8, 10, 11, 15, 16, 17: throw .unexpectedWireType(field: field)
        default: break
        }
    }

    private mutating func setBytes(_ field: UInt32, _ value: Span<UInt8>) throws(WireError) {
        switch field {
        case 6: project = try Self.text(field, value)
        case 7: subject = try Self.text(field, value)
        case 8: actorName = try Self.text(field, value)
        case 10: commandID = try Self.text(field, value)
        case 11: contentHash = try Self.digest(field, value)
        case 15: sourceSystem = try Self.text(field, value)
        case 16: sourceUID = try Self.text(field, value)
        case 17: payloadHash = try Self.digest(field, value)
        case 1, 2, 3, 4, 5, 9, 12, 13, 14: throw .unexpectedWireType(field: field)
        default: break
        }
    }

    /// The header; it lacks no field that the log always writes.
    func header() throws(WireError) -> Header {
        guard position > 0 else { throw .invalidValue(field: 1) }
        guard let assurance else { throw .unknownValue(field: 9, value: 0) }
        guard let payloadHash else { throw .invalidValue(field: 17) }
        guard (sourceSystem == nil) == (sourceUID == nil) else { throw .invalidValue(field: 15) }
        var source: EventSource?
        if let sourceSystem, let sourceUID {
            source = EventSource(system: sourceSystem, uid: sourceUID)
        }
        return Header(
            position: Position(rawValue: position),
            recorded: Timestamp(rawValue: recorded),
            wallClock: wallClock,
            type: type,
            typeVersion: typeVersion,
            project: project,
            subject: subject,
            actor: EventActor(name: actorName, assurance: assurance),
            commandID: CommandID(unchecked: commandID),
            contentHash: contentHash,
            indexInCommand: indexInCommand,
            cause: cause,
            occurred: occurred,
            source: source,
            payloadHash: payloadHash
        )
    }

    private static func small(_ field: UInt32, _ value: UInt64) throws(WireError) -> UInt32 {
        guard let small = UInt32(exactly: value) else {
            throw .unknownValue(field: field, value: value)
        }
        return small
    }

    private static func text(_ field: UInt32, _ value: Span<UInt8>) throws(WireError) -> String {
        do {
            return String(copying: try UTF8Span(validating: value))
        } catch {
            throw .invalidText(field: field)
        }
    }

    private static func digest(_ field: UInt32, _ value: Span<UInt8>) throws(WireError) -> Digest {
        guard let digest = Digest(bytes: value) else { throw .invalidValue(field: field) }
        return digest
    }
}
