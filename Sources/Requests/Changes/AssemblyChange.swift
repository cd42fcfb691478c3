import EventLog
import Ledger
package import PromotionModel
import Expressions

/// Freight by hand, of a warehouse's artifacts or from other freight: `waybill assemble`.
package struct AssemblyChange: Change {
    package var warehouse: String?
    package var from: String?
    package var set: [String] = []
    package var discovered = false

    package init() {}

    package var place: RequestPlace { .ofProject("assemble") }

    package static let fields: [RequestField<AssemblyChange>] = [
        .text("warehouse", \.warehouse, "The warehouse to make freight of."),
        .text(
            "from",
            \.from,
            "The freight to begin with, by alias or at least six digits of its id."
        ),
        .texts(
            "set",
            \.set,
            "ARTIFACT=VERSION: a subscription's name or a repository, and its version."
        ),
        .flag(
            "discovered",
            \.discovered,
            "Take only versions that were discovered; no repository is asked."
        ),
    ]

    package var contradiction: String? {
        if (warehouse == nil) == (from == nil) { return "Give either --warehouse or --from." }
        if from != nil, set.isEmpty {
            return "Say with --set what is to differ from --from."
        }
        if let text = set.first(where: { choice($0) == nil }) {
            return "\(text.quotedForDisplay) is no ARTIFACT=VERSION."
        }
        return nil
    }

    package var looksUpVersions: Bool { !discovered }

    package func command(_ desk: Desk) throws -> Command {
        let project = try desk.project()
        let versions = set.compactMap(choice)
        if let from {
            return .deriveFreight(
                DeriveFreight(project: project, freight: from, versions: versions)
            )
        }
        let name = try Names.warehouse(warehouse ?? "")
        guard !versions.isEmpty else {
            return .createFreight(CreateFreight(project: project, warehouse: name))
        }
        return .assembleFreight(
            AssembleFreight(project: project, warehouse: name, versions: versions)
        )
    }

    package func quiet(_ desk: Desk, _ envelope: CommandEnvelope) throws -> Quiet {
        try desk.ask { view, project in
            guard let id = try view.freightMade(by: envelope) else { return .nothing }
            let name = try Display(view: view, project: project).name(id)
            return Quiet(
                sentence: "That is freight \(name) (\(id.short)), and it is there already.",
                members: ["freight": ["id": .string(id.rawValue), "alias": .string(name)]]
            )
        }
    }

    /// What stands before and behind the last `=`: a URL may have one, a version does not.
    private func choice(_ text: String) -> VersionChoice? {
        guard let equals = text.lastIndex(of: "=") else { return nil }
        let artifact = String(text[..<equals])
        let version = String(text[text.index(after: equals)...])
        guard !artifact.isEmpty, !version.isEmpty else { return nil }
        return VersionChoice(artifact: artifact, version: .named(version))
    }
}
