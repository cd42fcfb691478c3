import EventLog
import Ledger
import Wire

/// The line of one event in an export: its stored bytes, and beside them what they say.
///
/// `{"position":N,"header":"…","salt":"…","payload":"…","event":{…}}`; where the payload was
/// redacted, the salt is empty and the payload null.
enum ExportLine {
    /// Writes the line of an event.
    static func write(
        header: Span<UInt8>,
        body: Span<UInt8>,
        _ event: LedgerEvent,
        to json: inout JSONBytes
    ) {
        json.raw("{\"position\":")
        json.number(event.header.position.rawValue)
        json.raw(",\"header\":\"")
        json.append { Base64Bytes.encode(header, to: &$0) }
        json.raw("\",\"salt\":\"")
        if event.event == nil {
            json.raw("\",\"payload\":null,\"event\":")
        } else {
            let salt = body.extracting(0..<StoredBody.saltByteCount)
            let payload = body.extracting(StoredBody.saltByteCount..<body.count)
            json.append { Base64Bytes.encode(salt, to: &$0) }
            json.raw("\",\"payload\":\"")
            json.append { Base64Bytes.encode(payload, to: &$0) }
            json.raw("\",\"event\":")
        }
        json.event(event)
        json.raw("}\n")
    }
}

/// The stored bytes of an event, read out of its line.
struct ExportedEvent {
    /// The position that the line says.
    private(set) var position: UInt64 = 0
    /// The bytes of the header.
    private(set) var header: [UInt8] = []
    /// Salt and payload; nothing where the payload was redacted.
    private(set) var body: [UInt8] = []

    /// Reads a line without the line break; false if it is none of an event.
    ///
    /// What the bytes say beside them is not read.
    mutating func read(_ line: Span<UInt8>) -> Bool {
        header.removeAll(keepingCapacity: true)
        body.removeAll(keepingCapacity: true)
        var cursor = LineCursor()
        guard cursor.skip("{\"position\":", in: line), let number = cursor.number(in: line),
            cursor.skip(",\"header\":\"", in: line), let head = cursor.quoted(in: line),
            Base64Bytes.decode(line.extracting(head), to: &header),
            cursor.skip(",\"salt\":\"", in: line), let salt = cursor.quoted(in: line),
            Base64Bytes.decode(line.extracting(salt), to: &body),
            cursor.skip(",\"payload\":", in: line)
        else { return false }
        position = number
        if cursor.skip("null", in: line) {
            guard body.isEmpty else { return false }
        } else {
            guard body.count == StoredBody.saltByteCount, cursor.skip("\"", in: line),
                let payload = cursor.quoted(in: line),
                Base64Bytes.decode(line.extracting(payload), to: &body)
            else { return false }
        }
        return cursor.skip(",\"event\":{", in: line) && line.count >= 2
            && line[line.count - 1] == UInt8(ascii: "}")
            && line[line.count - 2] == UInt8(ascii: "}")
    }
}

/// A place in a line.
private struct LineCursor {
    private var index = 0

    /// Moves over `text`; false if it is not there.
    mutating func skip(_ text: StaticString, in line: Span<UInt8>) -> Bool {
        let count = text.utf8CodeUnitCount
        guard line.count - index >= count else { return false }
        let isThere = text.withUTF8Buffer { text in
            for offset in 0..<count where unsafe text[offset] != line[index + offset] {
                return false
            }
            return true
        }
        if isThere { index += count }
        return isThere
    }

    /// Moves over a number without leading zeros.
    mutating func number(in line: Span<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        let start = index
        while index < line.count, index - start < 19 {
            let digit = line[index] &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            value = value * 10 + UInt64(digit)
            index += 1
        }
        guard index > start, line[start] != UInt8(ascii: "0") || index - start == 1 else {
            return nil
        }
        return value
    }

    /// Moves behind the next quotation mark; what was before it.
    mutating func quoted(in line: Span<UInt8>) -> Range<Int>? {
        let start = index
        while index < line.count {
            if line[index] == UInt8(ascii: "\"") {
                index += 1
                return start..<index - 1
            }
            index += 1
        }
        return nil
    }
}
