import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel

struct DescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Everything about one thing, and its last events.",
        discussion: "For example: waybill describe stage/prod"
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions

    @Argument(help: "The thing, such as stage/prod, freight/2026.47 or promotion/NAME.")
    var subject: String

    func run() throws {
        let session = try Session(reading: options)
        try session.ask(at: try moment.reference()) { view, project in
            let found = try value(try Names.subject(subject), in: project, view)
            guard !found.value.isNull else {
                throw CommandFailure.notFound(
                    "there is no \(subject.quotedForDisplay) in project \(project) at "
                        + "\(view.moment.position)"
                )
            }
            guard options.output != .json else { return session.show(found.value) }
            Output.text(found.value.yaml)
            guard options.output != .yaml else { return }
            var filter = AuditFilter()
            filter.narrow(to: found.subject, in: project)
            let page = try view.events(filter, limit: 10)
            Output.line("")
            Output.text(EventTable.result(page.items, next: nil).table.text)
        }
    }

    private func value(
        _ subject: Subject,
        in project: ProjectName,
        _ view: View
    ) throws -> (value: Value, subject: Subject) {
        let name = subject.name
        switch subject.kind {
        case .project:
            return (try Shape.project(ProjectName(unchecked: name), view), subject)
        case .warehouse:
            let name = WarehouseName(unchecked: name)
            return (try Shape.warehouse(name, in: project, view), subject)
        case .stage:
            return (try Shape.stage(StageName(unchecked: name), in: project, view), subject)
        case .junction:
            return (try Shape.junction(JunctionName(unchecked: name), in: project, view), subject)
        case .promotion:
            let name = PromotionName(unchecked: name)
            return (try Shape.promotion(name, in: project, view), subject)
        case .freight:
            let resolved = try Names.resolved(subject, in: project, view)
            let id = FreightID(unchecked: resolved.name)
            return (try Shape.freight(id, in: project, view), resolved)
        case .task:
            let name = TaskName(unchecked: name)
            return (try Shape.task(name, in: project, view), subject)
        case .clusterTask:
            let name = TaskName(unchecked: name)
            return (try Shape.task(name, in: .cluster, view), subject)
        case .cluster:
            return (try Shape.cluster(view), .cluster)
        case nil:
            throw CommandFailure.usage(
                "\(subject.rawValue.quotedForDisplay) cannot be described; write KIND/NAME, such "
                    + "as stage/prod"
            )
        }
    }
}
