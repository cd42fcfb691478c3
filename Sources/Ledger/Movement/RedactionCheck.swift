package import EventLog
import LMDB
import PromotionModel
import Wire

/// Tells whether each payload that is missing was redacted by the event that its row names, and
/// whether each event that tells of a redaction is right.
package struct RedactionCheck {
    /// The type of the events that tell of a redaction.
    package static let eventType = EventType.payloadRedacted.rawValue

    private let inspection: LogInspection

    /// A check of the ledger in a file.
    package init(_ inspection: LogInspection) {
        self.inspection = inspection
    }

    /// What is wrong with what a verification for `eventType` has listed.
    ///
    /// - Complexity: O(redactions).
    package func findings(_ result: LogVerificationResult) -> [VerificationFinding] {
        var told: [Position: Position] = [:]
        for position in result.redactions {
            // What cannot be read is a finding of the log.
            guard let target = target(of: position) else { continue }
            told[target] = position
        }
        let missing = result.redacted.filter { told[$0.position] != $0.redaction }
        let there = told.filter { inspection.event(at: $0.key)?.redaction == nil }
        return missing.map { payload in
            finding(
                payload.position,
                "erased",
                "is missing, and event \(payload.redaction) does not say that it was redacted"
            )
        }
            + there.sorted { $0.key < $1.key }.map { position, redaction in
                finding(
                    position,
                    "present",
                    "is there, although event \(redaction) says that it was redacted"
                )
            }
    }

    private func finding(
        _ position: Position,
        _ rule: String,
        _ what: String
    ) -> VerificationFinding {
        VerificationFinding(position: position, table: "payloads", rule: rule, what: what)
    }

    /// The event whose redaction an event tells of.
    private func target(of position: Position) -> Position? {
        guard let payload = inspection.event(at: position)?.payload else { return nil }
        return (try? PayloadRedacted(decoding: payload))?.position
    }
}

extension EventLog {
    /// Checks the pages of the file and every row of the log, payloads that are missing included.
    ///
    /// `progress` is told how much is done, now and then.
    package func verifyWithRedactions(
        progress: (_ done: UInt64, _ size: UInt64) -> Void = { _, _ in }
    ) throws(EventLogError) -> [VerificationFinding] {
        try withoutActuallyEscaping(progress) { (progress) throws(EventLogError) in
            try inspect { (inspection) throws(EventLogError) in
                let result = inspection.verify(
                    redactionType: RedactionCheck.eventType,
                    progress: progress
                )
                return result.findings.findings + RedactionCheck(inspection).findings(result)
            }
        }
    }
}
