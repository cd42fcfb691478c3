import EventLog
import Ledger
import LedgerAPI
import PromotionModel

/// Who put each component where it is: `waybill blame`.
package struct BlameQuestion: MomentQuestion {
    package var at: String?
    package var stage = ""

    package init() {}

    package var place: RequestPlace { .ofProject("blame") }

    package static let fields: [RequestField<BlameQuestion>] = [
        .at, .text("stage", \.stage, "The stage."),
    ]

    package func answer(_ desk: Desk) throws -> Answer {
        try desk.ask(at: try .said(at)) { view, project in
            let stage = try Names.stage(stage, in: project, view)
            let lines = try view.blame(stage, in: project)
            guard !desk.form.isStructured else {
                let items = try lines.map { try Shape.blame($0, in: project, view) }
                return .value(Shape.list(items, at: view.moment.position))
            }
            let display = Display(view: view, project: project)
            var table = TextTable([
                "COMPONENT", "VERSION", "BROUGHT BY", "KIND", "BY", "AT", "PROMOTION", "REASON",
            ])
            for line in lines { table.add(try row(line, display)) }
            return .text(table.text)
        }
    }

    private func row(_ line: BlameLine, _ display: Display) throws -> [String] {
        [
            line.origin.name + (line.uncertain == nil ? "" : " (uncertain)"),
            line.freight?.artifacts.first?.shortVersion ?? "-",
            try display.name(line.component?.carrier),
            line.promotion.map { "\($0.kind)" } ?? "-", line.promotion?.actor ?? "-",
            line.at?.text ?? "-", line.promotion?.name.rawValue ?? "-",
            line.promotion?.reason ?? "",
        ]
    }
}
