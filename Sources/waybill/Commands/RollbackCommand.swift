import ArgumentParser
import EventLog
import Ledger
import LedgerAPI
import PromotionModel

struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Bring a stage, a junction or a whole project back to an earlier state.",
        discussion: """
            The target of a stage is 'previous', a moment, collection/ID, or freight
            that ran there; of a junction 'previous', a moment, or one of its bundles;
            of a project a moment: its stages go back, the most downstream first, and
            --dry-run shows the plan.
            For example: waybill rollback stage/prod --to previous
            For example: waybill rollback junction/release --to 2026.47
            For example: waybill rollback project --to '2h ago' --dry-run
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(
        help: "What to bring back: stage/prod, junction/release, or project.",
        completion: Completions.consumers
    )
    var subject: String

    @Option(
        help: "previous, #1234, a time, promotion/NAME, collection/ID, or freight.",
        completion: Completions.targets
    )
    var to: String

    @Option(
        help: "Bring back this origin only, such as Warehouse/payments.",
        completion: Completions.origins
    )
    var origin: String?

    @Flag(help: "Bring quarantined freight back too; needs a --reason.")
    var allowQuarantined = false

    @Flag(help: "Leave out what cannot be brought back: components, slots, stages.")
    var partial = false

    func run() async throws {
        if subject == "project" || subject.hasPrefix("project/") { return try await restore() }
        let consumer = try Names.stageOrJunction(subject)
        let session = try Session(options, change)
        let command: Command
        let quiet: String
        switch consumer {
        case .stage(let stage):
            command = .rollBackStage(
                RollBackStage(
                    project: try session.project(),
                    stage: stage,
                    target: try target(session),
                    origin: try origin.map(Names.origin),
                    partial: partial,
                    allowsQuarantined: allowQuarantined
                )
            )
            quiet = "Stage \(stage) runs that already."
        case .junction(let junction):
            command = .rollBackJunction(
                RollBackJunction(
                    project: try session.project(),
                    junction: junction,
                    target: try junctionTarget(session),
                    origin: try origin.map(Names.origin),
                    partial: partial
                )
            )
            quiet = "Junction \(junction) holds that already, and is held."
        }
        try await session.execute(command, change, quiet: quiet) { _, events in
            Narrator.tell(events)
        }
    }

    private func target(_ session: Session) throws -> RollbackTarget {
        if to == "previous" { return .previous }
        if to.hasPrefix("collection/") { return .collection(String(to.dropFirst(11))) }
        if to.hasPrefix("freight/") { return .freight(String(to.dropFirst(8))) }
        return try position(session).map { .position($0) } ?? .freight(to)
    }

    private func junctionTarget(_ session: Session) throws -> JunctionTarget {
        if to == "previous" { return .previous }
        guard !to.hasPrefix("collection/") else {
            throw CommandFailure.usage(
                "a junction goes back to previous, a moment, or one of its bundles, not to "
                    + to.quotedForDisplay
            )
        }
        if to.hasPrefix("freight/") { return .bundle(String(to.dropFirst(8))) }
        return try position(session).map { .position($0) } ?? .bundle(to)
    }

    /// The position of the moment that is meant; nil if the target is no moment.
    private func position(_ session: Session) throws -> Position? {
        guard let reference = MomentReference(parsing: to) else { return nil }
        return try session.read(at: reference) { view, _ in view.moment.position }
    }

    // MARK: - A whole project

    private func restore() async throws {
        guard origin == nil else {
            throw CommandFailure.usage(
                "--origin goes with a stage; a project is brought back whole"
            )
        }
        let reference = try MomentOptions.reference(to)
        var options = options
        if subject.hasPrefix("project/") { options.project = String(subject.dropFirst(8)) }
        let session = try Session(options, change)
        let project = try session.project()
        let moment = try session.read(at: reference) { view, _ in view.moment }
        let command = RestoreProject(
            project: project,
            position: moment.position,
            partial: partial,
            allowsQuarantined: allowQuarantined
        )
        try await session.execute(
            .restoreProject(command),
            change,
            quiet: "Project \(project) runs that already, or is being brought back to it.",
            preview: change.dryRun ? try preview(of: project, to: moment, session) : nil
        ) { _, events in
            Narrator.tell(events)
        }
    }

    /// The plan, for people and for programs.
    private func preview(
        of project: ProjectName,
        to moment: Moment,
        _ session: Session
    ) throws -> Session.Preview {
        try session.read { view, _ in
            let plan = try view.ask { facts throws(FactsFailure) in
                try facts.restorePlan(of: project, to: moment.position)
            }
            let display = Display(view: view, project: project)
            var text =
                "Project \(project) goes back to what it ran at \(moment.position) "
                + "(\(moment.time.text)), the most downstream stages first:\n"
            for stage in plan.stages {
                text += "\nstage/\(stage.name), level \(stage.level)"
                text += " (\(Display.summary(stage.changes))):\n"
                text += try display.table(stage.changes)
                for name in stage.superseded { text += "  \(name) gives way\n" }
                if let name = stage.finishedFirst { text += "  \(name) is finished first\n" }
            }
            text += Self.paragraph("Unchanged", plan.unchanged)
            text += Self.paragraph("Left as they are (not there then, or ran nothing)", plan.left)
            if !plan.lost.isEmpty {
                text += "\nWhat does not come back:\n"
                text += plan.lost.map { "  \($0)\n" }.joined()
            }
            let value = try Shape.restorePlan(plan, in: project, to: moment, view)
            return Session.Preview(text: text, members: [("plan", value)])
        }
    }

    private static func paragraph(_ title: String, _ stages: [StageName]) -> String {
        guard !stages.isEmpty else { return "" }
        return "\n\(title): \(stages.map { "stage/\($0)" }.joined(separator: ", "))\n"
    }
}
