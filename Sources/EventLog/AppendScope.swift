package import LMDB

/// What a submission decides in: the state as of the last event, and the means to append.
///
/// It lives on the writer thread, inside the write transaction of a batch.
package struct AppendScope: ~Copyable {
    private var transaction: WriteTransaction
    private let store: LogStore
    private let tables: LogTables
    private let limits: Limits
    private let path: String
    private let faults: FaultInjection?
    /// The client's tables that count in this transaction.
    package let clientTables: ClientTables
    /// The end of the log, with this batch's events.
    private var head: HeadRow
    /// The last event of the batches before: what comes after it can still be given up.
    package let committed: Position
    private var salts: SaltSource
    /// The header that is being written; kept for its room.
    private var headerBytes: [UInt8] = []
    private var rules = EventRules()
    /// Events of all submissions of the batch so far.
    private(set) var eventCount = 0
    /// Bytes of all rows of the batch so far.
    private(set) var byteCount = 0
    /// The submission that decides now.
    private var current = Current()

    /// What belongs to one submission.
    private struct Current {
        var commandID = CommandID(unchecked: "")
        var contentHash = Digest.zero
        var wallClock = Timestamp.epoch
        var recorded = Timestamp.epoch
        var first = Position.origin
        var eventCount = 0
        var byteCount = 0
    }

    /// Begins the transaction of a batch.
    ///
    /// The end of the log is read anew: another process may have written since the last batch.
    ///
    /// - Throws: `.tablesRebuilt` if the client's tables that count now are not open.
    @available(*, noasync)
    init(_ store: LogStore, _ limits: Limits, _ salts: SaltSource) throws(EventLogError) {
        try store.faults.trip(.begin, store.path)
        let begun = try fromStore { () throws(LMDBError) in
            try WriteTransaction(store.environment)
        }
        // Nothing may fail once a part of the scope is there.
        let end = try HeadRow.read(begun.reader(), store.tables, path: store.path)
        let open = try store.client.currentTables(seenBy: begun.reader(), store.tables.meta)
        head = end
        committed = end.head.position
        clientTables = open
        transaction = begun
        self.store = store
        tables = store.tables
        path = store.path
        faults = store.faults
        self.limits = limits
        self.salts = salts
    }

    // MARK: - For the author of a submission

    /// The recorded time that events appended now get: max(wall clock, previous recorded).
    package var recorded: Timestamp { current.recorded }

    /// The wall clock when this submission's turn came.
    package var wallClock: Timestamp { current.wallClock }

    /// The position that the next appended event gets.
    package var nextPosition: Position { head.head.position.next }

    /// Reads all tables, with what was appended and put so far.
    package var reader: TableReader { transaction.reader() }

    /// Appends an event: header, payload, Merkle hashes.
    ///
    /// - Throws: `.limitExceeded` if a field, the payload or the command is too large; `.mapFull`
    ///   and other failures of the store.
    @discardableResult
    package mutating func append(_ event: NewEvent) throws(EventLogError) -> Header {
        try rules.check(event)
        try reserve(events: 1, bytes: event.payload.count + Limits.headerByteCountMax / 4)
        let salt = salts.next()
        let payload = event.payload
        let header = makeHeader(event, payloadHash: .sha256(salt.span, payload.span))
        if current.eventCount == 0 { current.first = header.position }
        current.eventCount += 1
        eventCount += 1
        try faults.trip(.append, path)
        headerBytes.removeAll(keepingCapacity: true)
        header.encode(to: &headerBytes)
        let bytes = headerBytes
        do throws(LMDBError) {
            try transaction.append(
                bytes.span,
                forKey: header.position.rawValue,
                in: tables.headers
            )
            try transaction.append(
                salt.span,
                payload.span,
                forKey: header.position.rawValue,
                in: tables.payloads
            )
            try appendHashes(leaf: .leaf(bytes.span))
        } catch {
            throw EventLogError(error)
        }
        head.recorded = header.recorded
        return header
    }

    /// Sets a row of a client's table.
    package mutating func put(
        _ value: [UInt8],
        forKey key: [UInt8],
        in table: Table
    ) throws(EventLogError) {
        try reserve(events: 0, bytes: key.count + value.count)
        try faults.trip(.put, path)
        let key = key
        let value = value
        do throws(LMDBError) {
            try transaction.put(value.span, forKey: key.span, in: table)
        } catch {
            throw EventLogError(error)
        }
    }

    /// Erases the payload of an event, and its salt, which could confirm a guess; the redaction is
    /// the event that was appended last.
    package mutating func erasePayload(at position: Position) throws(EventLogError) {
        let bytes = StoredBody.redacted(by: head.head.position)
        try reserve(events: 0, bytes: bytes.count)
        try faults.trip(.put, path)
        do throws(LMDBError) {
            try transaction.put(bytes.span, forKey: position.rawValue, in: tables.payloads)
        } catch {
            throw EventLogError(error)
        }
    }

    /// Reads the log, with what was appended so far.
    package func snapshot() -> LogSnapshot {
        LogSnapshot(store, transaction.reader(), head)
    }

    private mutating func appendHashes(leaf: Digest) throws(LMDBError) {
        let table = tables.hashes
        // Taken out and put back: a copy would cost an allocation for each event.
        var tree = MerkleTree()
        swap(&tree, &head.tree)
        defer { swap(&tree, &head.tree) }
        try tree.append(leaf: leaf) { (index, hash) throws(LMDBError) in
            let bytes = hash.inlineBytes
            try transaction.append(bytes.span, forKey: index, in: table)
        }
    }

    private func makeHeader(_ event: NewEvent, payloadHash: Digest) -> Header {
        Header(
            position: nextPosition,
            recorded: current.recorded,
            wallClock: current.wallClock == current.recorded ? nil : current.wallClock,
            type: event.type,
            typeVersion: event.typeVersion,
            project: event.project,
            subject: event.subject,
            actor: event.actor,
            commandID: current.commandID,
            contentHash: current.eventCount == 0 ? current.contentHash : nil,
            indexInCommand: UInt32(current.eventCount),
            cause: event.cause,
            occurred: event.occurred,
            source: event.source,
            payloadHash: payloadHash
        )
    }

    private mutating func reserve(events: Int, bytes: Int) throws(EventLogError) {
        current.byteCount += bytes
        byteCount += bytes
        if current.eventCount + events > limits.batchEventCountMax {
            throw .limitExceeded(
                what: "a command makes more than \(limits.batchEventCountMax) events; split it"
            )
        }
        if current.byteCount > limits.batchByteCountMax {
            throw .limitExceeded(
                what: "a command writes more than \(limits.batchByteCountMax) bytes; split it"
            )
        }
    }

    // MARK: - For the writer

    /// Whether the next submission should wait for the next batch.
    var isFull: Bool {
        eventCount >= limits.batchEventCountMax || byteCount >= limits.batchByteCountMax
    }

    /// Whether the submission that decided last has changed anything.
    var isTouched: Bool { current.eventCount > 0 || current.byteCount > 0 }

    /// Whether the submission that decided last has appended an event.
    var hasAppended: Bool { current.eventCount > 0 }

    /// Whether there is anything to commit.
    var hasChanges: Bool { eventCount > 0 }

    /// Starts a submission.
    mutating func begin(_ commandID: CommandID, _ contentHash: Digest, at wallClock: Timestamp) {
        current = Current()
        current.commandID = commandID
        current.contentHash = contentHash
        current.wallClock = wallClock
        current.recorded = max(wallClock, head.recorded)
    }

    /// What was accepted under a command id, in this batch or before.
    func accepted(_ commandID: CommandID) throws(EventLogError) -> CommandRow? {
        try CommandRow.read(commandID, transaction.reader(), tables, path: path)
    }

    /// Records the submission's command id; returns its receipt.
    mutating func finish() throws(EventLogError) -> DeferredReceipt {
        let row = CommandRow(
            first: current.first,
            last: head.head.position,
            contentHash: current.contentHash
        )
        let key = Array(current.commandID.rawValue.utf8)
        try put(row.bytes, forKey: key, in: tables.commands)
        return DeferredReceipt(row: row, peaks: head.tree.peaks, isDuplicate: false)
    }

    /// The receipt of a command that was accepted before.
    func repeatedReceipt(_ row: CommandRow) throws(EventLogError) -> DeferredReceipt {
        let hashes = StoredHashes(transaction.reader(), tables, path: path)
        let peaks = try hashes.peaks(of: 0..<row.last.rawValue)
        return DeferredReceipt(row: row, peaks: peaks, isDuplicate: true)
    }

    /// Writes the end of the log and makes the batch durable.
    ///
    /// Returns the new end and the unused salts.
    consuming func commit() throws(CommitFailure) -> (LogHead, SaltSource) {
        let end = head.head
        let unused = salts
        let key = HeadRow.key
        let bytes = head.bytes
        do throws(LMDBError) {
            try transaction.put(bytes.span, forKey: key.span, in: tables.meta)
        } catch {
            throw .notCommitted(EventLogError(error))
        }
        try faults.tripCommit(.commit, path)
        let after = faults
        let path = path
        do throws(LMDBError) {
            try transaction.commit()
        } catch {
            throw CommitFailure(error)
        }
        try after.tripCommit(.committed, path)
        return (end, unused)
    }

    /// Gives up the batch; returns the unused salts.
    consuming func abandon() -> SaltSource { salts }
}

/// What a failed commit leaves behind.
enum CommitFailure: Error {
    /// Nothing of the batch is on disk.
    case notCommitted(EventLogError)
    /// The batch may be on disk or not.
    case inDoubt(LMDBError)

    /// LMDB reports a full map or disk before it writes the meta page, so nothing is committed.
    ///
    /// After a failed flush the kernel may have dropped what it failed to write, and after a failed
    /// write of the meta page either one may be on disk: then nothing is certain.
    init(_ error: LMDBError) {
        switch error.code {
        case .mapFull, .diskFull, .transactionFull: self = .notCommitted(EventLogError(error))
        default: self = .inDoubt(error)
        }
    }
}
