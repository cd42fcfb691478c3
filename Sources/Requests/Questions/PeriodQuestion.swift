package import EventLog
package import Ledger
package import PromotionModel

/// A request about a stage in a period.
package protocol PeriodRequest: Request {
    /// The stage, such as `prod`.
    var stage: String { get set }
    /// What happened after this moment counts; nil is the beginning.
    var from: String? { get set }
    /// What had happened by this moment counts, as it stood then; nil is now.
    var to: String? { get set }
}

/// A question about a stage in a period.
package protocol PeriodQuestion: Question, PeriodRequest {}

extension RequestField where Root: PeriodRequest {
    /// The stage.
    package static var stage: RequestField {
        .text("stage", \.stage, "The stage, such as prod.")
    }

    /// When the period begins.
    package static var from: RequestField {
        .text("from", \.from, "What happened after this moment; default the beginning.")
    }

    /// When the period ends.
    package static var to: RequestField {
        .text(
            "to",
            \.to,
            "What had happened by this moment, as it stood then; default now."
        )
    }
}

extension PeriodRequest {
    /// Runs `body` on the ledger as of the end of the period, with the stage and the last event
    /// before the period.
    package func read<T>(
        _ desk: Desk,
        _ body: (View, ProjectName, StageName, _ after: Position) throws -> T
    ) throws -> T {
        // What had happened by a moment is before the period, so that each event is in exactly one
        // of two periods that meet.
        let after =
            try from.map { text in
                try desk.read(at: try .said(text)) { view in view.moment.position }
            } ?? .origin
        return try desk.ask(at: try .said(to)) { view, project in
            let last = view.moment.position
            guard after <= last else {
                throw CommandFailure.usage(
                    "--from is event \(after), behind --to, which is event \(last); "
                        + "write the earlier moment first"
                )
            }
            let stage = try Names.knownStage(stage, in: project, view)
            return try body(view, project, stage, after)
        }
    }
}
