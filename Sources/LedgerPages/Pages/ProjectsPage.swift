import EventLog
import Ledger
import PromotionModel

/// All projects, each with what somebody should look at.
struct ProjectsPage {
    private static let pageCount = 50
    private static let attentionCount = 2

    let context: PageContext

    init(_ context: PageContext) { self.context = context }

    func content() throws(LedgerError) -> PageContent {
        let page = try context.view.ask { facts throws(FactsFailure) in
            try facts.projects(after: context.path[.after], limit: Self.pageCount)
        }
        var rows: [Fill] = []
        let seen = context.session.seenProjects
        for name in page.names where seen?.contains(name) ?? true { rows.append(try row(name)) }
        return PageContent(
            title: "Projects",
            template: "projects",
            fill: [
                "rows": rows, "nothing": rows.isEmpty ? true : nil,
                "next": page.next.map { context.path.with(.after, $0).text },
                "events": context.view.moment.position.rawValue.grouped,
            ],
            chrome: PageChrome(context)
        )
    }

    private func row(_ project: ProjectName) throws(LedgerError) -> Fill {
        let path = context.link(.pipeline(project))
        let model = try PipelineModel(project, context.view, focus: nil)
        let inner = PageContext(path, context.view, context.session, nil)
        let items = try Attention(inner, model).items()
        var runs: [Span] = []
        if let focus = model.focus, let current = focus.state.current {
            runs = [.text("\(focus.name) runs ")] + (try current.carrierSpans(inner, project))
        }
        return [
            "name": project.rawValue, "href": path.text,
            "counts": "\(counted(model.warehouses.count, "warehouse")), "
                + "\(counted(model.stages.count, "stage")), "
                + counted(model.junctions.count, "junction"),
            "runs": runs.isEmpty ? nil : inner.fill(runs),
            "since": model.focus.flatMap { focus in
                focus.state.current == nil ? nil : context.when(focus.state.currentSince)
            },
            "attention": items.isEmpty ? nil : Array(items.prefix(Self.attentionCount)),
            "more": items.count > Self.attentionCount
                ? "\(items.count - Self.attentionCount) more" : nil,
            "quiet": items.isEmpty ? true : nil,
        ]
    }
}
