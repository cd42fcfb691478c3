import EventLog
package import Expressions
package import Ledger
import PromotionModel

extension Shape {
    /// A change of a stage, with all that an auditor asks about it.
    package static func change(_ record: ChangeRecord) -> Value {
        let promotion = record.promotion
        return object([
            ("kind", "Change"),
            ("project", .string(record.started.project)),
            ("stage", .string(promotion.stage.rawValue)),
            ("promotion", .string(promotion.name.rawValue)),
            ("promotionKind", .string("\(promotion.kind)")),
            ("phase", .string("\(record.phase)")),
            ("message", text(record.message)),
            ("requested", moment(record.requested)),
            ("started", moment(record.started)),
            ("ended", record.ended.map(moment) ?? .null),
            ("requester", actor(record.requested.actor)),
            ("reason", text(promotion.reason)),
            ("because", text(record.because)),
            ("restored", promotion.restored.map(number) ?? .null),
            ("approvals", .array(record.approvals.map(approval))),
            ("verification", record.verification.map(verification) ?? .null),
            ("before", .string(record.before.id.rawValue)),
            ("after", .string(record.after.id.rawValue)),
            ("changes", .array(record.changes.map(component))),
            (
                "findings",
                .array(
                    record.findings.map { finding in
                        ["code": .string(finding.code), "text": .string(finding.text)]
                    }
                )
            ),
        ])
    }

    /// Who caused an event, and how sure the ledger is of it.
    static func actor(_ actor: EventActor) -> Value {
        ["name": .string(actor.name), "assurance": .string("\(actor.assurance)")]
    }

    private static func moment(_ header: Header) -> Value {
        ["position": number(header.position), "at": time(header.recorded)]
    }

    private static func approval(_ approval: ChangeApproval) -> Value {
        object([
            ("freight", .string(approval.freight.rawValue)), ("alias", .string(approval.alias)),
            ("for", .string(approval.consumer.rawValue)), ("actor", actor(approval.actor)),
            ("reason", text(approval.reason)), ("position", number(approval.position)),
            ("at", time(approval.at)),
        ])
    }

    private static func component(_ component: ChangedComponent) -> Value {
        object([
            ("origin", origin(component.change.origin)),
            ("change", .string("\(component.change.kind)")),
            ("uncertain", component.change.isUncertain ? true : .null),
            ("hasRunBefore", component.to == nil ? .null : .bool(component.hasRunBefore)),
            ("from", component.from.map(side) ?? .null),
            ("to", component.to.map(side) ?? .null),
            ("verified", .array(component.verified.map(prior))),
        ])
    }

    private static func side(_ freight: Freight) -> Value {
        object([
            ("id", .string(freight.id.rawValue)),
            ("artifacts", .array(freight.artifacts.map(artifact))),
        ])
    }

    private static func prior(_ mark: PriorVerification) -> Value {
        object([
            ("stage", .string(mark.stage.rawValue)),
            ("freight", .string(mark.freight.rawValue)),
            ("position", number(mark.position)), ("at", time(mark.at)),
            ("actor", actor(mark.actor)), ("unseen", mark.isUnseen ? true : .null),
            ("evidence", text(mark.evidence)),
        ])
    }
}
