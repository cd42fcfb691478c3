import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel
import Requests

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
            let records = try positions.map { try change($0) }
            let display = Display(view: view, project: project)
            Output.text(ChangeRecords.text(records, display))
        }
    }

    private func change(_ position: Position) throws -> ChangeRecord {
        try view.change(startedAt: position, in: project)
    }
}
