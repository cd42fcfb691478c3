package import EventLog
import PromotionModel
import Wire

extension LogBuilder {
    /// Adds the next event as it is stored elsewhere; one that tells of a redaction explains the
    /// payload that is missing.
    ///
    /// - Throws: `.unsound`
    package mutating func appendStored(
        header bytes: Span<UInt8>,
        body: Span<UInt8>
    ) throws(LogBuildError) -> Header {
        let header = try append(header: bytes, body: body)
        if header.type == EventType.payloadRedacted.rawValue {
            try note(header.position, StoredBody.payload(body))
        }
        return header
    }

    private mutating func note(
        _ redaction: Position,
        _ payload: [UInt8]?
    ) throws(LogBuildError) {
        guard let payload, let event = try? PayloadRedacted(decoding: payload) else {
            throw .unsound(redaction, what: "tells of a redaction, and cannot be read")
        }
        try noteRedaction(of: event.position, by: redaction)
    }
}
