import ArgumentParser
import EventLog
import Ledger
import PromotionModel

/// A stage and a period.
struct PeriodOptions: ParsableArguments {
    @Option(help: "The stage, such as prod.", completion: Completions.stages)
    var stage: String

    @Option(help: "What happened after this moment; default the beginning.")
    var from: String?

    @Option(help: "What had happened by this moment, as it stood then; default now.")
    var to: String?

    /// Runs `body` on the ledger as of the end of the period, with the stage and the last event
    /// before the period.
    func read(
        _ session: Session,
        _ body: (View, ProjectName, StageName, _ after: Position) throws -> Void
    ) throws {
        // What had happened by a moment is before the period, so that each event is in exactly one
        // of two periods that meet.
        let after =
            try from.map { text in
                try session.read(at: try MomentOptions.reference(text)) { view, _ in
                    view.moment.position
                }
            } ?? .origin
        try session.ask(at: try MomentOptions.reference(to ?? "now")) { view, project in
            let last = view.moment.position
            guard after <= last else {
                throw CommandFailure.usage(
                    "--from is event \(after), behind --to, which is event \(last); "
                        + "write the earlier moment first"
                )
            }
            let stage = try Names.knownStage(stage, in: project, view)
            try body(view, project, stage, after)
        }
    }
}
