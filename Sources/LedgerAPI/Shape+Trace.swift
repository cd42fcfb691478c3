import EventLog
package import Expressions
package import Ledger
package import PromotionModel

extension Shape {
    /// A piece of freight, up to what it is made of and down to where it ran.
    package static func trace(
        _ trace: FreightTrace,
        in project: ProjectName,
        _ view: View
    ) throws(LedgerError) -> Value {
        let discovered = trace.discovered.map { look in
            object([("position", number(look.position)), ("at", time(look.at))])
        }
        return object([
            ("freight", try freight(trace.freight.id, in: project, view)),
            ("aliases", names(trace.past.aliases)),
            ("discovered", discovered ?? .null),
            (
                "made",
                object([
                    ("position", number(trace.freight.created)),
                    ("at", time(trace.freight.createdAt)), ("actor", .string(trace.actor)),
                    ("making", .string("\(trace.freight.making)")),
                    ("derivedFrom", text(trace.freight.derivedFrom?.rawValue)),
                ])
            ),
            ("bundles", .array(trace.bundles.map(tracedBundle))),
            ("moreBundles", .bool(trace.hasMoreBundles)),
            ("stays", .array(trace.past.stays.map(stay))),
            ("moreStays", .bool(trace.past.isCut)),
        ])
    }

    private static func tracedBundle(_ bundle: TracedBundle) -> Value {
        object([
            ("id", .string(bundle.freight.id.rawValue)), ("alias", .string(bundle.alias)),
            ("origin", origin(bundle.freight.origin)),
            ("position", number(bundle.freight.created)),
            ("at", time(bundle.freight.createdAt)), ("stages", names(bundle.stages)),
        ])
    }

    private static func stay(_ stay: StageStay) -> Value {
        object([
            ("stage", .string(stay.stage.rawValue)), ("via", text(stay.via?.rawValue)),
            ("entered", mark(stay.entered, stay.enteredAt)),
            ("verified", mark(stay.verified, stay.verifiedAt)),
            ("withdrawn", mark(stay.withdrawn, stay.withdrawnAt)),
            ("left", mark(stay.left, stay.leftAt)),
            ("promotion", text(stay.promotion?.rawValue)),
            ("replacedBy", text(stay.replacedBy?.rawValue)),
        ])
    }

    private static func mark(_ position: Position?, _ at: Timestamp?) -> Value {
        guard let position else { return .null }
        return object([("position", number(position)), ("at", time(at))])
    }
}
