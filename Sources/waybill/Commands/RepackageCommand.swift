import ArgumentParser
import EventLog
import Ledger
import LedgerAPI
import PromotionModel

struct RepackageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repackage",
        abstract: "Make one bundle of what a junction holds, or see what it would be.",
        discussion: "For example: waybill repackage release --preview"
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(help: "The junction.")
    var junction: String

    @Option(help: "The bundle's name, such as 2026.47.")
    var alias: String?

    @Flag(help: "Show the next bundle, compared with every stage that would take it.")
    var preview = false

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
        try session.ask { view, project in
            let preview = try view.preview(of: name, in: project)
            guard !options.isStructured else {
                return session.show(try Shape.preview(preview, in: project, view))
            }
            if !preview.missing.isEmpty {
                let missing = preview.missing.map(\.rawValue).joined(separator: ", ")
                Output.line("Not ready: nothing is collected of \(missing)")
            }
            let how = preview.isCurrent ? "it is the junction's bundle already" : "not made yet"
            Output.line("Next bundle of junction/\(name): \(preview.freight.short), \(how)")
            Output.text(RepackageCommand.together(preview.verifiedTogether))
            let display = Display(view: view, project: project)
            for consumer in preview.consumers {
                Output.line("Against stage/\(consumer.stage):")
                Output.text(try display.table(consumer.changes))
            }
        }
    }

    fileprivate static func together(_ stages: [StageName]) -> String {
        stages.isEmpty
            ? "Its parts were never verified together\n"
            : "Verified together in \(stages.map(\.rawValue).joined(separator: ", "))\n"
    }
}
