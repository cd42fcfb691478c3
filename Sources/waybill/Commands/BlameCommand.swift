import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel

struct BlameCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blame",
        abstract: "Who put each component into a stage, when and why.",
        discussion: "For example: waybill blame prod"
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions

    @Argument(help: "The stage.", completion: Completions.stages)
    var stage: String

    func run() throws {
        let session = try Session(reading: options)
        try session.ask(at: try moment.reference()) { view, project in
            let stage = try Names.stage(stage, in: project, view)
            let lines = try view.blame(stage, in: project)
            guard !options.isStructured else {
                let items = try lines.map { try Shape.blame($0, in: project, view) }
                return session.show(Shape.list(items, at: view.moment.position))
            }
            let display = Display(view: view, project: project)
            var table = TextTable([
                "COMPONENT", "VERSION", "BROUGHT BY", "KIND", "BY", "AT", "PROMOTION", "REASON",
            ])
            for line in lines { table.add(try row(line, display)) }
            Output.text(table.text)
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
