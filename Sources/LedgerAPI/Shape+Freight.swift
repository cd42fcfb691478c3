import EventLog
package import Expressions
package import Ledger
package import PromotionModel

extension Shape {
    /// A piece of freight with its alias, artifacts, and where it is.
    package static func freight(
        _ id: FreightID,
        in project: ProjectName,
        _ view: View
    ) throws(LedgerError) -> Value {
        try view.ask { facts throws(FactsFailure) in
            guard let freight = try facts.freight(id, in: project) else { return .null }
            let status = try facts.freightStatus(id, in: project)
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
                ("position", number(freight.created)),
                ("at", time(freight.createdAt)),
                ("artifacts", .array(artifacts.map(artifact))),
                ("constituents", try constituents(of: freight, in: project, facts)),
                ("current", .array(status.current.map(mark))),
                ("verified", .array(status.verified.map(mark))),
                (
                    "withdrawn",
                    status.withdrawn.isEmpty ? .null : .array(status.withdrawn.map(mark))
                ),
            ])
        }
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

    /// An artifact under its kind: `{"commit": {…}}`.
    static func artifact(_ artifact: Artifact) -> Value {
        PayloadReader.value(of: artifact)
    }
}
