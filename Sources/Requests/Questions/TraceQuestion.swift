import EventLog
import Ledger
import LedgerAPI
import PromotionModel

/// Where an artifact or freight came from and has been: `waybill trace`.
package struct TraceQuestion: PagedQuestion {
    package var at: String?
    package var limit: Int?
    package var cursor: String?
    package var what = ""

    package init() {}

    package var place: RequestPlace { .ofProject("trace") }

    package static let fields: [RequestField<TraceQuestion>] = [
        .at, .limit, .cursor, .text("what", \.what, "An artifact or freight."),
    ]

    package func answer(_ desk: Desk) throws -> Answer {
        let name = what.hasPrefix("freight/") ? String(what.dropFirst(8)) : what
        return try desk.ask(at: try .said(at)) { view, project in
            let page = try paging.page {
                try view.trace(name, in: project, before: $0, limit: $1)
            }
            guard !desk.form.isStructured else {
                let items = try page.items.map { try Shape.trace($0, in: project, view) }
                return .value(Shape.list(items, at: view.moment.position, next: page.cursor))
            }
            let display = Display(view: view, project: project)
            let traces = try page.items.map { try text($0, display) }
            return .text(traces.joined(separator: "\n") + Paging.more(page.cursor))
        }
    }

    private func text(_ trace: FreightTrace, _ display: Display) throws -> String {
        let freight = trace.freight
        let names = trace.past.aliases.dropFirst()
        var lines = [
            "freight \(try display.name(freight.id)) (\(freight.id.short)) of \(freight.origin)"
                + (names.isEmpty ? "" : ", once \(names.joined(separator: ", "))")
        ]
        if let discovered = trace.discovered {
            lines.append("  found \(discovered.at.text) (\(discovered.position))")
        }
        let source = try freight.derivedFrom.map { ", from \(try display.name($0))" } ?? ""
        lines.append(
            "  \(freight.making) \(freight.createdAt.text) (\(freight.created)) by \(trace.actor)"
                + source
        )
        lines += try parts(of: freight, display)
        if !trace.bundles.isEmpty {
            let bundles = trace.bundles.map { bundle in
                let stages = bundle.stages.map(\.rawValue).joined(separator: ", ")
                return stages.isEmpty ? bundle.alias : "\(bundle.alias) (in \(stages))"
            }
            lines.append(
                "  in bundles \(bundles.joined(separator: ", "))"
                    + (trace.hasMoreBundles ? ", and more" : "")
            )
        }
        if trace.past.stays.isEmpty { lines.append("  in no stage yet") }
        var text = lines.map { $0 + "\n" }.joined()
        guard !trace.past.stays.isEmpty else { return text }
        text += try stays(trace, display)
        return text + (trace.past.isCut ? "(and stays before that)\n" : "")
    }

    /// What freight is made of: its artifacts, or a bundle's parts.
    private func parts(of freight: Freight, _ display: Display) throws -> [String] {
        freight.artifacts.map { "  \($0.kindWord) \($0.repoURL) \($0.key)" }
            + (try freight.constituents.map { leaf in
                "  \(leaf.origin.name) \(try display.version(leaf.freight)) "
                    + "(\(try display.name(leaf.freight)))"
            })
    }

    private func stays(_ trace: FreightTrace, _ display: Display) throws -> String {
        var table = TextTable([
            "STAGE", "ENTERED", "VERIFIED", "LEFT", "STAYED", "VIA", "PROMOTION",
        ])
        for stay in trace.past.stays {
            let end = stay.leftAt ?? display.view.moment.time
            let verified = stay.withdrawnAt.map { "withdrawn \($0.text)" } ?? stay.verifiedAt?.text
            table.add([
                stay.stage.rawValue, stay.enteredAt.text, verified ?? "-",
                stay.leftAt?.text ?? "-",
                Display.duration(end.milliseconds(since: stay.enteredAt))
                    + (stay.left == nil ? "+" : ""),
                try display.name(stay.via), stay.promotion?.rawValue ?? "-",
            ])
        }
        return table.text
    }
}

extension Artifact {
    /// What kind of thing it is, in a word.
    fileprivate var kindWord: String {
        commit != nil ? "commit" : image != nil ? "image" : "chart"
    }
}
