import EventLog
import Ledger
import LedgerAPI
import PromotionModel

/// The plan of bringing a project back, for people and for programs.
struct RestorePreview {
    let project: ProjectName
    let moment: Moment
    let view: View

    func preview() throws -> Preview {
        let plan = try view.ask { facts throws(FactsFailure) in
            try facts.restorePlan(of: project, to: moment.position)
        }
        let display = Display(view: view, project: project)
        var text =
            "Project \(project) goes back to what it ran at \(moment.position) "
            + "(\(moment.time.text)), the most downstream stages first:\n"
        for stage in plan.stages {
            text += "\nstage/\(stage.name), level \(stage.level)"
            text += " (\(Display.summary(stage.changes))):\n"
            text += try display.table(stage.changes)
            for name in stage.superseded { text += "  \(name) gives way\n" }
            if let name = stage.finishedFirst { text += "  \(name) is finished first\n" }
        }
        text += Self.paragraph("Unchanged", plan.unchanged)
        text += Self.paragraph("Left as they are (not there then, or ran nothing)", plan.left)
        if !plan.lost.isEmpty {
            text += "\nWhat does not come back:\n"
            text += plan.lost.map { "  \($0)\n" }.joined()
        }
        let value = try Shape.restorePlan(plan, in: project, to: moment, view)
        return Preview(text: text, members: [("plan", value)])
    }

    private static func paragraph(_ title: String, _ stages: [StageName]) -> String {
        guard !stages.isEmpty else { return "" }
        return "\n\(title): \(stages.map { "stage/\($0)" }.joined(separator: ", "))\n"
    }
}
