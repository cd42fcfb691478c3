import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel

/// Writes changes of a stage: for people, for programs, and line by line for spreadsheets.
struct ChangeListing {
    let view: View
    let project: ProjectName
    let options: LedgerOptions

    /// A line of text for each change.
    enum LineFormat: String, ExpressibleByArgument, CaseIterable {
        case csv, jsonl
    }

    /// Writes the changes that began at these positions.
    func show(_ positions: [Position], as format: LineFormat?) throws {
        switch format {
        case .csv?:
            Output.text(ChangeTable.heading)
            for position in positions { Output.text(ChangeTable.line(try change(position))) }
        case .jsonl?:
            for position in positions { Output.line(Shape.change(try change(position)).json) }
        case nil where options.isStructured:
            let items = try positions.map { Shape.change(try change($0)) }
            options.show(Shape.list(items, at: view.moment.position))
        case nil:
            Output.text(try table(positions))
        }
    }

    private func change(_ position: Position) throws -> ChangeRecord {
        try view.change(startedAt: position, in: project)
    }

    private func table(_ positions: [Position]) throws -> String {
        let display = Display(view: view, project: project)
        var table = TextTable([
            "EVENT", "BEGAN", "PROMOTION", "KIND", "OUTCOME", "REQUESTED BY", "APPROVED BY",
            "CHANGES", "FINDINGS",
        ])
        var findings: [String] = []
        for position in positions {
            let record = try change(position)
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
        let count = positions.count == 1 ? "1 change" : "\(positions.count) changes"
        let told = findings.isEmpty ? "" : "\nFindings:\n" + findings.joined()
        return table.text + told + "\n\(count) up to \(view.moment.position).\n"
    }
}
