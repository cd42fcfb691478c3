import EventLog
package import Ledger
package import PromotionModel

/// Something configured that is to go: `waybill delete`.
package struct DeletionChange: Change {
    package var subject = ""

    package init() {}

    package var place: RequestPlace { .ofProject("delete") }

    package static let fields: [RequestField<DeletionChange>] = [
        .text(
            "subject",
            \.subject,
            "What to delete, such as stage/qa, junction/release, warehouse/web or task/deploy."
        )
    ]

    package func command(_ desk: Desk) throws -> Command {
        let resource = try Names.subject(subject)
        return .deleteResource(
            DeleteResource(
                project: resource.kind == .clusterTask ? .cluster : try desk.project(),
                resource: resource
            )
        )
    }

    package func quiet(_ desk: Desk, _ envelope: CommandEnvelope) throws -> Quiet {
        Quiet(sentence: "There is nothing to delete.")
    }
}

/// Whether a project is driven or only observed: `waybill adopt`.
package struct ModeChange: Change {
    package var name = ""
    package var observe = false

    package init() {}

    package var place: RequestPlace { .ofLedger("adopt") }

    package static let fields: [RequestField<ModeChange>] = [
        .text("name", \.name, "The project."),
        .flag(
            "observe",
            \.observe,
            "Only observe it from now on; refused while a promotion waits or runs."
        ),
    ]

    private func project() throws -> ProjectName {
        guard let project = ProjectName(rawValue: name) else {
            throw CommandFailure.usage(
                "\(name.quotedForDisplay) cannot be the name of a project; see waybill get projects"
            )
        }
        return project
    }

    private var word: String { observe ? "only observed" : "driven" }

    package func command(_ desk: Desk) throws -> Command {
        .setProjectMode(SetProjectMode(project: try project(), mode: observe ? .observe : .drive))
    }

    package func quiet(_ desk: Desk, _ envelope: CommandEnvelope) throws -> Quiet {
        Quiet(sentence: "Project \(try project()) is \(word) already.")
    }

    package func told(_ view: View, _ events: [LedgerEvent]) throws -> String {
        "project/\(try project()) is \(word) now\n"
    }
}
