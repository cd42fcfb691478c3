package import Ledger
import EventLog
import PromotionModel

/// Changes as comma-separated values (RFC 4180), one line each, as auditors load them.
package enum ChangeTable {
    /// The first line; columns are only ever added at the end.
    package static let heading = line([
        "position", "project", "stage", "promotion", "kind", "outcome", "requested_at",
        "started_at", "ended_at", "requester", "requester_assurance", "reason", "because",
        "approvers", "verified_before", "verification_after", "evidence_after", "changes",
        "before", "after", "requested_position", "ended_position", "findings",
    ])

    /// The line of a change, with its line break (CR LF).
    package static func line(_ record: ChangeRecord) -> String {
        let promotion = record.promotion
        return line([
            "\(record.started.position.rawValue)", record.started.project,
            promotion.stage.rawValue, promotion.name.rawValue, "\(promotion.kind)",
            "\(record.phase)", record.requested.recorded.text, record.started.recorded.text,
            record.ended?.recorded.text ?? "", record.requested.actor.name,
            "\(record.requested.actor.assurance)", promotion.reason ?? "", record.because ?? "",
            record.approvals.map(approval).joined(separator: "; "),
            verified(record).joined(separator: "; "),
            record.verification.map { "\($0.result)" } ?? "",
            record.verification?.evidence ?? "",
            record.changes.map(change).joined(separator: "; "),
            record.before.id.rawValue, record.after.id.rawValue,
            "\(record.requested.position.rawValue)",
            record.ended.map { "\($0.position.rawValue)" } ?? "",
            record.findings.map(\.code).joined(separator: "; "),
        ])
    }

    private static func approval(_ approval: ChangeApproval) -> String {
        "\(approval.actor.name) (\(approval.actor.assurance)) for \(approval.consumer) at "
            + approval.at.text
    }

    private static func verified(_ record: ChangeRecord) -> [String] {
        record.changes.flatMap { component in
            component.verified.map { mark in
                "\(component.change.origin.name) in \(mark.stage) at \(mark.at.text)"
                    + (mark.isUnseen ? " (nobody looked)" : "")
            }
        }
    }

    private static func change(_ component: ChangedComponent) -> String {
        let from = component.from?.artifacts.first?.shortVersion ?? "-"
        let to = component.to?.artifacts.first?.shortVersion ?? "-"
        return "\(component.change.origin.name) \(component.change.kind) \(from) → \(to)"
    }

    private static func line(_ cells: [String]) -> String {
        cells.map(cell).joined(separator: ",") + "\r\n"
    }

    /// A cell in quotation marks where it must be.
    ///
    /// One that a spreadsheet would take for a formula gets an apostrophe in front: reasons and
    /// names are written by whoever asks. JSON Lines have it as it was written.
    private static func cell(_ text: String) -> String {
        let isFormula = text.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
        let safe = isFormula ? "'" + text : text
        guard safe.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return safe }
        return "\""
            + safe.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
    }
}
