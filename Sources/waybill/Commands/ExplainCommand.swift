import ArgumentParser
import EventLog
import Ledger
import LedgerAPI
import PromotionModel

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Why nothing is being promoted to a stage, and what would change that.",
        discussion: "For example: waybill explain stage/prod"
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions

    @Argument(help: "The stage, such as stage/prod.")
    var subject: String

    func run() throws {
        let session = try Session(reading: options)
        try session.ask(at: try moment.reference()) { view, project in
            let stage = try Names.stage(subject)
            let explanation = try view.explain(stage, in: project)
            guard !options.isStructured else {
                return session.show(Shape.explanation(explanation))
            }
            tell(explanation, Display(view: view, project: project))
        }
    }

    private func tell(_ explanation: Explanation, _ display: Display) {
        Output.line(
            "stage/\(explanation.stage): automatic promotion is "
                + (explanation.autoPromotionEnabled ? "on" : "off")
        )
        if let running = explanation.running { Output.line("  \(running) is running") }
        for name in explanation.pending { Output.line("  \(name) waits in the queue") }
        if let open = explanation.verification {
            let waiting = explanation.waitsForVerification ? ", and the queue waits for it" : ""
            Output.line(
                "  \(open.promotion) is being verified since \(open.since.text)\(waiting); waybill "
                    + "report --promotion \(open.promotion) --result passed ends that"
            )
        }
        for component in explanation.uncertain {
            Output.line(
                "  \(component.origin) is uncertain since \(component.promotion), which did not "
                    + "succeed; promote it again, or roll back"
            )
        }
        for part in explanation.origins {
            Output.line("\(part.origin):")
            for reason in part.reasons { Output.line("  \(reason)") }
            if let wakeAt = part.wakeAt {
                Output.line("  this changes by itself at \(wakeAt.text)")
            }
        }
    }
}
