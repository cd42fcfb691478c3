import EventLog
import Ledger
import LedgerAPI
import PromotionModel

/// A junction's next bundle, compared with every stage that would take it: `waybill repackage
/// --preview`.
package struct PreviewQuestion: MomentQuestion {
    package var at: String?
    package var junction = ""
    /// Stages to compare with besides.
    package var against: [String] = []

    package init() {}

    package var place: RequestPlace { .ofProject("preview") }

    package static let fields: [RequestField<PreviewQuestion>] = [
        .at, .text("junction", \.junction, "The junction."),
        .texts("against", \.against, "Compare with these stages too."),
    ]

    package func answer(_ desk: Desk) throws -> Answer {
        let name = try Names.junction(junction)
        return try desk.ask(at: try .said(at)) { view, project in
            let stages = try against.map { try Names.stage($0, in: project, view) }
            let preview = try view.preview(of: name, against: stages, in: project)
            guard !desk.form.isStructured else {
                return .value(try Shape.preview(preview, in: project, view))
            }
            return .text(try text(name, preview, Display(view: view, project: project)))
        }
    }

    private func text(
        _ name: JunctionName,
        _ preview: BundlePreview,
        _ display: Display
    ) throws -> String {
        let how = preview.isCurrent ? "it is the junction's bundle already" : "not made yet"
        var text = "Next bundle of junction/\(name): \(preview.freight.short), \(how)\n"
        for obstacle in preview.obstacles where !preview.isCurrent && obstacle != .byHand {
            text += "It waits: \(obstacle)\n"
        }
        text += Self.together(preview.verifiedTogether)
        for consumer in preview.consumers {
            text += "Against stage/\(consumer.stage):\n"
            text += try display.table(consumer.changes)
            guard let regression = consumer.regression else { continue }
            text +=
                "It takes \(regression.component) back from \(try display.name(regression.runs)) "
                + "to \(try display.name(regression.would)), which is older; promoting it needs "
                + "--allow-regression\n"
        }
        return text
    }

    /// Where the parts of a bundle were verified together.
    static func together(_ stages: [StageName]) -> String {
        stages.isEmpty
            ? "Its parts were never verified together\n"
            : "Verified together in \(stages.map(\.rawValue).joined(separator: ", "))\n"
    }
}
