import EventLog
package import Ledger
package import PromotionModel

/// Freight into a junction's slots: `waybill collect`.
package struct CollectionChange: Change {
    package var junction = ""
    package var freight: [String] = []

    package init() {}

    package var place: RequestPlace { .ofProject("collect") }

    package static let fields: [RequestField<CollectionChange>] = [
        .text("junction", \.junction, "The junction."),
        .texts("freight", \.freight, "Freight, by alias or at least six digits of its id."),
    ]

    package func command(_ desk: Desk) throws -> Command {
        let name = try Names.junction(junction)
        return .collectFreight(
            CollectFreight(project: try desk.project(), junction: name, freight: freight)
        )
    }

    package func quiet(_ desk: Desk, _ envelope: CommandEnvelope) throws -> Quiet {
        Quiet(sentence: "Junction \(try Names.junction(junction)) holds that already.")
    }
}

/// A bundle of what a junction holds: `waybill repackage`.
package struct RepackagingChange: Change {
    package var junction = ""
    package var alias: String?

    package init() {}

    package var place: RequestPlace { .ofProject("repackage") }

    package static let fields: [RequestField<RepackagingChange>] = [
        .text("junction", \.junction, "The junction."),
        .text(
            "alias",
            \.alias,
            "The bundle's name, such as 2026.47: up to 63 lower-case letters, digits, - and '.'."
        ),
    ]

    package func command(_ desk: Desk) throws -> Command {
        let name = try Names.junction(junction)
        return .repackage(Repackage(project: try desk.project(), junction: name, alias: alias))
    }

    package func quiet(_ desk: Desk, _ envelope: CommandEnvelope) throws -> Quiet {
        Quiet(
            sentence: "Nothing to do: the junction's bundle holds this combination already."
        )
    }

    package func told(_ view: View, _ events: [LedgerEvent]) throws -> String {
        var text = ""
        for event in events {
            guard case .freightRepackaged(let bundle) = event.event else { continue }
            let how = bundle.isNew ? "new" : "the same as an earlier one"
            let project = ProjectName(unchecked: event.header.project)
            text += "junction/\(bundle.junction) repackaged \(bundle.alias) (\(how))\n"
            text += try Display(view: view, project: project).table(bundle.changes)
            text += PreviewQuestion.together(bundle.verifiedTogether)
        }
        return text
    }
}
