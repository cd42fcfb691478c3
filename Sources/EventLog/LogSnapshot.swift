package import LMDB
import Wire

/// The log as it was at one moment; valid in the closure that it was handed to.
package struct LogSnapshot {
    /// Where the log ends.
    package let head: LogHead
    /// Reads all tables, the client's too, as of the same moment.
    package let reader: TableReader
    let store: LogStore
    let headRow: HeadRow

    /// The log's directory.
    package var path: String { store.path }
    /// The ledger's name in the world.
    package var id: LedgerID { store.id }

    init(_ store: LogStore, _ reader: TableReader) throws(EventLogError) {
        self.store = store
        self.reader = reader
        headRow = try HeadRow.read(reader, store.tables, path: store.path)
        head = headRow.head
    }

    /// The log with events that are not committed yet, of which only the writer knows the end.
    init(_ store: LogStore, _ reader: TableReader, _ head: HeadRow) {
        self.store = store
        self.reader = reader
        headRow = head
        self.head = head.head
    }

    // MARK: - One event

    /// The header of an event.
    ///
    /// - Throws: `.noSuchPosition`
    package func header(at position: Position) throws(EventLogError) -> Header {
        try check(position)
        return try withHeader(at: position) { Self.result($0, Header.init(decoding:)) }
    }

    /// The bytes of an event's header: the Merkle leaf.
    ///
    /// - Throws: `.noSuchPosition`
    package func headerBytes(at position: Position) throws(EventLogError) -> [UInt8] {
        try check(position)
        return try withHeader(at: position) { .success(copyBytes($0)) }
    }

    /// The payload of an event; nil if it was redacted.
    ///
    /// - Throws: `.noSuchPosition`
    package func payload(at position: Position) throws(EventLogError) -> [UInt8]? {
        try check(position)
        return try readBody(at: position).payload
    }

    /// The salt and the payload of an event, whose hash its header has; nil if they were erased.
    ///
    /// - Throws: `.noSuchPosition`
    package func saltedPayload(
        at position: Position
    ) throws(EventLogError) -> (salt: [UInt8], payload: [UInt8])? {
        try check(position)
        let found = try fromStore { () throws(LMDBError) in
            try reader.withValue(forKey: position.rawValue, in: store.tables.payloads) { bytes in
                copyBytes(bytes)
            }
        }
        guard let found else { throw damaged("table payloads lacks event \(position)") }
        guard found.count >= StoredBody.saltByteCount else { return nil }
        return (
            Array(found[..<StoredBody.saltByteCount]), Array(found[StoredBody.saltByteCount...])
        )
    }

    /// An event.
    ///
    /// - Throws: `.noSuchPosition`
    package func event(at position: Position) throws(EventLogError) -> RecordedEvent {
        let header = try header(at: position)
        let body = try readBody(at: position)
        return RecordedEvent(header: header, payload: body.payload, redaction: body.redaction)
    }

    // MARK: - Many events

    /// Hands `body` each header from `first` through `last`, until it returns false.
    ///
    /// Bounds outside the log are cut to it. Holds one header at a time.
    package func forEachHeader<E: EventLogFailure>(
        from first: Position = Position(rawValue: 1),
        through last: Position? = nil,
        reverse: Bool = false,
        _ body: (Header) throws(E) -> Bool
    ) throws(E) {
        var failure: E?
        let ending = scan(first, last, reverse) { header, _ in
            do throws(E) {
                return try body(header)
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
        if let ending { throw E(log: ending) }
    }

    /// Hands `body` each event from `first` through `last`, until it returns false.
    ///
    /// Bounds outside the log are cut to it. Holds one event at a time.
    package func forEachEvent<E: EventLogFailure>(
        from first: Position = Position(rawValue: 1),
        through last: Position? = nil,
        reverse: Bool = false,
        _ body: (RecordedEvent) throws(E) -> Bool
    ) throws(E) {
        var failure: E?
        let ending = scan(first, last, reverse, readsPayloads: true) { header, stored in
            let event = RecordedEvent(
                header: header,
                payload: stored.payload,
                redaction: stored.redaction
            )
            do throws(E) {
                return try body(event)
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
        if let ending { throw E(log: ending) }
    }

    /// Goes through headers, and payloads if asked; returns why it could not go on, if so.
    private func scan(
        _ first: Position,
        _ last: Position?,
        _ reverse: Bool,
        readsPayloads: Bool = false,
        _ body: (Header, Body) -> Bool
    ) -> EventLogError? {
        let lower = max(first.rawValue, 1)
        let upper = min(last ?? head.position, head.position).rawValue
        guard lower <= upper else { return nil }
        var expected = reverse ? upper : lower
        var failure: EventLogError?
        var isEnded = false
        do throws(EventLogError) {
            try forEachHeaderRow(lower...upper, reverse) { key, bytes in
                guard key == expected else { return false }
                let position = Position(rawValue: key)
                do throws(EventLogError) {
                    let header = try decode(bytes, position)
                    let stored = readsPayloads ? try readBody(at: position) : (nil, nil)
                    isEnded = !body(header, stored)
                } catch {
                    failure = error
                    isEnded = true
                }
                expected = reverse ? expected - 1 : expected + 1
                return !isEnded
            }
        } catch {
            return error
        }
        let end = reverse ? lower - 1 : upper + 1
        if isEnded || expected == end { return failure }
        return missing(Position(rawValue: expected))
    }

    private func forEachHeaderRow(
        _ positions: ClosedRange<UInt64>,
        _ reverse: Bool,
        _ body: (UInt64, Span<UInt8>) -> Bool
    ) throws(EventLogError) {
        do throws(LMDBError) {
            try reader.forEach(in: positions, reverse: reverse, of: store.tables.headers, body)
        } catch {
            throw EventLogError(error)
        }
    }

    private func decode(
        _ bytes: Span<UInt8>,
        _ position: Position
    ) throws(EventLogError) -> Header {
        do throws(WireError) {
            return try Header(decoding: bytes)
        } catch {
            throw undecodable(position, error)
        }
    }

    // MARK: - Positions

    /// The last position that was recorded at or before `time`; the origin if none was.
    ///
    /// - Complexity: O(log size) reads.
    package func position(atOrBefore time: Timestamp) throws(EventLogError) -> Position {
        if time >= head.recorded { return head.position }
        var before: UInt64 = 0
        var after = head.position.rawValue
        // Recorded times never run backward: `before` is at or before the time, `after` is later.
        while after - before > 1 {
            let middle = before + (after - before) / 2
            let position = Position(rawValue: middle)
            let recorded = try withHeader(at: position) { Self.result($0, Header.recorded(in:)) }
            if recorded <= time { before = middle } else { after = middle }
        }
        return Position(rawValue: before)
    }

    /// What was accepted under a command id; nil if nothing was.
    package func receipt(for commandID: CommandID) throws(EventLogError) -> Receipt? {
        let row = try CommandRow.read(commandID, reader, store.tables, path: store.path)
        guard let row else { return nil }
        return Receipt(
            first: row.first,
            last: row.last,
            root: try root(at: row.last),
            isDuplicate: true
        )
    }

    /// The content hash that a command was accepted with; nil if it was not.
    package func contentHash(of commandID: CommandID) throws(EventLogError) -> Digest? {
        try CommandRow.read(commandID, reader, store.tables, path: store.path)?.contentHash
    }

    // MARK: - The tree

    /// The root of the whole log.
    package var root: Digest { headRow.tree.root }

    /// The root of the log through `position`; the empty tree's at the origin.
    ///
    /// - Complexity: O(log position) reads and hashes.
    /// - Throws: `.noSuchPosition`
    package func root(at position: Position) throws(EventLogError) -> Digest {
        if position == head.position { return root }
        if position > .origin { try check(position) }
        return try hashes.root(at: position.rawValue)
    }

    /// The stored hashes, for proofs.
    package var hashes: StoredHashes { StoredHashes(reader, store.tables, path: store.path) }

    /// Checks the end of the log against its last event and the stored hashes; returns it.
    func checkEnd() throws(EventLogError) -> LogHead {
        let size = head.position.rawValue
        guard size > 0 else { return head }
        guard try hashes.root(at: size) == root else {
            throw damaged("the end of the log disagrees with its stored hashes")
        }
        let last = try header(at: head.position)
        guard last.position == head.position, last.recorded == head.recorded else {
            throw damaged("the end of the log disagrees with its last event")
        }
        let bytes = try headerBytes(at: head.position)
        let leaf = Digest.leaf(bytes.span)
        let stored = try hashes.hash(MerkleTree.Subtree(level: 0, offset: size - 1))
        guard leaf == stored else {
            throw damaged("the last event disagrees with its stored hash")
        }
        return head
    }

    // MARK: - Inside

    private func check(_ position: Position) throws(EventLogError) {
        guard position > .origin, position <= head.position else {
            throw .noSuchPosition(position, last: head.position)
        }
    }

    /// Reads a header that must be there; `Result`, because the closure may not throw.
    private func withHeader<T>(
        at position: Position,
        _ body: (Span<UInt8>) -> Result<T, WireError>
    ) throws(EventLogError) -> T {
        let found = try fromStore { () throws(LMDBError) in
            try reader.withValue(forKey: position.rawValue, in: store.tables.headers, body)
        }
        guard let found else { throw missing(position) }
        switch found {
        case .success(let value): return value
        case .failure(let error): throw undecodable(position, error)
        }
    }

    /// What is stored of a payload.
    private typealias Body = (payload: [UInt8]?, redaction: Position?)

    private func readBody(at position: Position) throws(EventLogError) -> Body {
        let found = try fromStore { () throws(LMDBError) in
            try reader.withValue(forKey: position.rawValue, in: store.tables.payloads) {
                bytes -> Body in
                (StoredBody.payload(bytes), StoredBody.redaction(bytes))
            }
        }
        guard let found else { throw damaged("table payloads lacks event \(position)") }
        return found
    }

    private func undecodable(_ position: Position, _ error: WireError) -> EventLogError {
        damaged("the header of event \(position) cannot be read, \(error)")
    }

    private func missing(_ position: Position) -> EventLogError {
        damaged("table headers lacks event \(position)")
    }

    private func damaged(_ what: String) -> EventLogError {
        .damaged(path: store.path, what: what)
    }

    private static func result<T>(
        _ bytes: Span<UInt8>,
        _ read: (Span<UInt8>) throws(WireError) -> T
    ) -> Result<T, WireError> {
        do throws(WireError) {
            return .success(try read(bytes))
        } catch {
            return .failure(error)
        }
    }
}

/// A copy of bytes that are only lent.
func copyBytes(_ bytes: Span<UInt8>) -> [UInt8] {
    // A span is no sequence yet; the buffer lives as long as the closure.
    unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
}
