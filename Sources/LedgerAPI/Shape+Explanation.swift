package import EventLog
package import Expressions
package import Ledger
import PromotionModel

extension Shape {
    /// Why a stage is not being promoted, or what is about to be.
    package static func explanation(_ explanation: StageExplanation) -> Value {
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
            ("reasons", reasons(explanation.reasons)),
            ("origins", .array(explanation.origins.map(requested))),
        ])
    }

    private static func requested(_ part: OriginExplanation) -> Value {
        object([
            ("origin", origin(part.origin)),
            ("current", text(part.current?.rawValue)),
            ("candidate", text(part.candidate?.rawValue)),
            ("held", .bool(part.hold != nil)),
            ("reasons", reasons(part.reasons)),
            ("changesAt", time(part.wakeAt)),
        ])
    }

    /// Where freight may go, and what keeps it from going elsewhere.
    package static func explanation(_ explanation: FreightExplanation, at position: Position)
        -> Value
    {
        let consumers = explanation.consumers.map { part in
            object([
                ("consumer", .string(part.consumer.rawValue)),
                ("availableSince", time(part.availableSince)),
                ("isThere", .bool(part.isThere)),
                ("reasons", reasons(part.reasons)),
                ("changesAt", time(part.wakeAt)),
            ])
        }
        return object([
            ("freight", .string(explanation.freight.id.rawValue)),
            ("alias", .string(explanation.alias)),
            ("origin", origin(explanation.freight.origin)),
            ("position", number(position)),
            ("items", .array(consumers)), ("next", text(explanation.next)),
        ])
    }

    /// Why a junction does or does not collect and repackage.
    package static func explanation(_ explanation: JunctionExplanation) -> Value {
        let slots = explanation.slots.map { slot in
            object([
                ("origin", origin(slot.origin)), ("optional", .bool(slot.isOptional)),
                ("freight", text(slot.freight?.rawValue)),
                ("candidate", text(slot.candidate?.rawValue)),
                ("held", .bool(slot.isHeld)), ("reasons", reasons(slot.reasons)),
                ("changesAt", time(slot.wakeAt)),
            ])
        }
        return object([
            ("junction", .string(explanation.junction.rawValue)),
            ("bundleAlias", text(explanation.bundle)),
            ("collection", .string("\(explanation.collectionPolicy)")),
            ("repackaging", .string("\(explanation.repackagingPolicy)")),
            ("reasons", reasons(explanation.reasons)),
            ("slots", .array(slots)), ("changesAt", time(explanation.wakeAt)),
        ])
    }

    /// Why a promotion waits, how far it is, or how it ended.
    package static func explanation(_ explanation: PromotionExplanation) -> Value {
        object([
            ("promotion", .string(explanation.promotion.rawValue)),
            ("stage", .string(explanation.stage.rawValue)),
            ("promotionKind", .string("\(explanation.kind)")),
            ("phase", .string("\(explanation.phase)")),
            ("freightAliases", names(explanation.freight)),
            ("place", explanation.place.map { .int(Int64($0)) } ?? .null),
            ("reasons", reasons(explanation.reasons)),
        ])
    }

    /// Why a warehouse makes no freight, or what it made last.
    package static func explanation(_ explanation: WarehouseExplanation) -> Value {
        let subscriptions = explanation.subscriptions.map { subscription in
            object([
                ("name", .string(subscription.name)), ("repoURL", .string(subscription.repoURL)),
                ("selection", .string(subscription.selection)),
                ("candidateCount", .int(Int64(subscription.candidateCount))),
                ("chosen", text(subscription.chosen)),
            ])
        }
        return object([
            ("warehouse", .string(explanation.warehouse.rawValue)),
            ("intervalMs", .int(explanation.intervalMs)),
            ("freightCreation", .string("\(explanation.creationPolicy)")),
            ("freightAlias", text(explanation.freight)),
            ("reasons", reasons(explanation.reasons)),
            ("subscriptions", .array(subscriptions)),
        ])
    }

    static func reasons(_ reasons: [Reason]) -> Value {
        .array(
            reasons.map { reason in
                object([
                    ("reason", .string(reason.kind.rawValue)), ("text", .string(reason.text)),
                    ("changes", names(reason.changes)), ("at", time(reason.at)),
                ])
            }
        )
    }
}
