import LMDB
import Wire

/// Why a log could not be made of the stored bytes of another one.
package enum LogBuildError: Error, Hashable, Sendable {
    /// The event breaks a rule of every log; `what` is the rest of a sentence that starts with it.
    case unsound(Position, what: String)
    /// The new log could not be written.
    case log(EventLogError)
}

extension LogBuildError: EventLogFailure {
    package init(log: EventLogError) { self = .log(log) }
}

extension LogBuildError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unsound(let position, let what): "event \(position) \(what)"
        case .log(let error): "\(error)"
        }
    }
}

/// Makes a log of the stored bytes of another one's events: the same headers and payloads, and so
/// the same roots.
///
/// Nothing is taken over but these bytes. Hashes, tree, command ids and head are computed anew, and
/// every rule that verification knows is checked. It works in a directory that nobody else uses
/// yet, on the calling thread. Its commits do not wait for the disk: what it makes counts only once
/// it is flushed and the directory has its name.
package struct LogBuilder: ~Copyable {
    private let store: LogStore
    /// The transaction of the present batch; nil between batches.
    private var transaction: WriteTransaction?
    private var head = HeadRow()
    private var sequence = HeaderSequence()
    /// Events of the present batch.
    private var eventCount = 0
    /// Bytes of the present batch.
    private var byteCount = 0
    private let limits = Limits()
    /// Events without a payload that no event has explained so far.
    private var unannounced: Set<UInt64> = []
    private var salts = SaltSource()

    /// Makes the empty log of the ledger `id` in a directory that is there and empty.
    ///
    /// - Throws: failures of the store.
    package init(at path: String, id: LedgerID, options: LogOptions) throws(EventLogError) {
        store = try LogDirectory(path).makeStore(id, options, flushesCommits: false)
    }

    /// How many events there are so far.
    package var size: UInt64 { head.tree.size }

    /// Adds the next event: the bytes of its header, and salt and payload as they are stored;
    /// nothing for the latter where the payload was redacted, which `noteRedaction` must explain.
    ///
    /// - Throws: `.unsound`
    package mutating func append(
        header bytes: Span<UInt8>,
        body: Span<UInt8>
    ) throws(LogBuildError) -> Header {
        let header = try decode(bytes, body)
        try begin()
        var ended: (id: CommandID, row: CommandRow)?
        let violation = sequence.take(header) { ended = ($0, $1) }
        if let violation { throw unsound(violation) }
        if let ended { try put(ended.id, ended.row) }
        do throws(LMDBError) {
            try write(header, bytes, body)
        } catch {
            throw .log(EventLogError(error))
        }
        if Self.isRedacted(body) { unannounced.insert(header.position.rawValue) }
        eventCount += 1
        byteCount += bytes.count + body.count
        if eventCount >= limits.batchEventCountMax || byteCount >= limits.batchByteCountMax {
            try commit()
        }
        return header
    }

    /// Notes that `redaction` says that the payload of an earlier event was redacted.
    ///
    /// - Throws: `.unsound` if the payload is there.
    package mutating func noteRedaction(
        of position: Position,
        by redaction: Position
    ) throws(LogBuildError) {
        guard unannounced.remove(position.rawValue) != nil else {
            throw .unsound(redaction, what: "redacts event \(position), whose payload is there")
        }
        let bytes = StoredBody.redacted(by: redaction)
        try begin()
        do throws(LMDBError) {
            try transaction?.put(bytes.span, forKey: position.rawValue, in: store.tables.payloads)
        } catch {
            throw .log(EventLogError(error))
        }
    }

    /// Adds an event that is no other ledger's: header, salt and hashes are made here.
    package mutating func append(
        _ event: NewEvent,
        of command: (id: CommandID, contentHash: Digest),
        index: UInt32,
        at wallClock: Timestamp
    ) throws(LogBuildError) {
        let recorded = max(wallClock, head.recorded)
        let salt = salts.next()
        let body = (0..<StoredBody.saltByteCount).map { salt[$0] } + event.payload
        let header = Header(
            position: Position(rawValue: size + 1),
            recorded: recorded,
            wallClock: wallClock == recorded ? nil : wallClock,
            type: event.type,
            typeVersion: event.typeVersion,
            project: event.project,
            subject: event.subject,
            actor: event.actor,
            commandID: command.id,
            contentHash: index == 0 ? command.contentHash : nil,
            indexInCommand: index,
            cause: event.cause,
            payloadHash: .sha256(body)
        )
        var bytes: [UInt8] = []
        header.encode(to: &bytes)
        _ = try append(header: bytes.span, body: body.span)
    }

    /// Completes the log; returns its end and root.
    ///
    /// - Throws: `.unsound` if a payload is missing and no event says that it was redacted.
    package mutating func finish() throws(LogBuildError) -> (head: LogHead, root: Digest) {
        if let position = unannounced.min() {
            throw .unsound(
                Position(rawValue: position),
                what: "has no payload, and no event says that it was redacted"
            )
        }
        try begin()
        if let (id, row) = sequence.command { try put(id, row) }
        try commit()
        return (head.head, head.tree.root)
    }

    /// Runs `body` in a transaction in which the client fills its tables.
    package func fill<T, E: EventLogFailure>(
        _ body: (inout RebuildScope) throws(E) -> T
    ) throws(E) -> T {
        guard let tables = store.client.last else { preconditionFailure("the tables were made") }
        var scope: RebuildScope
        do throws(EventLogError) {
            scope = try Self.scope(store, tables)
        } catch {
            throw E(log: error)
        }
        let result = try body(&scope)
        do throws(CommitFailure) {
            try scope.commit()
        } catch {
            switch error {
            case .notCommitted(let error): throw E(log: error)
            case .inDoubt(let error): throw E(log: EventLogError(error))
            }
        }
        return result
    }

    private static func scope(
        _ store: LogStore,
        _ tables: ClientTables
    ) throws(EventLogError) -> RebuildScope {
        try RebuildScope(store, tables, present: tables.generation)
    }

    /// Brings everything to disk.
    package func flush() throws(LogBuildError) {
        do throws(LMDBError) {
            try store.environment.flush()
        } catch {
            throw .log(EventLogError(error))
        }
    }

    // MARK: - Inside

    private func unsound(_ what: String) -> LogBuildError {
        .unsound(Position(rawValue: sequence.next), what: what)
    }

    /// Reads a header, and checks what it says of the payload.
    private func decode(
        _ bytes: Span<UInt8>,
        _ body: Span<UInt8>
    ) throws(LogBuildError) -> Header {
        guard bytes.count <= Limits.headerByteCountMax else {
            throw unsound("has a header of \(bytes.count) bytes, which none may have")
        }
        guard body.count <= StoredBody.saltByteCount + Limits.payloadByteCountMax else {
            let count = body.count - StoredBody.saltByteCount
            throw unsound("has a payload of \(count) bytes, which none may have")
        }
        let header: Header
        do throws(WireError) {
            header = try Header(decoding: bytes)
        } catch {
            throw unsound("has a header that cannot be read, \(error)")
        }
        if Self.isRedacted(body) { return header }
        guard body.count >= StoredBody.saltByteCount else { throw unsound("has too short a salt") }
        guard Digest.sha256(body) == header.payloadHash else {
            throw unsound("has a payload with another hash than its header says")
        }
        return header
    }

    private static func isRedacted(_ body: Span<UInt8>) -> Bool {
        body.isEmpty || StoredBody.redaction(body) != nil
    }

    private mutating func begin() throws(LogBuildError) {
        if transaction != nil { return }
        do throws(LMDBError) {
            transaction = try Self.begun(store.environment)
        } catch {
            throw .log(EventLogError(error))
        }
    }

    /// A transaction of this thread: the builder is only used from one function to the next, and
    /// never across a suspension.
    private static func begun(_ environment: Environment) throws(LMDBError) -> WriteTransaction {
        try WriteTransaction(environment)
    }

    private mutating func write(
        _ header: Header,
        _ bytes: Span<UInt8>,
        _ body: Span<UInt8>
    ) throws(LMDBError) {
        let key = header.position.rawValue
        try transaction?.append(bytes, forKey: key, in: store.tables.headers)
        try transaction?.append(body, forKey: key, in: store.tables.payloads)
        let table = store.tables.hashes
        // Taken out and put back: a copy would cost an allocation for each event.
        var tree = MerkleTree()
        swap(&tree, &head.tree)
        defer { swap(&tree, &head.tree) }
        try tree.append(leaf: .leaf(bytes)) { (index, hash) throws(LMDBError) in
            let bytes = hash.inlineBytes
            try transaction?.append(bytes.span, forKey: index, in: table)
        }
        head.recorded = header.recorded
    }

    private mutating func put(_ id: CommandID, _ row: CommandRow) throws(LogBuildError) {
        let key = Array(id.rawValue.utf8)
        let value = row.bytes
        var isKnown = false
        do throws(LMDBError) {
            isKnown = try transaction?.reader().contains(key, in: store.tables.commands) ?? false
            if !isKnown {
                try transaction?.put(value.span, forKey: key.span, in: store.tables.commands)
            }
        } catch {
            throw .log(EventLogError(error))
        }
        if isKnown {
            throw .unsound(row.first, what: "repeats the command id \(id) of an earlier command")
        }
    }

    private mutating func commit() throws(LogBuildError) {
        guard var batch = transaction.take() else { return }
        eventCount = 0
        byteCount = 0
        let key = HeadRow.key
        let bytes = head.bytes
        do throws(LMDBError) {
            try batch.put(bytes.span, forKey: key.span, in: store.tables.meta)
            try batch.commit()
        } catch {
            throw .log(EventLogError(error))
        }
    }
}
