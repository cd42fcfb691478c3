import EventLog
import Ledger
import LedgerAPI
import PromotionModel

/// Every change of a stage in a period: `waybill audit population`.
package struct PopulationQuestion: PeriodQuestion {
    package var stage = ""
    package var from: String?
    package var to: String?

    package init() {}

    package static let fields: [RequestField<PopulationQuestion>] = [.stage, .from, .to]

    package func answer(_ desk: Desk) throws -> Answer {
        try read(desk) { view, project, stage, after in
            let positions = try view.changes(of: stage, in: project, after: after)
            let records = try positions.map { try view.change(startedAt: $0, in: project) }
            return try ChangeRecords.answer(records, Display(view: view, project: project), desk)
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

    package init() {}

    /// A larger sample is no sample.
    package static let countMax: Int64 = 100_000

    package static let fields: [RequestField<SampleQuestion>] = [
        .stage, .from, .to,
        .number("number", \.number, 1...countMax, "How many changes; 25 if not said."),
        .text("seed", \.seed, "Any text; the same text draws the same sample."),
    ]

    package func answer(_ desk: Desk) throws -> Answer {
        try read(desk) { view, project, stage, after in
            let population = try view.changes(of: stage, in: project, after: after)
            let sample = ChangeSample.draw(number ?? 25, of: population, seed: seed)
            let records = try sample.map { try view.change(startedAt: $0, in: project) }
            return try ChangeRecords.answer(records, Display(view: view, project: project), desk)
        }
    }
}
