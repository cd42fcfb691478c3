import ArgumentParser
import EventLog
import Ledger
import PromotionModel

struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Bring a stage back to what it ran earlier, or a junction to what it held.",
        discussion: """
            The target of a stage is 'previous', a moment, collection/ID, or freight
            that ran there; of a junction 'previous', a moment, or one of its bundles.
            For example: waybill rollback stage/prod --to previous
            For example: waybill rollback junction/release --to 2026.47
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(help: "What to bring back, such as stage/prod or junction/release.")
    var subject: String

    @Option(help: "previous, #1234, a time, promotion/NAME, collection/ID, or freight.")
    var to: String

    @Option(help: "Bring back this origin only, such as Warehouse/payments.")
    var origin: String?

    @Flag(help: "Bring quarantined freight back too; needs a --reason.")
    var allowQuarantined = false

    @Flag(help: "Of a junction: leave slots as they are that cannot be brought back.")
    var partial = false

    func run() async throws {
        let consumer = try Names.stageOrJunction(subject)
        let session = try Session(options, change)
        let command: Command
        let quiet: String
        switch consumer {
        case .stage(let stage):
            guard !partial else {
                throw CommandFailure.usage("--partial is for junctions, not for stage/\(stage)")
            }
            command = .rollBackStage(
                RollBackStage(
                    project: try session.project(),
                    stage: stage,
                    target: try target(session),
                    origin: try origin.map(Names.origin),
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
}
