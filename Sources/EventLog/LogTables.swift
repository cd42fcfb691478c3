import LMDB

/// The log's own tables.
struct LogTables: Sendable {
    /// Position → header: the Merkle leaf.
    let headers: Table
    /// Position → salt ‖ payload; the redaction's position where the payload was redacted.
    let payloads: Table
    /// Stored-hash number → 32 bytes.
    let hashes: Table
    /// Command id → `CommandRow`.
    let commands: Table
    /// Name → what the log knows of itself.
    let meta: Table

    static let definitions = [
        TableDefinition("headers", .positions),
        TableDefinition("payloads", .positions),
        TableDefinition("hashes", .positions),
        TableDefinition("commands", .bytes),
        TableDefinition("meta", .bytes),
    ]

    /// The tables, opened in the order of `definitions`.
    init(_ opened: [Table]) {
        headers = opened[0]
        payloads = opened[1]
        hashes = opened[2]
        commands = opened[3]
        meta = opened[4]
    }
}

/// A row of `payloads`: salt and payload; where the payload was redacted, the position of the event
/// that says so, in eight bytes.
///
/// Without the salt nobody can tell from the hash in the header whether a guess is right.
package enum StoredBody {
    /// The bytes of salt before each payload.
    package static let saltByteCount = 16

    /// A copy of the payload; nil where it was redacted.
    package static func payload(_ body: Span<UInt8>) -> [UInt8]? {
        body.count < saltByteCount
            ? nil : copyBytes(body.extracting(saltByteCount..<body.count))
    }

    /// The event that says that the payload was redacted; nil where it was not.
    package static func redaction(_ body: Span<UInt8>) -> Position? {
        body.count == 8 ? Position(rawValue: BigEndian.number(body, at: 0)) : nil
    }

    /// The row of a payload that was redacted.
    static func redacted(by position: Position) -> [UInt8] {
        var bytes: [UInt8] = []
        BigEndian.append(position.rawValue, to: &bytes)
        return bytes
    }
}

/// What `commands` holds: the command's events, and what it said.
struct CommandRow: Hashable, Sendable {
    let first: Position
    let last: Position
    let contentHash: Digest

    init(first: Position, last: Position, contentHash: Digest) {
        self.first = first
        self.last = last
        self.contentHash = contentHash
    }

    /// Reads 8 bytes, 8 bytes, 32 bytes; nil if that is not what there is.
    init?(_ bytes: Span<UInt8>) {
        guard bytes.count == 48, let hash = Digest(bytes: bytes.extracting(16..<48)) else {
            return nil
        }
        first = Position(rawValue: BigEndian.number(bytes, at: 0))
        last = Position(rawValue: BigEndian.number(bytes, at: 8))
        contentHash = hash
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(48)
        BigEndian.append(first.rawValue, to: &bytes)
        BigEndian.append(last.rawValue, to: &bytes)
        bytes.append(contentsOf: contentHash.bytes)
        return bytes
    }
}

/// Where the log ends.
package struct LogHead: Hashable, Sendable {
    /// The position of the last event; the origin if there is none.
    package let position: Position
    /// The last event's recorded time; the epoch if there is none.
    package let recorded: Timestamp

    /// The end of a log whose last event is this one.
    package init(position: Position, recorded: Timestamp) {
        self.position = position
        self.recorded = recorded
    }
}

/// The row `head` of `meta`: size, last recorded time, the tree's complete subtrees.
struct HeadRow: Hashable, Sendable {
    static let key = Array("head".utf8)

    var recorded: Timestamp
    var tree: MerkleTree

    /// The row of an empty log.
    init() {
        recorded = .epoch
        tree = MerkleTree()
    }

    /// Reads 8 bytes, 8 bytes, 32 bytes for each bit of the first; nil if that is not there.
    init?(_ bytes: Span<UInt8>) {
        guard bytes.count >= 16 else { return nil }
        let size = BigEndian.number(bytes, at: 0)
        recorded = Timestamp(rawValue: Int64(bitPattern: BigEndian.number(bytes, at: 8)))
        var peaks: [Digest] = []
        var offset = 16
        while offset < bytes.count {
            let end = min(offset + 32, bytes.count)
            guard let peak = Digest(bytes: bytes.extracting(offset..<end)) else { return nil }
            peaks.append(peak)
            offset = end
        }
        guard let tree = MerkleTree(size: size, peaks: peaks) else { return nil }
        self.tree = tree
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16 + 32 * tree.peaks.count)
        BigEndian.append(tree.size, to: &bytes)
        BigEndian.append(UInt64(bitPattern: recorded.rawValue), to: &bytes)
        for peak in tree.peaks { bytes.append(contentsOf: peak.bytes) }
        return bytes
    }

    var head: LogHead {
        LogHead(position: Position(rawValue: tree.size), recorded: recorded)
    }
}

/// Numbers as eight bytes, most significant first.
enum BigEndian {
    static func number(_ bytes: Span<UInt8>, at offset: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in offset..<offset + 8 { value = value << 8 | UInt64(bytes[index]) }
        return value
    }

    static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
