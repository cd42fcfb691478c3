import ArgumentParser
import Requests

struct PromoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Promote freight to a stage, or what is verified in one to all behind it.",
        discussion: """
            Requests a promotion; 'waybill run' performs it. With --downstream a promotion for \
            each stage, and a collection for each junction, that takes freight from a stage, in \
            one command.

            For example: waybill promote --stage prod --freight 2026.47
            or: waybill promote --stage prod --from uat --all
            or: waybill promote --from dev --downstream
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Option(help: "The stage that gets the freight.", completion: Completions.stages)
    var stage: String?

    @Option(
        help: "Freight, by alias or at least six digits of its id; may be repeated.",
        completion: Completions.freight
    )
    var freight: [String] = []

    @Option(
        help: "Take what is current and verified in this stage.",
        completion: Completions.stages
    )
    var from: String?

    @Flag(help: "With --from: everything that the stage requests.")
    var all = false

    @Option(
        help: "With --from: this origin only, such as Warehouse/payments.",
        completion: Completions.origins
    )
    var origin: String?

    @Flag(help: "With --from: to every stage and junction that takes freight from it.")
    var downstream = false

    @Flag(
        help: "With --from: instead of refusing, go without what is not current or verified there."
    )
    var verifiedOnly = false

    @Flag(
        help:
            "Go before others by hand, and take the place of a promotion that only waits for input."
    )
    var now = false

    @Flag(help: "Allow older freight to replace what was put in by itself.")
    var allowRegression = false

    @Flag(help: "Wait until 'waybill run' has performed it; exit code 1 if it does not succeed.")
    var wait = false

    private var asked: PromotionChange {
        var asked = PromotionChange()
        asked.stage = stage
        asked.freight = freight
        asked.from = from
        asked.all = all
        asked.origin = origin
        asked.downstream = downstream
        asked.verifiedOnly = verifiedOnly
        asked.now = now
        asked.allowRegression = allowRegression
        return asked
    }

    func validate() throws {
        if let sentence = asked.contradiction { throw ValidationError(sentence) }
        if wait, change.dryRun {
            throw ValidationError("A dry run appends nothing that --wait could wait for.")
        }
    }

    func run() async throws {
        try await CommandClient(options, change).execute(asked, change, waitsForEnd: wait)
    }
}
