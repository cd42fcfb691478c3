import LMDB
import Wire

/// The events of a ledger's data file in the order of positions, read without LMDB.
package struct FileEvents: ~Copyable {
    private let path: String
    private var headers: TableScan
    private var payloads: TableScan
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
            throw damaged("is missing")
        }
        let header = try header()
        guard let event = Self.event(header, payloads) else {
            throw damaged("cannot be read from its pages")
        }
        expected += 1
        return event
    }

    private func header() throws(EventLogError) -> Header {
        let header: Header?
        do throws(WireError) {
            header = try Self.header(headers)
        } catch {
            throw damaged("cannot be read, \(error)")
        }
        guard let header else { throw damaged("cannot be read from its pages") }
        return header
    }

    private static func header(_ scan: borrowing TableScan) throws(WireError) -> Header? {
        guard let bytes = scan.value else { return nil }
        return try Header(decoding: bytes)
    }

    private static func event(
        _ header: Header,
        _ payloads: borrowing TableScan
    ) -> RecordedEvent? {
        guard let body = payloads.value else { return nil }
        return RecordedEvent(header: header, body: body)
    }

    private func damaged(_ what: String) -> EventLogError {
        .damaged(path: path, what: "event #\(expected) \(what)")
    }
}

extension RecordedEvent {
    /// An event and its row of `payloads`.
    init(header: Header, body: Span<UInt8>) {
        self.init(
            header: header,
            payload: StoredBody.payload(body),
            redaction: StoredBody.redaction(body)
        )
    }
}

extension LogInspection {
    /// An event; nil if there is none, or it cannot be read.
    package func event(at position: Position) -> RecordedEvent? {
        guard let headers = tables["headers"], let payloads = tables["payloads"] else { return nil }
        var header = TableScan(snapshot, headers)
        var payload = TableScan(snapshot, payloads)
        guard header.find(position.rawValue), payload.find(position.rawValue),
            let bytes = header.value, let body = payload.value,
            let header = try? Header(decoding: bytes)
        else { return nil }
        return RecordedEvent(header: header, body: body)
    }
}
