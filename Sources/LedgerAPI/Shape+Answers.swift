import EventLog
package import Expressions
package import Ledger
package import PromotionModel

extension Shape {
    /// What differs between two combinations.
    package static func difference(
        from left: Combination,
        to right: Combination,
        in project: ProjectName,
        _ view: View
    ) throws(LedgerError) -> Value {
        [
            "from": combination(left),
            "to": combination(right),
            "changes": try changes(
                left.collection.changes(to: right.collection),
                in: project,
                view
            ),
        ]
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
    package static func blame(_ line: BlameLine) -> Value {
        object([
            ("origin", origin(line.component.origin)),
            ("freight", .string(line.freight.id.rawValue)),
            ("version", text(line.freight.artifacts.first?.shortVersion)),
            ("requestedOrigin", origin(line.component.requestedOrigin)),
            ("promotion", .string(line.component.promotion.rawValue)),
            ("promotionKind", text(line.promotion.map { "\($0.kind)" })),
            ("actor", text(line.promotion?.actor)),
            ("reason", text(line.promotion?.reason)),
            ("at", time(line.at)),
            ("uncertain", text(line.uncertain?.rawValue)),
        ])
    }

    /// Why a stage is not being promoted, or what is about to be.
    package static func explanation(_ explanation: Explanation) -> Value {
        object([
            ("stage", .string(explanation.stage.rawValue)),
            ("running", text(explanation.running?.rawValue)),
            ("pending", names(explanation.pending)),
            ("autoPromotionEnabled", .bool(explanation.autoPromotionEnabled)),
            ("uncertain", names(explanation.uncertain.map(\.origin))),
            ("verification", explanation.verification.map(openVerification) ?? .null),
            (
                "waitsForVerification",
                explanation.verification == nil ? .null : .bool(explanation.waitsForVerification)
            ),
            (
                "origins",
                .array(
                    explanation.origins.map { part in
                        object([
                            ("origin", origin(part.origin)),
                            ("current", text(part.current?.rawValue)),
                            ("candidate", text(part.candidate?.rawValue)),
                            ("held", .bool(part.hold != nil)),
                            ("reasons", names(part.reasons)),
                            ("changesAt", time(part.wakeAt)),
                        ])
                    }
                )
            ),
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
