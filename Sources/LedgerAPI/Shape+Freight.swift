import EventLog
package import Expressions
package import Ledger
package import PromotionModel

extension Shape {
    /// A piece of freight: what it is, where it is, what it passed, and what somebody said of it.
    ///
    /// Marks and approvals that do not count any more, because their stage or junction is gone or
    /// was made anew, are left out.
    package static func freight(
        _ id: FreightID,
        in project: ProjectName,
        _ view: View
    ) throws(LedgerError) -> Value {
        try view.ask { facts throws(FactsFailure) in
            guard let freight = try facts.freight(id, in: project) else { return .null }
            let status = try facts.freightStatus(id, in: project).counting(in: project, facts)
            let artifacts = try facts.artifacts(of: freight, in: project)
            return object([
                ("kind", "Freight"),
                ("id", .string(id.rawValue)),
                ("name", .string(id.rawValue)),
                ("kargoName", freight.kargoName.isEmpty ? .null : .string(freight.kargoName)),
                ("alias", .string(status.alias)),
                ("project", .string(project.rawValue)),
                ("origin", origin(freight.origin)),
                ("making", .string("\(freight.making)")),
                ("derivedFrom", try reference(to: freight.derivedFrom, in: project, facts)),
                ("confirmed", status.confirmed == .origin ? .null : number(status.confirmed)),
                ("position", number(freight.created)),
                ("at", time(freight.createdAt)),
                ("artifacts", .array(artifacts.map(artifact))),
                ("constituents", try constituents(of: freight, in: project, facts)),
                ("current", .array(status.current.map(mark))),
                ("verified", .array(status.verified.map(mark))),
                ("withdrawn", list(status.withdrawn.map(mark))),
                ("soaked", list(soaked(status))),
                ("approved", list(status.approved.map(approval))),
                ("quarantine", quarantine(status.quarantine)),
                ("metadata", metadata(status.metadata)),
            ])
        }
    }

    /// A list; nothing if it is empty.
    private static func list(_ items: [Value]) -> Value { items.isEmpty ? .null : .array(items) }

    private static func reference(
        to id: FreightID?,
        in project: ProjectName,
        _ facts: StoreFacts
    ) throws(FactsFailure) -> Value {
        guard let id else { return .null }
        let alias = try facts.freightStatus(id, in: project).alias
        return ["id": .string(id.rawValue), "alias": .string(alias)]
    }

    private static func constituents(
        of freight: Freight,
        in project: ProjectName,
        _ facts: StoreFacts
    ) throws(FactsFailure) -> Value {
        guard freight.isBundle else { return .null }
        var constituents: [Value] = []
        for leaf in freight.constituents {
            let status = try facts.freightStatus(leaf.freight, in: project)
            constituents.append(
                object([
                    ("origin", origin(leaf.origin)), ("id", .string(leaf.freight.rawValue)),
                    ("alias", .string(status.alias)),
                    ("quarantine", quarantine(status.quarantine)),
                ])
            )
        }
        return .array(constituents)
    }

    private static func mark(_ mark: FreightMark) -> Value {
        object([
            ("stage", .string(mark.stage.rawValue)), ("since", time(mark.at)),
            ("position", number(mark.position)), ("via", text(mark.via?.rawValue)),
        ])
    }

    /// The longest stay that has ended, in each stage that verified it; the present one counts
    /// from `current`.
    private static func soaked(_ status: FreightStatus) -> [Value] {
        status.verified.compactMap { mark in
            let longestMs = status.stay(in: mark.stage, since: .origin)?.longestEndedMs ?? 0
            guard longestMs > 0 else { return nil }
            return ["stage": .string(mark.stage.rawValue), "longestMs": .int(longestMs)]
        }
    }

    private static func approval(_ approval: Approval) -> Value {
        object([
            ("for", .string(approval.consumer.rawValue)), ("actor", .string(approval.actor)),
            ("reason", text(approval.reason)), ("since", time(approval.at)),
            ("position", number(approval.position)),
        ])
    }

    private static func quarantine(_ quarantine: Quarantine?) -> Value {
        guard let quarantine else { return .null }
        return object([
            ("actor", .string(quarantine.actor)), ("reason", text(quarantine.reason)),
            ("since", time(quarantine.at)), ("position", number(quarantine.position)),
        ])
    }

    private static func metadata(_ entries: [MetadataEntry]) -> Value {
        guard !entries.isEmpty else { return .null }
        return .object(Dictionary(entries.map { ($0.key, $0.value.value) }) { _, last in last })
    }

    /// An artifact under its kind: `{"commit": {…}}`.
    static func artifact(_ artifact: Artifact) -> Value {
        PayloadReader.value(of: artifact)
    }
}
