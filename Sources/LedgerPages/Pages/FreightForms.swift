import EventLog
import Ledger
import PromotionModel

/// What can be done with freight: a hotfix from it, and marks.
struct FreightForms {
    /// How many discovered versions are offered for each artifact.
    private static let offerCountMax = 20

    let page: FreightPage

    init(_ page: FreightPage) { self.page = page }

    private var context: PageContext { page.context }

    /// A row for each artifact: leave it, choose a discovered version, or type any.
    func hotfix() throws(LedgerError) -> Fill {
        let typed = context.refusal?.verb == "derive" ? context.refusal?.values["version"] : nil
        // A warehouse's findings can be thousands of versions: they are read once, not for each
        // of its artifacts.
        var findings: [WarehouseName: [SubscriptionFinding]] = [:]
        var rows: [Fill] = []
        for leaf in page.freight.leaves.prefix(100) {
            let core = try context.view.ask { facts throws(FactsFailure) in
                try facts.freight(leaf.freight, in: page.project)
            }
            if let warehouse = leaf.origin.warehouse, findings[warehouse] == nil {
                findings[warehouse] = try self.findings(of: warehouse)
            }
            let found = leaf.origin.warehouse.flatMap { findings[$0] } ?? []
            for artifact in core?.artifacts ?? [] where rows.count < 200 {
                let name =
                    artifact.subscription.isEmpty ? artifact.repoURL : artifact.subscription
                let index = rows.count
                rows.append([
                    "component": try context.component(leaf.origin, in: page.project),
                    "artifact": page.freight.isBundle ? "\(leaf.origin.rawValue):\(name)" : name,
                    "version": artifact.shortVersion, "id": context.uniqueID("version"),
                    "list": "offers-\(index)",
                    "offers": offers(found, artifact),
                    "typed": typed.flatMap { $0.indices.contains(index) ? $0[index] : nil },
                    "label": "New version of \(leaf.origin.name)",
                ])
            }
        }
        return [
            "rows": rows, "name": page.chip.name,
            "form": context.form(
                "derive",
                in: page.project,
                [("freight", page.freight.id.rawValue)]
            ),
            "commandLine":
                "waybill assemble --from \(page.chip.name) --set ARTIFACT=VERSION --reason …",
        ]
    }

    /// What a warehouse found at its last look, by subscription.
    private func findings(
        of warehouse: WarehouseName
    ) throws(LedgerError) -> [SubscriptionFinding] {
        try context.view.ask { facts throws(FactsFailure) in
            try facts.warehouseState(warehouse, in: page.project).findings
        }
    }

    /// The newest versions that the warehouse found of an artifact, besides the present one.
    private func offers(_ findings: [SubscriptionFinding], _ artifact: Artifact) -> [Fill] {
        let found = findings.first {
            $0.repoURL == artifact.repoURL && $0.subscription == artifact.subscription
        }
        return (found?.artifacts ?? []).prefix(Self.offerCountMax).compactMap { offer in
            offer.key == artifact.key
                ? nil
                : [
                    "version": offer.shortVersion, "message": offer.commit?.message,
                ]
        }
    }

    /// Approve, quarantine, another name.
    func marks() -> Fill {
        let hidden = [("freight", page.freight.id.rawValue)]
        let isQuarantined = page.status.quarantine != nil
        return [
            "quarantine": isQuarantined
                ? nil : context.form("quarantine", in: page.project, hidden),
            "lift": isQuarantined ? context.form("unquarantine", in: page.project, hidden) : nil,
            "approve": context.form("approve", in: page.project, hidden),
            "alias": context.form("alias", in: page.project, hidden), "name": page.chip.name,
            "approved": page.status.approved.map { approval in
                [
                    "consumer": approval.consumer.rawValue,
                    "form": context.form(
                        "revoke",
                        in: page.project,
                        hidden + [("for", approval.consumer.rawValue)]
                    ),
                ] as Fill
            },
        ]
    }
}
