import EventLog
import Ledger
package import PromotionModel

extension RequestField {
    /// Freight, by alias or id.
    static func freight(_ path: any WritableKeyPath<Root, String> & Sendable) -> RequestField {
        .text("freight", path, "Freight, by alias or at least six digits of its id.")
    }
}

/// Freight, good for a stage or junction whatever it lacks: `waybill approve`.
package struct ApprovalChange: Change {
    package var freight = ""
    package var consumer = ""

    package init() {}

    package var place: RequestPlace { .ofProject("approve") }

    package static let fields: [RequestField<ApprovalChange>] = [
        .freight(\.freight),
        .text("for", \.consumer, "The stage or junction, such as stage/prod."),
    ]

    package func command(_ desk: Desk) throws -> Command {
        let consumer = try Names.consumer(consumer)
        return .approveFreight(
            ApproveFreight(project: try desk.project(), freight: freight, consumer: consumer)
        )
    }

    package func quiet(_ desk: Desk, _ envelope: CommandEnvelope) throws -> Quiet {
        let subject = try Names.consumer(consumer).subject
        return Quiet(sentence: "Freight \(freight) is approved for \(subject) already.")
    }
}

/// An approval taken back: `waybill revoke`.
package struct RevocationChange: Change {
    package var freight = ""
    package var consumer = ""

    package init() {}

    package var place: RequestPlace { .ofProject("revoke") }

    package static let fields: [RequestField<RevocationChange>] = [
        .freight(\.freight),
        .text("for", \.consumer, "The stage or junction, such as stage/prod."),
    ]

    package func command(_ desk: Desk) throws -> Command {
        let consumer = try Names.consumer(consumer)
        return .revokeApproval(
            RevokeApproval(project: try desk.project(), freight: freight, consumer: consumer)
        )
    }

    package func quiet(_ desk: Desk, _ envelope: CommandEnvelope) throws -> Quiet {
        Quiet(sentence: "Nothing was approved.")
    }
}

/// Freight that nobody may have any more: `waybill quarantine`.
package struct QuarantineChange: Change {
    package var freight = ""

    package init() {}

    package var place: RequestPlace { .ofProject("quarantine") }

    package static let fields: [RequestField<QuarantineChange>] = [.freight(\.freight)]

    package func command(_ desk: Desk) throws -> Command {
        .quarantineFreight(QuarantineFreight(project: try desk.project(), freight: freight))
    }

    package func quiet(_ desk: Desk, _ envelope: CommandEnvelope) throws -> Quiet {
        Quiet(sentence: "Freight \(freight) is quarantined already.")
    }
}

/// The end of a quarantine: `waybill unquarantine`.
package struct QuarantineEndChange: Change {
    package var freight = ""

    package init() {}

    package var place: RequestPlace { .ofProject("unquarantine") }

    package static let fields: [RequestField<QuarantineEndChange>] = [.freight(\.freight)]

    package func command(_ desk: Desk) throws -> Command {
        .liftQuarantine(LiftQuarantine(project: try desk.project(), freight: freight))
    }

    package func quiet(_ desk: Desk, _ envelope: CommandEnvelope) throws -> Quiet {
        Quiet(sentence: "Freight \(freight) is not quarantined.")
    }
}

/// Another name for freight: `waybill alias`.
package struct AliasChange: Change {
    package var freight = ""
    package var alias = ""

    package init() {}

    package var place: RequestPlace { .ofProject("alias") }

    package static let fields: [RequestField<AliasChange>] = [
        .freight(\.freight),
        .text(
            "alias",
            \.alias,
            "Its new alias: up to 63 lower-case letters, digits, - and '.'."
        ),
    ]

    package func command(_ desk: Desk) throws -> Command {
        .setFreightAlias(
            SetFreightAlias(project: try desk.project(), freight: freight, alias: alias)
        )
    }

    package func quiet(_ desk: Desk, _ envelope: CommandEnvelope) throws -> Quiet {
        Quiet(sentence: "Freight \(alias) is called so already.")
    }
}
