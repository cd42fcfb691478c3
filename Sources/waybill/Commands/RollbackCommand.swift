import ArgumentParser
import Requests

struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Bring a stage, a junction or a whole project back to an earlier state.",
        discussion: """
            Requests it; 'waybill run' performs it. --dry-run shows what would be done.

            A stage goes back to 'previous', a moment, collection/ID (six or more digits), or \
            freight that ran there (freight/F where a moment could be meant). Nothing happens \
            where the stage runs the target, nothing runs or waits and nothing is uncertain.

            A junction's slots are filled with what they held at a moment, when a bundle of it \
            was made, or at the 'previous' repackaging, and held. Its bundles stay.

            A project's stages go back to what they ran at a moment, the most downstream first, \
            see docs/MODEL.md#restore.

            For example: waybill rollback stage/prod --to previous
            or: waybill rollback junction/release --to 2026.47
            or: waybill rollback project --to '2h ago' --dry-run
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

    @Flag(help: "Leave out what nobody requests any more, or is no longer available.")
    var partial = false

    private var asked: RollbackChange {
        var asked = RollbackChange()
        asked.subject = subject
        asked.to = to
        asked.origin = origin
        asked.allowQuarantined = allowQuarantined
        asked.partial = partial
        return asked
    }

    func run() async throws {
        try await CommandClient(options, change).execute(asked, change)
    }
}
