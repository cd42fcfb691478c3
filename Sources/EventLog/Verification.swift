import LMDB
import Wire

/// Something in the log that is not as it should be.
package struct VerificationFinding: Hashable, Sendable {
    /// The event that it concerns; nil if it concerns none.
    package let position: Position?
    /// The table that is wrong.
    package let table: String
    /// What is wrong, as the rest of a sentence that starts with the place.
    package let what: String

    /// A finding, by the log or by its client.
    package init(position: Position?, table: String, what: String) {
        self.position = position
        self.table = table
        self.what = what
    }
}

extension VerificationFinding: CustomStringConvertible {
    package var description: String {
        position.map { "event \($0), table \(table): \(what)" } ?? "table \(table): \(what)"
    }
}

extension EventLog {
    /// Checks every row of the log; returns what is wrong, at most 1,000 findings.
    ///
    /// Positions have no gaps; headers can be read, and name their own position; recorded times
    /// never run backward; payloads have the hashes that the headers say; every stored Merkle
    /// hash is what the headers make it; the row about the end of the log is right; and the
    /// commands are exactly those that the headers name. `progress` is told how many events are
    /// checked, now and then.
    package func verify(
        progress: (_ checked: UInt64, _ size: UInt64) -> Void = { _, _ in }
    ) throws(EventLogError) -> [VerificationFinding] {
        try read { (snapshot) throws(EventLogError) in
            var verification = Verification(snapshot)
            return try verification.run(progress)
        }
    }
}

/// One pass over the log, recomputing everything that can be recomputed.
private struct Verification {
    private static let findingCountMax = 1000
    private static let progressInterval: UInt64 = 10_000

    private let snapshot: LogSnapshot
    private let reader: TableReader
    private let tables: LogTables
    private let size: UInt64
    private var findings: [VerificationFinding] = []
    private var tree = MerkleTree()
    private var expected: UInt64 = 1
    private var hasGap = false
    private var recorded = Timestamp.epoch
    private var command: CommandRow?
    private var commandID: CommandID?
    private var commandCount: UInt64 = 0

    init(_ snapshot: LogSnapshot) {
        self.snapshot = snapshot
        reader = snapshot.reader
        tables = snapshot.store.tables
        size = snapshot.head.position.rawValue
    }

    mutating func run(
        _ progress: (UInt64, UInt64) -> Void
    ) throws(EventLogError) -> [VerificationFinding] {
        var failure: EventLogError?
        do throws(LMDBError) {
            try reader.forEach(in: 0...UInt64.max, of: tables.headers) { key, bytes in
                do throws(EventLogError) {
                    try check(key, bytes)
                } catch {
                    failure = error
                }
                if key % Self.progressInterval == 0 { progress(key, size) }
                return failure == nil && findings.count < Self.findingCountMax
            }
        } catch {
            throw EventLogError(error)
        }
        if let failure { throw failure }
        progress(size, size)
        if findings.count < Self.findingCountMax { try checkEnd() }
        return findings
    }

    private mutating func report(_ position: UInt64?, _ table: String, _ what: String) {
        let position = position.map { Position(rawValue: $0) }
        findings.append(VerificationFinding(position: position, table: table, what: what))
    }

    private mutating func check(_ key: UInt64, _ bytes: Span<UInt8>) throws(EventLogError) {
        if key != expected {
            report(expected, "headers", "is missing; the next event is #\(key)")
            // The tree of what is left is another one: comparing it would drown this finding.
            hasGap = true
        }
        expected = key + 1
        if !hasGap { try checkHashes(key, .leaf(bytes)) }
        let header: Header
        do throws(WireError) {
            header = try Header(decoding: bytes)
        } catch {
            return report(key, "headers", "cannot be read, \(error)")
        }
        check(key, header)
        try checkPayload(key, header)
        try checkCommand(key, header)
    }

    private mutating func check(_ key: UInt64, _ header: Header) {
        if header.position.rawValue != key {
            report(key, "headers", "names position \(header.position)")
        }
        if header.recorded < recorded {
            report(key, "headers", "was recorded before the event that precedes it")
        }
        if let wallClock = header.wallClock, wallClock >= header.recorded {
            report(key, "headers", "has a wall clock that is not before the recorded time")
        }
        recorded = header.recorded
    }

    private mutating func checkPayload(_ key: UInt64, _ header: Header) throws(EventLogError) {
        let hash = try fromStore { () throws(LMDBError) in
            try reader.withValue(forKey: key, in: tables.payloads) { bytes -> Digest? in
                StoredBody.redaction(bytes) == nil ? .sha256(bytes) : nil
            }
        }
        switch hash {
        case nil: report(key, "payloads", "is missing")
        case .some(nil): break
        case .some(.some(let hash)) where hash != header.payloadHash:
            report(key, "payloads", "has another hash than its header says")
        case .some(.some): break
        }
    }

    /// Follows the events of one command; a header with a content hash starts the next.
    private mutating func checkCommand(_ key: UInt64, _ header: Header) throws(EventLogError) {
        if let contentHash = header.contentHash {
            try finishCommand()
            commandID = header.commandID
            command = CommandRow(
                first: Position(rawValue: key),
                last: Position(rawValue: key),
                contentHash: contentHash
            )
        }
        guard let open = command, header.commandID == commandID else {
            return report(key, "headers", "belongs to no command that begins before it")
        }
        if UInt64(header.indexInCommand) != key - open.first.rawValue {
            report(key, "headers", "has index \(header.indexInCommand) in its command")
        }
        command = CommandRow(
            first: open.first,
            last: Position(rawValue: key),
            contentHash: open.contentHash
        )
    }

    private mutating func finishCommand() throws(EventLogError) {
        guard let command, let commandID else { return }
        commandCount += 1
        let key = Array(commandID.rawValue.utf8)
        let row = try fromStore { () throws(LMDBError) in
            try reader.withValue(forKey: key, in: tables.commands) { CommandRow($0) }
        }
        if row == nil {
            report(command.first.rawValue, "commands", "lacks command \(commandID)")
        } else if row != command {
            report(
                command.first.rawValue,
                "commands",
                "says something else of command \(commandID) than its events"
            )
        }
    }

    private mutating func checkHashes(_ key: UInt64, _ leaf: Digest) throws(EventLogError) {
        var tree = tree
        try tree.append(leaf: leaf) { (index, hash) throws(EventLogError) in
            let stored = try fromStore { () throws(LMDBError) in
                try reader.withValue(forKey: index, in: tables.hashes) { Digest(bytes: $0) }
            }
            if stored != hash {
                report(key, "hashes", "hash \(index) is not what the headers make it")
            }
        }
        self.tree = tree
    }

    private mutating func checkEnd() throws(EventLogError) {
        try finishCommand()
        let head = snapshot.headRow
        if expected - 1 != size {
            report(
                nil,
                "meta",
                "says that the log ends at #\(size), but the last event is "
                    + "#\(expected - 1)"
            )
        }
        if !hasGap, head.tree != tree { report(nil, "meta", "has another tree than the headers") }
        if head.recorded != recorded { report(nil, "meta", "has another time than the last event") }
        try checkCount(of: tables.payloads, "payloads", size)
        try checkCount(of: tables.hashes, "hashes", MerkleTree.storedCount(size: size))
        try checkCount(of: tables.commands, "commands", commandCount)
    }

    private mutating func checkCount(
        of table: Table,
        _ name: String,
        _ count: UInt64
    ) throws(EventLogError) {
        let has = try fromStore { () throws(LMDBError) in try reader.count(of: table) }
        if has != count { report(nil, name, "has \(has) rows, and should have \(count)") }
    }
}
