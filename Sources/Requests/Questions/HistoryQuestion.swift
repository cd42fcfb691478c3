import EventLog
import Ledger
import LedgerAPI
import PromotionModel

/// Everything that a stage ran, or that a junction made: `waybill history`.
package struct HistoryQuestion: PagedQuestion {
    package var at: String?
    package var limit: Int?
    package var cursor: String?
    /// The stage or junction, such as `stage/prod`.
    package var subject = ""
    /// Whether each change of a junction's slots is shown too.
    package var slots = false

    package init() {}

    package var place: RequestPlace { .ofProject("history") }

    package static let fields: [RequestField<HistoryQuestion>] = [
        .at, .limit, .cursor,
        .text("subject", \.subject, "The stage or junction, such as stage/prod."),
        .flag("slots", \.slots, "Show each change of a junction's slots too."),
    ]

    package func answer(_ desk: Desk) throws -> Answer {
        try desk.ask(at: try .said(at)) { view, project in
            if subject.hasPrefix("junction/") {
                return try answer(try Names.junction(subject), in: project, view, desk)
            }
            guard !slots else {
                throw CommandFailure.usage("--slots is for junctions; write junction/NAME")
            }
            return try answer(try Names.stage(subject), in: project, view, desk)
        }
    }

    private func answer(
        _ stage: StageName,
        in project: ProjectName,
        _ view: View,
        _ desk: Desk
    ) throws -> Answer {
        let page = try paging.page {
            try view.history(of: stage, in: project, before: $0, limit: $1)
        }
        guard !desk.form.isStructured else {
            let items = try page.items.map { try Shape.history($0, in: project, view) }
            return .value(Shape.list(items, at: view.moment.position, next: page.cursor))
        }
        let table = HistoryTable(display: Display(view: view, project: project))
        return .text(try table.text(page.items) + Paging.more(page.cursor))
    }

    private func answer(
        _ junction: JunctionName,
        in project: ProjectName,
        _ view: View,
        _ desk: Desk
    ) throws -> Answer {
        let page = try paging.page {
            try view.history(
                of: junction,
                in: project,
                withSlots: slots,
                before: $0,
                limit: $1
            )
        }
        guard !desk.form.isStructured else {
            let items = try page.items.map { try Shape.history($0, in: project, view) }
            return .value(Shape.list(items, at: view.moment.position, next: page.cursor))
        }
        let table = HistoryTable(display: Display(view: view, project: project))
        return .text(try table.text(page.items) + Paging.more(page.cursor))
    }
}
