import LMDB

extension LogSnapshot {
    /// Hands `body` each event from `first` through `last` as it is stored, until it returns false:
    /// the bytes of its header, and salt and payload; nothing for the latter where the payload was
    /// redacted.
    ///
    /// The bytes are lent. Bounds outside the log are cut to it.
    package func forEachStored(
        from first: Position = Position(rawValue: 1),
        through last: Position? = nil,
        _ body: (_ position: Position, _ header: Span<UInt8>, _ body: Span<UInt8>) -> Bool
    ) throws(EventLogError) {
        let lower = max(first.rawValue, 1)
        let upper = min(last ?? head.position, head.position).rawValue
        guard lower <= upper else { return }
        var expected = lower
        var failure: EventLogError?
        var isEnded = false
        do throws(LMDBError) {
            try reader.forEach(in: lower...upper, of: store.tables.headers) { key, header in
                guard key == expected else { return false }
                expected += 1
                do throws(LMDBError) {
                    let goesOn = try reader.withValue(forKey: key, in: store.tables.payloads) {
                        body(Position(rawValue: key), header, $0)
                    }
                    if goesOn == nil { failure = lacking("payloads", key) }
                    isEnded = goesOn != true
                } catch {
                    failure = EventLogError(error)
                    isEnded = true
                }
                return !isEnded
            }
        } catch {
            throw EventLogError(error)
        }
        if let failure { throw failure }
        if !isEnded, expected != upper + 1 { throw lacking("headers", expected) }
    }

    private func lacking(_ table: String, _ key: UInt64) -> EventLogError {
        .damaged(path: store.path, what: "table \(table) lacks event \(Position(rawValue: key))")
    }
}
