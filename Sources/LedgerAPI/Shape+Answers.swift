import EventLog
package import Expressions
package import Ledger
package import PromotionModel

extension Shape {
    /// What differs between two combinations, artifact by artifact.
    package static func difference(
        from left: Combination,
        to right: Combination,
        in project: ProjectName,
        _ view: View
    ) throws(LedgerError) -> Value {
        let changes = left.collection.changes(to: right.collection)
        return [
            "from": combination(left),
            "to": combination(right),
            "changes": .array(
                try changes.map { change throws(LedgerError) in
                    let artifacts = try view.artifactChanges(of: change, in: project)
                    let members = try members(of: change, in: project, view)
                    return object(members + [("artifacts", .array(artifacts.map(artifactChange)))])
                }
            ),
        ]
    }

    private static func artifactChange(_ change: ArtifactChange) -> Value {
        object([
            ("kind", .string(change.kind)), ("repoURL", .string(change.repoURL)),
            ("from", text(change.from?.key)), ("to", text(change.to?.key)),
            ("range", text(change.range)),
        ])
    }

    private static func combination(_ combination: Combination) -> Value {
        object([
            ("name", .string(combination.title)),
            ("position", number(combination.moment.position)),
            ("at", time(combination.moment.time)),
            ("collection", .string(combination.collection.id.rawValue)),
        ])
    }

    /// Who put a component where it is.
    package static func blame(
        _ line: BlameLine,
        in project: ProjectName,
        _ view: View
    ) throws(LedgerError) -> Value {
        let carrier = line.component?.carrier
        let alias = try view.ask { facts throws(FactsFailure) in
            try carrier.map { id throws(FactsFailure) in
                try facts.freightStatus(id, in: project).alias
            }
        }
        return object([
            ("origin", origin(line.origin)),
            ("freight", text(line.freight?.id.rawValue)),
            ("version", text(line.freight?.artifacts.first?.shortVersion)),
            ("requestedOrigin", line.component.map { origin($0.requestedOrigin) } ?? .null),
            ("carrier", text(carrier?.rawValue)), ("carrierAlias", text(alias)),
            ("promotion", text(line.promotion?.name.rawValue)),
            ("promotionKind", text(line.promotion.map { "\($0.kind)" })),
            ("actor", text(line.promotion?.actor)),
            ("reason", text(line.promotion?.reason)),
            ("position", line.position.map(number) ?? .null),
            ("at", time(line.at)),
            ("uncertain", text(line.uncertain?.rawValue)),
        ])
    }

    /// A junction's next bundle.
    package static func preview(
        _ preview: BundlePreview,
        in project: ProjectName,
        _ view: View
    ) throws(LedgerError) -> Value {
        var consumers: [Value] = []
        for consumer in preview.consumers {
            consumers.append(
                object([
                    ("stage", .string(consumer.stage.rawValue)),
                    ("changes", try changes(consumer.changes, in: project, view)),
                    (
                        "regression",
                        consumer.regression.map { regression in
                            object([
                                ("origin", origin(regression.component)),
                                ("runs", .string(regression.runs.rawValue)),
                                ("would", .string(regression.would.rawValue)),
                            ])
                        } ?? .null
                    ),
                ])
            )
        }
        let collection = try view.ask { facts throws(FactsFailure) in
            try self.collection(preview.collection, in: project, facts)
        }
        return object([
            ("junction", .string(preview.junction.rawValue)),
            ("id", .string(preview.freight.rawValue)),
            ("isNew", .bool(preview.isNew)), ("isCurrent", .bool(preview.isCurrent)),
            ("missing", names(preview.missing)), ("waits", names(preview.obstacles)),
            ("changesAt", time(preview.wakeAt)),
            ("verifiedTogether", names(preview.verifiedTogether)),
            ("collection", collection), ("consumers", .array(consumers)),
        ])
    }
}
