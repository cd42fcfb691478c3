import ArgumentParser
import EventLog
import Ledger
import PromotionModel

struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Bring a stage back to what it ran earlier.",
        discussion: """
            The target is 'previous', a moment, collection/ID, or freight that ran there.
            For example: waybill rollback stage/prod --to previous
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(help: "What to bring back, such as stage/prod.")
    var subject: String

    @Option(help: "previous, #1234, a time, promotion/NAME, collection/ID, or freight.")
    var to: String

    @Option(help: "Bring back this origin only, such as Warehouse/payments.")
    var origin: String?

    @Flag(help: "Bring quarantined freight back too; needs a --reason.")
    var allowQuarantined = false

    func run() async throws {
        let stage = try Names.stage(subject)
        let session = try Session(options, change)
        let command = RollBackStage(
            project: try session.project(),
            stage: stage,
            target: try target(session),
            origin: try origin.map(Names.origin),
            allowsQuarantined: allowQuarantined
        )
        try await session.execute(
            .rollBackStage(command),
            change,
            quiet: "Stage \(stage) runs that already."
        ) { _, events in
            Narrator.tell(events)
        }
    }

    private func target(_ session: Session) throws -> RollbackTarget {
        if to == "previous" { return .previous }
        if to.hasPrefix("collection/") { return .collection(String(to.dropFirst(11))) }
        if to.hasPrefix("freight/") { return .freight(String(to.dropFirst(8))) }
        guard let reference = MomentReference(parsing: to) else { return .freight(to) }
        return .position(try session.read(at: reference) { view, _ in view.moment.position })
    }
}
