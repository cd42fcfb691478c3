import EventLog
import Ledger
import PromotionModel

/// The plan that brings a whole project back to a moment, before anybody says yes.
struct RestorePage {
    let context: PageContext
    let project: ProjectName

    init(_ context: PageContext, _ project: ProjectName) throws(LedgerError) {
        self.context = context
        self.project = project
    }

    func content() throws(LedgerError) -> PageContent {
        let text = context.path[.target]
        var fill: Fill = [
            "action": PagePath(.restore(project)).text, "target": text,
            "pipeline": context.link(.pipeline(project)).text, "project": project.rawValue,
        ]
        if let text {
            do throws(LedgerError) {
                fill["plan"] = try plan(text)
            } catch {
                fill["refusal"] = "\(error)"
            }
        }
        return PageContent(
            title: "Bring the project back",
            template: "restore",
            fill: fill,
            chrome: PageChrome(context)
        )
    }

    private func plan(_ text: String) throws(LedgerError) -> Fill {
        guard let reference = MomentReference(parsing: text)?.of(project) else {
            throw .noSuchMoment("“\(text)” is no moment: write \(MomentReference.forms)")
        }
        let now = context.view.latest(at: context.session.now)
        let position = try now.position(of: reference, now: context.session.now)
        let plan = try now.ask { facts throws(FactsFailure) in
            try facts.restorePlan(of: project, to: position)
        }
        let command = RestoreProject(project: project, position: position)
        let preview = try FormPreview(.restoreProject(command), context, project)
        var stages: [Fill] = []
        for stage in plan.stages {
            stages.append([
                "name": stage.name.rawValue,
                "href": context.link(.stage(stage.name, in: project)).text,
                "set": try ChangeSet(context, project).fill(stage.changes),
                "level": String(stage.level),
            ])
        }
        return [
            "position": context.fill(position), "stages": stages, "refusal": preview.refusal,
            "quiet": preview.isQuiet ? "The project runs that already." : nil,
            "isPossible": preview.refusal == nil && !preview.isQuiet ? true : nil,
            "unchanged": plan.unchanged.isEmpty
                ? nil : plan.unchanged.map(\.rawValue).joined(separator: ", "),
            "left": plan.left.isEmpty ? nil : plan.left.map(\.rawValue).joined(separator: ", "),
            "lost": plan.lost.map(\.description),
            "form": context.form(
                "restore",
                in: project,
                [("to", String(position.rawValue))],
                preview: preview,
                needs: try context.needs(of: .restoreProject(command))
            ),
            "button": "Bring \(counted(plan.stages.count, "stage")) back",
            "command": "waybill rollback project --to '#\(position.rawValue)' --reason …",
        ]
    }
}
