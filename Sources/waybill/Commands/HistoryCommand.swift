import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel

struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Everything that a stage ran, newest first.",
        discussion: "For example: waybill history stage/prod"
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions

    @Argument(help: "The stage, such as stage/prod.")
    var subject: String

    @Option(help: "At most so many.")
    var limit: Int = 50

    @Option(help: "What comes before this position: the 'next' of the page before.")
    var before: UInt64?

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be at least 1.") }
    }

    func run() throws {
        let session = try Session(reading: options)
        try session.ask(at: try moment.reference()) { view, project in
            let stage = try Names.stage(subject, in: project, view)
            let page = try view.history(
                of: stage,
                in: project,
                before: before.map { Position(rawValue: $0) } ?? Position(rawValue: .max),
                limit: limit
            )
            guard !options.isStructured else {
                let items = try page.items.map { try Shape.history($0, in: project, view) }
                return session.show(
                    Shape.list(items, at: view.moment.position, next: page.next)
                )
            }
            Output.text(try table(page.items, Display(view: view, project: project)))
            if let next = page.next { Output.line("(more: --before \(next.rawValue))") }
        }
    }

    private func table(_ items: [HistoryEntry], _ display: Display) throws -> String {
        var table = TextTable([
            "POSITION", "AT", "STAYED", "KIND", "BY", "COLLECTION", "RUNS", "CHANGED", "REASON",
        ])
        for entry in items {
            let end = entry.until ?? display.view.moment.time
            let changed = entry.changes.filter { $0.kind.countsAsChanged }.map(\.origin.name)
            table.add([
                "\(entry.position)", entry.at.text,
                Display.duration(end.milliseconds(since: entry.at))
                    + (entry.until == nil ? "+" : ""),
                "\(entry.promotion.kind)", entry.promotion.actor, entry.collection.id.short,
                try carriers(entry.collection, display), changed.joined(separator: ","),
                entry.promotion.reason ?? "",
            ])
        }
        return table.text
    }

    /// The bundles in a combination, and how many parts came by themselves.
    private func carriers(_ collection: FreightCollection, _ display: Display) throws -> String {
        var words: [String] = []
        for carrier in Set(collection.components.map(\.carrier)).sorted() {
            words.append(try display.name(carrier))
        }
        return words.count > 3 ? "\(words.count) parts" : words.joined(separator: " ")
    }
}
