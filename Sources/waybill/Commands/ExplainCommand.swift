import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Why something does or does not happen, and what would change that.",
        discussion: """
            Every reason why something does or does not happen, with the commands that would \
            change it, and when it changes by itself. Begin with the stage that is not promoted; \
            where the cause lies elsewhere, the answer says what to explain next.

            Of a stage: what runs and waits, the verification that is open, what is uncertain; \
            what a step waits for, whether something else may take the place of what runs, what \
            the first in the queue waits for, a restore; then origin by origin whether \
            automation promotes its freight, and if not, why: held, not available, older, failed \
            before, no policy; and why there is no newer freight of it.

            Of freight: for each stage and junction that requests its origin, since when it may \
            have it, or every condition that does not hold. A page of them.

            Of a junction: that automation is about to make a bundle, or each reason why it does \
            not; then slot by slot what is collected next, or why it holds what it holds.

            Of a promotion: its place in the queue and what goes before it, the step that it is \
            at and what that waits for, or how it ended, and what brings its freight to the \
            stage all the same.

            Of a warehouse: since when and why it cannot be looked at, what each subscription \
            takes and found, and why no freight is made of that.

            Asked about now, it says too if no process runs the automation of the ledger.

            For example: waybill explain stage/prod
            or: waybill explain freight/2026.47
            or: waybill explain warehouse/web
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions
    @OptionGroup var paging: PageOptions

    @Argument(
        help: "A stage, freight, junction, promotion or warehouse: stage/prod, freight/2026.47.",
        completion: Completions.explainable
    )
    var subject: String

    func run() throws {
        let session = try Session(reading: options)
        try session.ask(at: try moment.reference()) { view, project in
            let explanation = try explanation(in: project, view)
            let attendance = try attendance(in: project, view)
            guard !options.isStructured else {
                return session.show(explanation.value.adding(attendance))
            }
            explanation.page.tell(attendance)
        }
    }

    /// What is said of the subject: for programs, and for people.
    private func explanation(
        in project: ProjectName,
        _ view: View
    ) throws -> (value: Value, page: ExplanationPage) {
        switch subject.prefix(upTo: subject.firstIndex(of: "/") ?? subject.startIndex) {
        case "freight":
            let resolved = try Names.resolved(try Names.subject(subject), in: project, view)
            let found = try view.explain(
                FreightID(unchecked: resolved.name),
                in: project,
                after: paging.after,
                limit: paging.limit
            )
            return (Shape.explanation(found, at: view.moment.position), ExplanationPage(found))
        case "junction":
            let found = try view.explain(try Names.junction(subject), in: project)
            return (Shape.explanation(found), ExplanationPage(found))
        case "promotion":
            let found = try view.explain(try Names.promotion(subject), in: project)
            return (Shape.explanation(found), ExplanationPage(found))
        case "warehouse", "Warehouse":
            let found = try view.explain(try Names.warehouse(subject), in: project)
            return (Shape.explanation(found), ExplanationPage(found))
        case "", "stage":
            let found = try view.explain(try Names.stage(subject), in: project)
            return (Shape.explanation(found), ExplanationPage(found))
        default:
            throw CommandFailure.usage(
                "\(subject.quotedForDisplay) cannot be explained; write stage/NAME, "
                    + "junction/NAME, freight/NAME, promotion/NAME or warehouse/NAME"
            )
        }
    }

    /// Whether some process runs the automation; nil where nobody asks about now, and where it
    /// would do nothing about the project.
    private func attendance(in project: ProjectName, _ view: View) throws -> Attendance? {
        guard moment.at == nil else { return nil }
        let mode = try view.ask { facts throws(FactsFailure) in
            try facts.projectState(project).mode
        }
        return mode == .drive ? Attendance(of: options.path) : nil
    }
}

extension Value {
    /// It with whether some process runs the automation, where that is known.
    fileprivate func adding(_ attendance: Attendance?) -> Value {
        guard case .object(var members) = self, let attendance else { return self }
        members["automationRuns"] = .bool(attendance.isConducted)
        return .object(members)
    }
}
