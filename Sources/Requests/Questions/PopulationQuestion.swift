import EventLog
import Ledger
import LedgerAPI
import PromotionModel

extension RequestField where Root: PeriodQuestion {
    /// A line for each change, in the place of a table or a list.
    fileprivate static func lines(
        _ path: any WritableKeyPath<Root, String?> & Sendable
    ) -> RequestField {
        .text(
            "format",
            path,
            "A line of text for each change: csv (RFC 4180) or jsonl (JSON Lines).",
            among: ["csv", "jsonl"]
        )
    }
}

/// Every change of a stage in a period: `waybill audit population`.
package struct PopulationQuestion: PeriodQuestion {
    package var stage = ""
    package var from: String?
    package var to: String?
    package var format: String?

    package init() {}

    package var place: RequestPlace { .ofProject("audit/population") }

    package static let fields: [RequestField<PopulationQuestion>] = [
        .stage, .from, .to, .lines(\.format),
    ]

    package func answer(_ desk: Desk) throws -> Answer {
        try read(desk) { view, project, stage, after in
            let positions = try view.changes(of: stage, in: project, after: after)
            let records = try positions.map { try view.change(startedAt: $0, in: project) }
            let display = Display(view: view, project: project)
            return ChangeRecords.answer(records, display, desk, lines: format)
        }
    }
}

/// A sample of the changes of a stage that anybody can draw again: `waybill audit sample`.
package struct SampleQuestion: PeriodQuestion {
    package var stage = ""
    package var from: String?
    package var to: String?
    package var number: Int?
    package var seed = ""
    package var format: String?

    package init() {}

    package var place: RequestPlace { .ofProject("audit/sample") }

    /// A larger sample is no sample.
    package static let countMax: Int64 = 100_000

    package static let fields: [RequestField<SampleQuestion>] = [
        .stage, .from, .to,
        .number("number", \.number, 1...countMax, "How many changes; 25 if not said."),
        .text("seed", \.seed, "Any text; the same text draws the same sample."),
        .lines(\.format),
    ]

    package func answer(_ desk: Desk) throws -> Answer {
        try read(desk) { view, project, stage, after in
            let population = try view.changes(of: stage, in: project, after: after)
            let sample = ChangeSample.draw(number ?? 25, of: population, seed: seed)
            let records = try sample.map { try view.change(startedAt: $0, in: project) }
            let display = Display(view: view, project: project)
            return ChangeRecords.answer(records, display, desk, lines: format)
        }
    }
}
