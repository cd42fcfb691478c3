import ArgumentParser
import EventLog
import Ledger
import LedgerAPI
import PromotionModel

struct TraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "From an artifact to the stages that it was in, and back.",
        discussion: """
            Freight goes by alias or id, an artifact by commit id, tag, digest, version or
            REPOSITORY:TAG. Six characters are enough where nothing is called exactly so.
            For example: waybill trace 64929ca
            or: waybill trace registry.example.com/shop/web:1.4.2
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions
    @OptionGroup var paging: PageOptions

    @Argument(
        help: "An artifact or freight.",
        completion: Completions.freight
    )
    var what: String

    func run() throws {
        let session = try Session(reading: options)
        let name = what.hasPrefix("freight/") ? String(what.dropFirst(8)) : what
        try session.ask(at: try moment.reference()) { view, project in
            let page = try paging.page {
                try view.trace(name, in: project, before: $0, limit: $1)
            }
            guard !options.isStructured else {
                let items = try page.items.map { try Shape.trace($0, in: project, view) }
                return session.show(
                    Shape.list(items, at: view.moment.position, next: page.cursor)
                )
            }
            for (index, trace) in page.items.enumerated() {
                if index > 0 { Output.line("") }
                try tell(trace, Display(view: view, project: project))
            }
            PageOptions.tellMore(page.cursor)
        }
    }

    private func tell(_ trace: FreightTrace, _ display: Display) throws {
        let freight = trace.freight
        let names = trace.past.aliases.dropFirst()
        Output.line(
            "freight \(try display.name(freight.id)) (\(freight.id.short)) of \(freight.origin)"
                + (names.isEmpty ? "" : ", once \(names.joined(separator: ", "))")
        )
        if let discovered = trace.discovered {
            Output.line("  found \(discovered.at.text) (\(discovered.position))")
        }
        let source = try freight.derivedFrom.map { ", from \(try display.name($0))" } ?? ""
        Output.line(
            "  \(freight.making) \(freight.createdAt.text) (\(freight.created)) by \(trace.actor)"
                + source
        )
        try tellArtifacts(of: freight, display)
        if !trace.bundles.isEmpty {
            let bundles = trace.bundles.map { bundle in
                let stages = bundle.stages.map(\.rawValue).joined(separator: ", ")
                return stages.isEmpty ? bundle.alias : "\(bundle.alias) (in \(stages))"
            }
            Output.line(
                "  in bundles \(bundles.joined(separator: ", "))"
                    + (trace.hasMoreBundles ? ", and more" : "")
            )
        }
        guard !trace.past.stays.isEmpty else { return Output.line("  in no stage yet") }
        Output.text(try stays(trace, display))
        if trace.past.isCut { Output.line("(and stays before that)") }
    }

    /// What freight is made of: its artifacts, or a bundle's parts.
    private func tellArtifacts(of freight: Freight, _ display: Display) throws {
        for artifact in freight.artifacts {
            Output.line("  \(artifact.kindWord) \(artifact.repoURL) \(artifact.key)")
        }
        for leaf in freight.constituents {
            Output.line(
                "  \(leaf.origin.name) \(try display.version(leaf.freight)) "
                    + "(\(try display.name(leaf.freight)))"
            )
        }
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
