import EventLog
import Ledger
package import PromotionModel

/// A stage, a junction or a whole project as it was: `waybill rollback`.
package struct RollbackChange: Change {
    package var subject = ""
    package var to = ""
    package var origin: String?
    package var allowQuarantined = false
    package var partial = false

    package init() {}

    package var place: RequestPlace { .ofProject("rollback") }

    package static let fields: [RequestField<RollbackChange>] = [
        .text(
            "subject",
            \.subject,
            "What to bring back: stage/prod, junction/release, or project."
        ),
        .text("to", \.to, "previous, #1234, a time, promotion/NAME, collection/ID, or freight."),
        .text("origin", \.origin, "Bring back this origin only, such as Warehouse/payments."),
        .flag(
            "allowQuarantined",
            \.allowQuarantined,
            "Bring quarantined freight back too; needs a reason."
        ),
        .flag(
            "partial",
            \.partial,
            "Leave out what nobody requests any more, or is no longer available."
        ),
    ]

    /// Whether a whole project is brought back.
    var isOfProject: Bool { subject == "project" || subject.hasPrefix("project/") }

    /// The desk, with the project that the subject names, if it names one.
    private func desk(_ desk: Desk) -> Desk {
        guard subject.hasPrefix("project/") else { return desk }
        let choice = ProjectChoice(said: String(subject.dropFirst(8)), seen: desk.choice.seen)
        return Desk(desk.ledger, choice, desk.form)
    }

    package func command(_ desk: Desk) throws -> Command {
        guard !isOfProject else { return try restore(self.desk(desk)) }
        switch try Names.stageOrJunction(subject) {
        case .stage(let stage):
            return .rollBackStage(
                RollBackStage(
                    project: try desk.project(),
                    stage: stage,
                    target: try target(desk),
                    origin: try origin.map(Names.origin),
                    partial: partial,
                    allowsQuarantined: allowQuarantined
                )
            )
        case .junction(let junction):
            return .rollBackJunction(
                RollBackJunction(
                    project: try desk.project(),
                    junction: junction,
                    target: try junctionTarget(desk),
                    origin: try origin.map(Names.origin),
                    partial: partial
                )
            )
        }
    }

    package func quiet(_ desk: Desk, _ envelope: CommandEnvelope) throws -> Quiet {
        guard !isOfProject else {
            let project = try self.desk(desk).project()
            return Quiet(
                sentence: "Project \(project) runs that already, or is being brought back to it."
            )
        }
        return switch try Names.stageOrJunction(subject) {
        case .stage(let stage): Quiet(sentence: "Stage \(stage) runs that already.")
        case .junction(let junction):
            Quiet(sentence: "Junction \(junction) holds that already, and is held.")
        }
    }

    private func target(_ desk: Desk) throws -> RollbackTarget {
        if to == "previous" { return .previous }
        if to.hasPrefix("collection/") { return .collection(String(to.dropFirst(11))) }
        if to.hasPrefix("freight/") { return .freight(String(to.dropFirst(8))) }
        return try position(desk).map { .position($0) } ?? .freight(to)
    }

    private func junctionTarget(_ desk: Desk) throws -> JunctionTarget {
        if to == "previous" { return .previous }
        guard !to.hasPrefix("collection/") else {
            throw CommandFailure.usage(
                "a junction goes back to previous, a moment, or one of its bundles, not to "
                    + "\(to.quotedForDisplay); see waybill history \(subject)"
            )
        }
        if to.hasPrefix("freight/") { return .bundle(String(to.dropFirst(8))) }
        return try position(desk).map { .position($0) } ?? .bundle(to)
    }

    /// The position of the moment that is meant; nil if the target is no moment.
    private func position(_ desk: Desk) throws -> Position? {
        guard let reference = MomentReference(parsing: to) else { return nil }
        return try desk.read(at: reference) { view in view.moment.position }
    }

    // MARK: - A whole project

    private func restore(_ desk: Desk) throws -> Command {
        guard origin == nil else {
            throw CommandFailure.usage(
                "--origin goes with a stage; a project is brought back whole"
            )
        }
        let reference: MomentReference = try .said(to)
        let project = try desk.project()
        let moment = try desk.read(at: reference) { view in view.moment }
        return .restoreProject(
            RestoreProject(
                project: project,
                position: moment.position,
                partial: partial,
                allowsQuarantined: allowQuarantined
            )
        )
    }

    package func preview(_ desk: Desk) throws -> Preview? {
        guard isOfProject else { return nil }
        let desk = self.desk(desk)
        let moment = try desk.read(at: try .said(to)) { view in view.moment }
        return try desk.ask { view, project in
            try RestorePreview(project: project, moment: moment, view: view).preview()
        }
    }
}
