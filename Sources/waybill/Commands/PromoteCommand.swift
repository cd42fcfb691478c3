import ArgumentParser
import EventLog
import Ledger
import PromotionModel

struct PromoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Promote freight to a stage, or what is verified in one to all behind it.",
        discussion: """
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

    @Flag(help: "With --from: go without what is not current or not verified there.")
    var verifiedOnly = false

    @Flag(help: "Go before others by hand, and end a promotion that only waits for input.")
    var now = false

    @Flag(help: "Allow older freight to replace what was put in by itself.")
    var allowRegression = false

    @Flag(help: "Wait until 'waybill run' has performed it; exit code 1 if it does not succeed.")
    var wait = false

    func validate() throws {
        guard freight.isEmpty != (from == nil) else {
            throw ValidationError("Say what to promote: --freight F, or --from STAGE.")
        }
        guard downstream != (stage != nil) else {
            throw ValidationError("Say where to: --stage STAGE, or --from STAGE --downstream.")
        }
        if from == nil, all || origin != nil || downstream || verifiedOnly {
            throw ValidationError(
                "--all, --origin, --downstream and --verified-only go with --from STAGE."
            )
        }
        if from != nil, [all, origin != nil, downstream].count(where: { $0 }) != 1 {
            throw ValidationError("With --from, say --all, --origin ORIGIN or --downstream.")
        }
        if downstream, now || allowRegression {
            throw ValidationError("--now and --allow-regression go with --stage STAGE.")
        }
        if wait, change.dryRun {
            throw ValidationError("A dry run appends nothing that --wait could wait for.")
        }
    }

    func run() async throws {
        guard let stage else { return try await promoteDownstream() }
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
            allowRegression: allowRegression,
            now: now,
            verifiedOnly: verifiedOnly
        )
        try await execute(.requestPromotion(command), session, quiet: "Nothing to promote.")
    }

    private func promoteDownstream() async throws {
        guard let from else { preconditionFailure("validated above") }
        let source = try Names.stage(from)
        let session = try Session(options, change)
        let command = PromoteDownstream(
            project: try session.project(),
            stage: source,
            verifiedOnly: verifiedOnly
        )
        try await execute(
            .promoteDownstream(command),
            session,
            quiet: "Everything behind stage \(source) has that already, or is getting it."
        )
    }

    private func execute(_ command: Command, _ session: Session, quiet: String) async throws {
        try await session.execute(command, change, quiet: quiet, waitsForEnd: wait) { _, events in
            if downstream { Output.line(headline(events)) }
            Narrator.tell(events)
        }
    }

    /// Where what is verified goes, so that nobody takes it for a promotion to one stage.
    private func headline(_ events: [LedgerEvent]) -> String {
        var places: [String] = []
        for event in events {
            if case .promotionRequested(let request) = event.event {
                places.append("stage/\(request.request.stage)")
            } else if case .freightCollected(let collected) = event.event {
                let place = "junction/\(collected.junction)"
                if places.last != place { places.append(place) }
            }
        }
        return "What is verified in \(from ?? "it") goes to all behind it: "
            + places.joined(separator: ", ")
    }
}
