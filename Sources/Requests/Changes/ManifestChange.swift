import EventLog
import Ledger
package import PromotionModel

/// What manifests say, applied all at once: `waybill apply`.
package struct ManifestChange: Change {
    /// What the documents configure; read from YAML by whoever asks.
    package var resources: [Resource] = []
    /// The documents themselves, for a server to read.
    package var source = ManifestSource()
    package var prune = false
    /// Whether it is only tried, so that even what changes nothing is shown.
    package var isTried = false

    package init() {}

    package var place: RequestPlace { .ofLedger("apply") }

    package static let fields: [RequestField<ManifestChange>] = [
        .flag(
            "prune",
            \.prune,
            "Delete what the projects of the documents have and no document names."
        )
    ]

    package var body: ChangeBody { .manifests(source) }

    package func command(_ desk: Desk) throws -> Command {
        .applyManifests(ApplyManifests(resources: resources, prune: prune))
    }

    package func quiet(_ desk: Desk, _ envelope: CommandEnvelope) throws -> Quiet {
        var quiet = Quiet(
            sentence: "Nothing changed: all \(resources.count) documents are applied already."
        )
        guard isTried, let preview = try preview(desk) else { return quiet }
        for (name, value) in preview.members { quiet.members[name] = value }
        return quiet
    }

    package func preview(_ desk: Desk) throws -> Preview? {
        try desk.read { view in
            let preview = try ManifestPreview(of: resources, prune: prune, view)
            return Preview(
                text: preview.text,
                members: [("resources", preview.value)],
                showsEvents: true
            )
        }
    }
}
