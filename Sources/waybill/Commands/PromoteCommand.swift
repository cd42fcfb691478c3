import ArgumentParser
import EventLog
import Ledger
import PromotionModel

struct PromoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Promote freight to a stage.",
        discussion: """
            For example: waybill promote --stage prod --freight 2026.47
            or: waybill promote --stage prod --from uat --all
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Option(help: "The stage that gets the freight.")
    var stage: String

    @Option(help: "Freight, by alias or at least six digits of its id; may be repeated.")
    var freight: [String] = []

    @Option(help: "Take what is current and verified in this stage.")
    var from: String?

    @Flag(help: "With --from: everything that the stage requests.")
    var all = false

    @Option(help: "With --from: this origin only, such as Warehouse/payments.")
    var origin: String?

    @Flag(help: "Allow older freight to replace what was put in by itself.")
    var allowRegression = false

    func validate() throws {
        guard freight.isEmpty != (from == nil) else {
            throw ValidationError("Say what to promote: --freight F, or --from STAGE.")
        }
        if from != nil, all == (origin != nil) {
            throw ValidationError("With --from, say --all or --origin ORIGIN.")
        }
        if from == nil, all || origin != nil {
            throw ValidationError("--all and --origin go with --from STAGE.")
        }
    }

    func run() async throws {
        let target = try Names.stage(stage)
        let selection: FreightSelection
        if let from {
            selection = .from(try Names.stage(from), origin: try origin.map(Names.origin))
        } else {
            selection = .named(freight)
        }
        let session = try Session(options, change)
        let command = RequestPromotion(
            project: try session.project(),
            stage: target,
            selection: selection,
            allowRegression: allowRegression
        )
        try await session.execute(
            .requestPromotion(command),
            change,
            quiet: "Nothing to promote."
        ) { _, events in
            Narrator.tell(events)
        }
    }
}
