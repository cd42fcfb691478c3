import EventLog
package import Expressions
package import Ledger
package import PromotionModel

extension Shape {
    /// What a stage ran, and for how long.
    package static func history(
        _ entry: HistoryEntry,
        in project: ProjectName,
        _ view: View
    ) throws(LedgerError) -> Value {
        let current = try view.ask { facts throws(FactsFailure) in
            try collection(entry.collection, in: project, facts)
        }
        return object([
            ("position", number(entry.position)),
            ("at", time(entry.at)),
            ("until", time(entry.until)),
            ("promotion", .string(entry.promotion.name.rawValue)),
            ("promotionKind", .string("\(entry.promotion.kind)")),
            ("actor", .string(entry.promotion.actor)),
            ("reason", text(entry.promotion.reason)),
            ("restored", entry.promotion.restored.map(number) ?? .null),
            ("collection", current),
            ("changes", try changes(entry.changes, in: project, view)),
            ("verification", entry.verification.map(verification) ?? .null),
            ("removed", entry.removal.map(removal) ?? .null),
        ])
    }

    private static func removal(_ removal: Removal) -> Value {
        object([
            ("position", number(removal.position)), ("at", time(removal.at)),
            ("actor", .string(removal.actor)), ("reason", text(removal.reason)),
        ])
    }

    /// A bundle that a junction made, or a slot's change.
    package static func history(
        _ line: JunctionHistoryLine,
        in project: ProjectName,
        _ view: View
    ) throws(LedgerError) -> Value {
        switch line {
        case .bundle(let entry): try bundle(entry, in: project, view)
        case .slot(let entry): try slot(entry, in: project, view)
        }
    }

    private static func bundle(
        _ entry: BundleEntry,
        in project: ProjectName,
        _ view: View
    ) throws(LedgerError) -> Value {
        let constituents = entry.constituents.map { leaf in
            object([
                ("origin", origin(leaf.origin)), ("freight", .string(leaf.freight.rawValue)),
            ])
        }
        return object([
            ("what", "repackaged"), ("position", number(entry.position)), ("at", time(entry.at)),
            ("until", time(entry.until)), ("actor", .string(entry.actor)),
            ("reason", text(entry.reason)), ("because", text(entry.because)),
            ("bundle", .string(entry.bundle.rawValue)), ("alias", .string(entry.alias)),
            ("isNew", .bool(entry.isNew)), ("constituents", .array(constituents)),
            ("changes", try changes(entry.changes, in: project, view)),
            ("verifiedTogether", names(entry.verifiedTogether)),
            ("removed", entry.removal.map(removal) ?? .null),
        ])
    }

    private static func slot(
        _ entry: SlotEntry,
        in project: ProjectName,
        _ view: View
    ) throws(LedgerError) -> Value {
        let alias = try view.ask { facts throws(FactsFailure) in
            try facts.freightStatus(entry.freight, in: project).alias
        }
        return object([
            ("what", entry.isEmptied ? "emptied" : "collected"),
            ("position", number(entry.position)), ("at", time(entry.at)),
            ("actor", .string(entry.actor)), ("origin", origin(entry.origin)),
            ("freight", .string(entry.freight.rawValue)), ("alias", .string(alias)),
            ("automatic", .bool(entry.automatic)), ("held", .bool(entry.held)),
            ("because", text(entry.because)), ("reason", text(entry.reason)),
        ])
    }
}
