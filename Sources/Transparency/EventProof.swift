package import EventLog
import Wire

/// That an event is in a log, for somebody who has neither (C2SP tlog-proof).
///
/// The event's bytes are in the `extra` line, so the file needs no other: who knows the log's
/// verifier key learns from it what was recorded, as which event, of which log.
package struct EventProof: Hashable, Sendable {
    private static let firstLine = "c2sp.org/tlog-proof@v1"
    /// Bytes that a file may have at most: a payload of 8 MiB in base 64, and the rest.
    package static let byteCountMax = 16 << 20

    /// What is proved.
    package let record: EventRecord
    /// Which leaf it is, from 0: the event at position p is leaf p − 1.
    package let index: UInt64
    /// The hashes from the leaf's sibling to the root's child.
    package let hashes: [Digest]
    /// The signed checkpoint whose root they lead to.
    package let note: SignedNote

    /// The proof that the event at `position` is among those of a signed checkpoint of this log.
    ///
    /// `hasPayload` false leaves its contents out: then the header alone is shown.
    ///
    /// - Complexity: O(log size) reads.
    /// - Throws: `.notSignedYet` if the checkpoint does not have it, what
    ///   `LogSnapshot.signedCheckpoint(_:)` throws, `.log`
    package init(
        of position: Position,
        in note: SignedNote,
        _ snapshot: LogSnapshot,
        hasPayload: Bool = true
    ) throws(TransparencyError) {
        let checkpoint = try snapshot.signedCheckpoint(note)
        let size = checkpoint.size
        self.note = note
        (record, hashes) = try fromLog { () throws(EventLogError) in
            let record = try EventRecord(snapshot, position, hasPayload: hasPayload)
            if position.rawValue > size { return (record, []) }
            let hashes = try MerkleProof.inclusion(
                of: position.rawValue - 1,
                in: size,
                snapshot.hashes
            )
            return (record, hashes)
        }
        guard position.rawValue <= size else { throw .notSignedYet(position, size: size) }
        index = position.rawValue - 1
    }

    /// The lines of the file.
    package var encoded: String {
        """
        \(Self.firstLine)
        extra \(Base64.encode(record.encoded))
        index \(index)
        \(hashes.map { Base64.encode($0.bytes) + "\n" }.joined())
        \(note.encoded)
        """
    }

    /// Reads a file; says nothing about whether it proves anything.
    ///
    /// - Throws: `.malformed`
    package init(parsing bytes: [UInt8]) throws(TransparencyError) {
        var lines = ProofLines(bytes)
        guard lines.next().map({ $0.elementsEqual(Self.firstLine.utf8) }) == true else {
            throw .malformed("is no proof: it does not begin with \(Self.firstLine)")
        }
        guard let extra = lines.next(after: "extra ").flatMap({ Base64.decode($0) }) else {
            throw .malformed("is a proof without the event: it has no line extra")
        }
        guard let index = lines.next(after: "index ").flatMap({ DecimalText.number($0) }) else {
            throw .malformed("is no proof: it has no line index")
        }
        guard let record = EventRecord(decoding: extra) else {
            throw .malformed("is a proof whose event cannot be read")
        }
        self.record = record
        self.index = index
        hashes = try lines.hashes()
        note = try SignedNote(parsing: lines.rest)
    }

    /// Checks everything that can be checked with a verifier key alone; returns the checkpoint
    /// and the event's header.
    ///
    /// - Throws: `.brokenSignature`, `.unknownSignature`, `.otherOrigin`, `.malformed`,
    ///   `.notProven`
    package func verified(
        by keys: [VerifierKey]
    ) throws(TransparencyError) -> (checkpoint: Checkpoint, header: Header) {
        let checkpoint = try note.checkpoint(verifiedBy: keys)
        let isIncluded = MerkleProof.verifiesInclusion(
            hashes,
            leaf: .leaf(record.header.span),
            index: index,
            size: checkpoint.size,
            root: checkpoint.root
        )
        guard isIncluded else {
            throw .notProven(
                "the hashes do not lead from the event to the root of \(checkpoint.size) events"
            )
        }
        let header = try record.checkedHeader()
        guard header.position.rawValue == index + 1 else {
            throw .notProven("leaf \(index) names position \(header.position.rawValue)")
        }
        return (checkpoint, header)
    }
}

/// The bytes of one event as the log has them.
package struct EventRecord: Hashable, Sendable {
    /// The header: the Merkle leaf.
    package let header: [UInt8]
    /// Salt and payload, whose hash is in the header; nil if they were erased or left out.
    package let stored: (salt: [UInt8], payload: [UInt8])?

    init(
        _ snapshot: LogSnapshot,
        _ position: Position,
        hasPayload: Bool
    ) throws(EventLogError) {
        header = try snapshot.headerBytes(at: position)
        stored = hasPayload ? try snapshot.saltedPayload(at: position) : nil
    }

    /// Fields 1 header, 2 salt, 3 payload, as protobuf.
    var encoded: [UInt8] {
        var writer = WireWriter(capacity: header.count + (stored?.payload.count ?? 0) + 64)
        writer.field(1, bytes: header)
        if let stored {
            writer.field(2, bytes: stored.salt)
            writer.field(3, bytes: stored.payload)
        }
        return writer.bytes
    }

    init?(decoding bytes: [UInt8]) {
        var fields: [UInt32: [UInt8]] = [:]
        var cursor = WireCursor(0..<bytes.count)
        do throws(WireError) {
            while !cursor.isAtEnd {
                let (field, type) = try cursor.tag(in: bytes.span)
                guard type == .lengthDelimited, (1...3).contains(field), fields[field] == nil
                else { return nil }
                fields[field] = Array(bytes[try cursor.lengthDelimited(in: bytes.span)])
            }
        } catch {
            return nil
        }
        guard let header = fields[1], (fields[2] == nil) == (fields[3] == nil) else { return nil }
        self.header = header
        stored = fields[2].flatMap { salt in fields[3].map { (salt, $0) } }
    }

    /// The header, if it can be read and the payload is the one that it names.
    func checkedHeader() throws(TransparencyError) -> Header {
        let header: Header
        do throws(WireError) {
            header = try Header(decoding: self.header.span)
        } catch {
            throw .notProven("the event's header cannot be read, \(error)")
        }
        if let stored, Digest.sha256(stored.salt.span, stored.payload.span) != header.payloadHash {
            throw .notProven("the payload is not the one whose hash the header has")
        }
        return header
    }

    package static func == (one: EventRecord, other: EventRecord) -> Bool {
        one.header == other.header && one.stored?.salt == other.stored?.salt
            && one.stored?.payload == other.stored?.payload
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(header)
    }
}
