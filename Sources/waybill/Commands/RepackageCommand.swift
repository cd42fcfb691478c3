import ArgumentParser
import EventLog
import Ledger
import LedgerAPI
import PromotionModel

struct RepackageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repackage",
        abstract: "Make one bundle of what a junction holds, or see what it would be.",
        discussion: """
            Where the junction's bundle holds the same already, another name for it is refused.

            With --preview it shows the next bundle and, for every stage that requests it, what \
            promoting it there would change, uncertain components included, what it would take \
            back, and why it waits. That appends nothing.

            For example: waybill repackage release --alias 2026.48
            or: waybill repackage release --preview --against uat
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(help: "The junction.", completion: Completions.junctions)
    var junction: String

    @Option(
        help: "The bundle's name, such as 2026.47: up to 63 lower-case letters, digits, - and '.'."
    )
    var alias: String?

    @Flag(help: "Show the next bundle, compared with every stage that would take it.")
    var preview = false

    @Option(
        help: "With --preview: compare with this stage too; may be repeated.",
        completion: Completions.stages
    )
    var against: [String] = []

    @Option(help: "With --preview: as of a moment: #1234, a time, \"2h ago\", @BOOKMARK.")
    var at: String?

    func validate() throws {
        guard at == nil || preview else { throw ValidationError("--at needs --preview.") }
        guard against.isEmpty || preview else {
            throw ValidationError("--against needs --preview.")
        }
    }

    func run() async throws {
        let name = try Names.junction(junction)
        if preview { return try show(name) }
        let session = try Session(options, change)
        let command = Repackage(project: try session.project(), junction: name, alias: alias)
        try await session.execute(
            .repackage(command),
            change,
            quiet: "Nothing to do: the junction's bundle holds this combination already."
        ) { view, events in
            for event in events {
                guard case .freightRepackaged(let bundle) = event.event else { continue }
                let how = bundle.isNew ? "new" : "the same as an earlier one"
                Output.line("junction/\(name) repackaged \(bundle.alias) (\(how))")
                Output.text(
                    try Display(view: view, project: ProjectName(unchecked: event.header.project))
                        .table(bundle.changes)
                )
                Output.text(RepackageCommand.together(bundle.verifiedTogether))
            }
        }
    }

    private func show(_ name: JunctionName) throws {
        let session = try Session(reading: options)
        try session.ask(at: try MomentOptions.reference(at ?? "now")) { view, project in
            let stages = try against.map { try Names.stage($0, in: project, view) }
            let preview = try view.preview(of: name, against: stages, in: project)
            guard !options.isStructured else {
                return session.show(try Shape.preview(preview, in: project, view))
            }
            let how = preview.isCurrent ? "it is the junction's bundle already" : "not made yet"
            Output.line("Next bundle of junction/\(name): \(preview.freight.short), \(how)")
            for obstacle in preview.obstacles where !preview.isCurrent && obstacle != .byHand {
                Output.line("It waits: \(obstacle)")
            }
            Output.text(RepackageCommand.together(preview.verifiedTogether))
            let display = Display(view: view, project: project)
            for consumer in preview.consumers {
                Output.line("Against stage/\(consumer.stage):")
                Output.text(try display.table(consumer.changes))
                guard let regression = consumer.regression else { continue }
                Output.line(
                    "It takes \(regression.component) back from "
                        + "\(try display.name(regression.runs)) to "
                        + "\(try display.name(regression.would)), which is older; promoting it "
                        + "needs --allow-regression"
                )
            }
        }
    }

    fileprivate static func together(_ stages: [StageName]) -> String {
        stages.isEmpty
            ? "Its parts were never verified together\n"
            : "Verified together in \(stages.map(\.rawValue).joined(separator: ", "))\n"
    }
}
