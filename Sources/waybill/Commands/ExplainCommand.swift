import ArgumentParser
import EventLog
import Ledger
import LedgerAPI
import PromotionModel

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Why something does or does not happen, and what would change that.",
        discussion: """
            Of a stage: why it is or is not promoted, origin by origin. Of freight: which stages
            and junctions may have it, and what each other one waits for. Of a junction: why it
            does or does not make a bundle, and why each slot holds what it holds.
            For example: waybill explain stage/prod
            or: waybill explain freight/2026.47
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions
    @OptionGroup var paging: PageOptions

    @Argument(
        help: "The thing, such as stage/prod, freight/2026.47 or junction/release.",
        completion: Completions.subjects
    )
    var subject: String

    func run() throws {
        let session = try Session(reading: options)
        try session.ask(at: try moment.reference()) { view, project in
            if subject.hasPrefix("freight/") {
                return try explainFreight(in: project, view, session)
            }
            if subject.hasPrefix("junction/") {
                return try explainJunction(in: project, view, session)
            }
            let explanation = try view.explain(try Names.stage(subject), in: project)
            guard !options.isStructured else {
                return session.show(Shape.explanation(explanation))
            }
            tell(explanation)
        }
    }

    private func tell(_ explanation: StageExplanation) {
        Output.line(
            "stage/\(explanation.stage): automatic promotion is "
                + (explanation.autoPromotionEnabled ? "on" : "off")
        )
        tell(explanation.reasons)
        for part in explanation.origins {
            Output.line("\(part.origin):")
            tell(part.reasons)
            if let wakeAt = part.wakeAt {
                Output.line("  this changes by itself at \(wakeAt.text)")
            }
        }
    }

    private func explainJunction(
        in project: ProjectName,
        _ view: View,
        _ session: Session
    ) throws {
        let explanation = try view.explain(try Names.junction(subject), in: project)
        guard !options.isStructured else {
            return session.show(Shape.explanation(explanation))
        }
        Output.line(
            "junction/\(explanation.junction): collection \(explanation.collectionPolicy), "
                + "repackaging \(explanation.repackagingPolicy), "
                + (explanation.bundle.map { "bundle \($0)" } ?? "no bundle yet")
        )
        tell(explanation.reasons)
        for slot in explanation.slots {
            Output.line("\(slot.origin)\(slot.isOptional ? " (optional)" : ""):")
            tell(slot.reasons)
            if let wakeAt = slot.wakeAt {
                Output.line("  this changes by itself at \(wakeAt.text)")
            }
        }
    }

    private func explainFreight(
        in project: ProjectName,
        _ view: View,
        _ session: Session
    ) throws {
        let resolved = try Names.resolved(try Names.subject(subject), in: project, view)
        let explanation = try view.explain(
            FreightID(unchecked: resolved.name),
            in: project,
            after: paging.after,
            limit: paging.limit
        )
        guard !options.isStructured else {
            return session.show(Shape.explanation(explanation, at: view.moment.position))
        }
        Output.line(
            "freight \(explanation.alias) (\(explanation.freight.id.short)) of "
                + "\(explanation.freight.origin)"
        )
        if explanation.consumers.isEmpty {
            Output.line("  no stage and no junction requests it")
        }
        for part in explanation.consumers {
            let since = part.availableSince.map { "available since \($0.text)" }
            Output.line("\(part.consumer): \(since ?? "not available")")
            tell(part.reasons)
        }
        PageOptions.tellMore(explanation.next)
    }

    /// Each reason, and below it what would change it.
    private func tell(_ reasons: [Reason]) {
        for reason in reasons {
            Output.line("  \(reason.text)")
            for change in reason.changes { Output.line("    \(change)") }
            if let at = reason.at { Output.line("    changes by itself at \(at.text)") }
        }
    }
}
