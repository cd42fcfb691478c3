import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel

/// Why something is so, and what would change it: `waybill explain`.
package struct ExplanationQuestion: PagedQuestion {
    package var at: String?
    package var limit: Int?
    package var cursor: String?
    package var subject = ""

    package init() {}

    package var place: RequestPlace { .ofProject("explain") }

    package static let fields: [RequestField<ExplanationQuestion>] = [
        .at, .limit, .cursor,
        .text(
            "subject",
            \.subject,
            "A stage, freight, junction, promotion or warehouse: stage/prod, freight/2026.47."
        ),
    ]

    package func answer(_ desk: Desk) throws -> Answer {
        try desk.ask(at: try .said(at)) { view, project in
            let explanation = try explanation(in: project, view)
            let attendance = try attendance(in: project, view, desk)
            guard !desk.form.isStructured else {
                return .value(explanation.value.adding(attendance))
            }
            return .text(explanation.page.text(attendance))
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
                after: cursor,
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
    private func attendance(
        in project: ProjectName,
        _ view: View,
        _ desk: Desk
    ) throws -> Attendance? {
        guard at == nil else { return nil }
        let mode = try view.ask { facts throws(FactsFailure) in
            try facts.projectState(project).mode
        }
        return mode == .drive ? Attendance(of: desk.ledger.log.path) : nil
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
