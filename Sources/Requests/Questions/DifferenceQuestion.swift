import EventLog
import Ledger
import LedgerAPI
import PromotionModel

/// What differs between two combinations: `waybill diff`.
package struct DifferenceQuestion: MomentQuestion {
    package var at: String?
    package var from = ""
    package var to = ""

    package init() {}

    package var place: RequestPlace { .ofProject("diff") }

    package static let fields: [RequestField<DifferenceQuestion>] = [
        .at,
        .text(
            "from",
            \.from,
            "From what: a stage, a junction or freight, with @MOMENT behind it if another one."
        ),
        .text("to", \.to, "To what."),
    ]

    package func answer(_ desk: Desk) throws -> Answer {
        let base: MomentReference = try .said(at)
        let from = try combination(from, base, desk)
        let to = try combination(to, base, desk)
        return try desk.ask { view, project in
            let changes = from.collection.changes(to: to.collection)
            guard !desk.form.isStructured else {
                return .value(try Shape.difference(from: from, to: to, in: project, view))
            }
            let display = Display(view: view, project: project)
            return .text(
                "From \(from.title) (\(from.collection.id.short)) at \(from.moment.position)\n"
                    + "to   \(to.title) (\(to.collection.id.short)) at \(to.moment.position)\n"
                    + (try display.detailedTable(changes)) + Display.summary(changes) + "\n"
                    + (try display.commitRanges(changes))
            )
        }
    }

    /// What a side names; a moment stands behind the first `@`, which no name has.
    private func combination(
        _ text: String,
        _ base: MomentReference,
        _ desk: Desk
    ) throws -> Combination {
        var name = text
        var reference = base
        if let at = text.firstIndex(of: "@") {
            name = String(text[..<at])
            let moment = String(text[text.index(after: at)...])
            // Of `prod@freeze` the `@` is that of the bookmark too, if there is no such moment.
            reference =
                try MomentReference(parsing: moment)
                ?? MomentReference(parsing: "@" + moment) ?? .said(moment)
        }
        return try desk.ask(at: reference) { view, project in
            try view.combination(name, in: project)
        }
    }
}
