package import EventLog
import PromotionModel
import Wire

extension Ledger {
    /// Checks that each payload that is missing was redacted by the event that its row names, and
    /// that each event that tells of a redaction is right.
    ///
    /// - Complexity: O(events), without reading payloads of other kinds.
    package func verifyRedactions() throws(LedgerError) -> [VerificationFinding] {
        var missing: [UInt64: UInt64] = [:]
        var told: [UInt64: UInt64] = [:]
        var findings: [VerificationFinding] = []
        do throws(EventLogError) {
            try log.read { (snapshot) throws(EventLogError) in
                try snapshot.forEachStored { position, header, body in
                    if let redaction = StoredBody.redaction(body) {
                        missing[position.rawValue] = redaction.rawValue
                    } else if let event = Self.redaction(header, body) {
                        told[event.position.rawValue] = position.rawValue
                    }
                    return true
                }
            }
        } catch {
            throw .log(error)
        }
        for (position, redaction) in missing.sorted(by: { $0.key < $1.key })
        where told[position] != redaction {
            findings.append(
                VerificationFinding(
                    position: Position(rawValue: position),
                    table: "payloads",
                    what: "is missing, and event #\(redaction) does not say that it was redacted"
                )
            )
        }
        for (position, redaction) in told.sorted(by: { $0.key < $1.key })
        where missing[position] == nil {
            findings.append(
                VerificationFinding(
                    position: Position(rawValue: position),
                    table: "payloads",
                    what: "is there, although event #\(redaction) says that it was redacted"
                )
            )
        }
        return findings
    }

    /// The redaction that an event tells of; nil for other events, and for what cannot be read.
    private static func redaction(
        _ header: Span<UInt8>,
        _ body: Span<UInt8>
    ) -> PayloadRedacted? {
        guard let header = try? Header(decoding: header),
            header.type == EventType.payloadRedacted.rawValue,
            let payload = StoredBody.payload(body)
        else { return nil }
        return try? PayloadRedacted(decoding: payload)
    }
}
