import EventLog
import Expressions
package import Ledger
import LedgerAPI
import PromotionModel

/// Changes of a stage, for people and for programs.
package enum ChangeRecords {
    static func answer(
        _ records: [ChangeRecord],
        _ display: Display,
        _ desk: Desk,
        lines: String?
    ) -> Answer {
        switch lines {
        case "csv"?:
            .text(ChangeTable.heading + records.map { ChangeTable.line($0) }.joined())
        case .some: .text(records.map { Shape.change($0).json + "\n" }.joined())
        case nil where desk.form.isStructured:
            .value(
                Shape.list(records.map { Shape.change($0) }, at: display.view.moment.position)
            )
        case nil: .text(text(records, display))
        }
    }

    /// A table, what was found wrong below it, and how many there are.
    package static func text(_ records: [ChangeRecord], _ display: Display) -> String {
        var table = TextTable([
            "EVENT", "BEGAN", "PROMOTION", "KIND", "OUTCOME", "REQUESTED BY", "APPROVED BY",
            "CHANGES", "FINDINGS",
        ])
        var findings: [String] = []
        for record in records {
            let position = record.started.position
            let approvers = Set(record.approvals.map(\.actor.name)).sorted()
            table.add([
                "\(position)", display.age(record.started.recorded),
                record.promotion.name.rawValue, "\(record.promotion.kind)", "\(record.phase)",
                record.requested.actor.name,
                approvers.isEmpty ? "-" : approvers.joined(separator: ", "),
                record.changes.map(\.change.origin.name).joined(separator: ", "),
                record.findings.isEmpty ? "-" : "\(record.findings.count)",
            ])
            findings += record.findings.map { "\(position) \($0.text)\n" }
        }
        let count = records.count == 1 ? "1 change" : "\(records.count) changes"
        let told = findings.isEmpty ? "" : "\nFindings:\n" + findings.joined()
        return table.text + told + "\n\(count) up to \(display.view.moment.position).\n"
    }
}
