import ArgumentParser
import EventLog
import Ledger
import LedgerAPI
import PromotionModel

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "What differs between two stages, freight, or junctions, at any moments.",
        discussion: """
            Each side is a stage, freight, or a junction (its next bundle), with @MOMENT behind it
            if another is meant than --at says. Bookmarks are moments too.
            For example: waybill diff prod uat
            or: waybill diff prod@yesterday prod
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions

    @Argument(help: "From what.", completion: Completions.things)
    var left: String

    @Argument(help: "To what.", completion: Completions.things)
    var right: String

    func run() throws {
        let session = try Session(reading: options)
        let base = try moment.reference()
        let from = try combination(left, base, session)
        let to = try combination(right, base, session)
        try session.ask { view, project in
            let changes = from.collection.changes(to: to.collection)
            guard !options.isStructured else {
                return session.show(
                    try Shape.difference(from: from, to: to, in: project, view)
                )
            }
            Output.line(
                "From \(from.title) (\(from.collection.id.short)) at \(from.moment.position)"
            )
            Output.line("to   \(to.title) (\(to.collection.id.short)) at \(to.moment.position)")
            let display = Display(view: view, project: project)
            Output.text(try display.detailedTable(changes))
            Output.line(Display.summary(changes))
            Output.text(try display.commitRanges(changes))
        }
    }

    /// What a side names; a moment stands behind the first `@`, which no name has.
    private func combination(
        _ text: String,
        _ base: MomentReference,
        _ session: Session
    ) throws -> Combination {
        var name = text
        var reference = base
        if let at = text.firstIndex(of: "@") {
            name = String(text[..<at])
            let moment = String(text[text.index(after: at)...])
            // Of `prod@freeze` the `@` is that of the bookmark too, if there is no such moment.
            reference =
                try MomentReference(parsing: moment)
                ?? MomentReference(parsing: "@" + moment) ?? MomentOptions.reference(moment)
        }
        return try session.ask(at: reference) { view, project in
            try view.combination(name, in: project)
        }
    }
}
