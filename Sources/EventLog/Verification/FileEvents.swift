import LMDB
import Wire

/// The events of a ledger's data file in the order of positions, read without LMDB.
package struct FileEvents: ~Copyable {
    private let path: String
    private var headers: TableScan
    private var payloads: TableScan
    /// For single events elsewhere.
    private var otherHeaders: TableScan
    private var otherPayloads: TableScan
    private var expected: UInt64 = 1
    private let size: UInt64

    /// All events that `meta` speaks of.
    ///
    /// - Throws: `.damaged` if a table of the log is missing.
    package init(_ inspection: LogInspection) throws(EventLogError) {
        guard let headers = inspection.tables["headers"],
            let payloads = inspection.tables["payloads"], let size = inspection.size
        else {
            throw .damaged(path: inspection.path, what: "a table of the log cannot be read")
        }
        path = inspection.path
        self.headers = TableScan(inspection.snapshot, headers)
        self.payloads = TableScan(inspection.snapshot, payloads)
        otherHeaders = TableScan(inspection.snapshot, headers)
        otherPayloads = TableScan(inspection.snapshot, payloads)
        self.size = size
    }

    /// The next event; nil behind the last one.
    ///
    /// - Throws: `.damaged` if it is missing or cannot be read.
    package mutating func next() throws(EventLogError) -> RecordedEvent? {
        guard expected <= size else { return nil }
        let isThere =
            expected == 1 ? headers.first() && payloads.first() : headers.next() && payloads.next()
        guard isThere, headers.number == expected, payloads.number == expected else {
            throw Self.damaged(path, expected, "is missing")
        }
        let event = try Self.event(headers, payloads, path)
        expected += 1
        return event
    }

    /// The event at a position; where the next one is does not change.
    ///
    /// - Throws: `.damaged` if it is missing or cannot be read.
    package mutating func event(at position: Position) throws(EventLogError) -> RecordedEvent {
        guard otherHeaders.find(position.rawValue), otherPayloads.find(position.rawValue) else {
            throw Self.damaged(path, position.rawValue, "is missing")
        }
        return try Self.event(otherHeaders, otherPayloads, path)
    }

    private static func event(
        _ headers: borrowing TableScan,
        _ payloads: borrowing TableScan,
        _ path: String
    ) throws(EventLogError) -> RecordedEvent {
        let position = headers.number
        let found: Header?
        do throws(WireError) {
            found = try header(headers)
        } catch {
            throw damaged(path, position, "cannot be read, \(error)")
        }
        guard let found, let body = payloads.value else {
            throw damaged(path, position, "cannot be read from its pages")
        }
        return RecordedEvent(
            header: found,
            payload: StoredBody.payload(body),
            redaction: StoredBody.redaction(body)
        )
    }

    private static func header(_ scan: borrowing TableScan) throws(WireError) -> Header? {
        guard let bytes = scan.value else { return nil }
        return try Header(decoding: bytes)
    }

    private static func damaged(
        _ path: String,
        _ position: UInt64,
        _ what: String
    ) -> EventLogError {
        .damaged(path: path, what: "event #\(position) \(what)")
    }
}
