import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel

struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Everything that a stage ran, or every bundle of a junction, newest first.",
        discussion: """
            A stage or junction that was deleted is told of too; below the line 'deleted' stands
            what ran in the one before.
            For example: waybill history stage/prod
            or: waybill history junction/release --slots
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions
    @OptionGroup var paging: PageOptions

    @Argument(
        help: "The stage or junction, such as stage/prod.",
        completion: Completions.consumers
    )
    var subject: String

    @Flag(help: "Show each change of a junction's slots too.")
    var slots = false

    func run() throws {
        let session = try Session(reading: options)
        try session.ask(at: try moment.reference()) { view, project in
            if subject.hasPrefix("junction/") {
                try show(try Names.junction(subject), in: project, view, session)
            } else {
                guard !slots else {
                    throw CommandFailure.usage("--slots is for junctions; write junction/NAME")
                }
                try show(try Names.stage(subject), in: project, view, session)
            }
        }
    }

    private func show(
        _ stage: StageName,
        in project: ProjectName,
        _ view: View,
        _ session: Session
    ) throws {
        let page = try paging.page {
            try view.history(of: stage, in: project, before: $0, limit: $1)
        }
        guard !options.isStructured else {
            let items = try page.items.map { try Shape.history($0, in: project, view) }
            return session.show(Shape.list(items, at: view.moment.position, next: page.cursor))
        }
        let table = HistoryTable(display: Display(view: view, project: project))
        Output.text(try table.text(page.items))
        PageOptions.tellMore(page.cursor)
    }

    private func show(
        _ junction: JunctionName,
        in project: ProjectName,
        _ view: View,
        _ session: Session
    ) throws {
        let page = try paging.page {
            try view.history(
                of: junction,
                in: project,
                withSlots: slots,
                before: $0,
                limit: $1
            )
        }
        guard !options.isStructured else {
            let items = try page.items.map { try Shape.history($0, in: project, view) }
            return session.show(Shape.list(items, at: view.moment.position, next: page.cursor))
        }
        let table = HistoryTable(display: Display(view: view, project: project))
        Output.text(try table.text(page.items))
        PageOptions.tellMore(page.cursor)
    }
}
