import EventLog
package import Expressions
package import Ledger
package import PromotionModel

extension Shape {
    /// A stage: what it runs, since when, and what is under way.
    package static func stage(
        _ name: StageName,
        in project: ProjectName,
        _ view: View
    ) throws(LedgerError) -> Value {
        try view.ask { facts throws(FactsFailure) in
            guard let row = try facts.stage(name, in: project) else { return .null }
            let state = try facts.stageState(name, in: project)
            let judged = try state.currentPromotion.flatMap { name throws(FactsFailure) in
                try facts.promotionState(name, in: project).verification
            }
            return object([
                ("kind", "Stage"),
                ("name", .string(name.rawValue)),
                ("project", .string(project.rawValue)),
                ("position", number(max(state.currentPosition, row.position))),
                ("controlFlow", .bool(row.spec.isControlFlow)),
                (
                    "current",
                    try state.current.map { collection throws(FactsFailure) in
                        try self.collection(collection, in: project, facts)
                    } ?? .null
                ),
                ("since", state.current == nil ? .null : time(state.currentSince)),
                ("at", state.current == nil ? .null : time(state.currentSince)),
                ("promotion", text(state.currentPromotion?.rawValue)),
                ("running", text(state.running?.rawValue)),
                ("pending", names(state.pending.map(\.name))),
                ("holds", .array(state.holds.map(hold))),
                ("uncertain", .array(state.uncertain.map(uncertain))),
                ("openVerification", state.verification.map(openVerification) ?? .null),
                ("verification", judged.map(verification) ?? .null),
                ("health", state.healthSince == nil ? .null : health(state)),
                ("requestedFreight", .array(row.spec.requestedFreight.map(request))),
            ])
        }
    }

    static func request(_ request: RequestedFreight) -> Value {
        object([
            ("origin", origin(request.origin)), ("direct", .bool(request.direct)),
            ("stages", names(request.stages)), ("optional", .bool(request.optional)),
        ])
    }

    private static func hold(_ hold: AutomationHold) -> Value {
        object([
            ("origin", origin(hold.origin)), ("promotion", .string(hold.promotion.rawValue)),
            ("actor", .string(hold.actor)), ("since", time(hold.since)),
        ])
    }

    private static func uncertain(_ component: UncertainComponent) -> Value {
        object([
            ("origin", origin(component.origin)),
            ("promotion", .string(component.promotion.rawValue)),
        ])
    }

    /// A combination: its id and its components.
    static func collection(
        _ collection: FreightCollection,
        in project: ProjectName,
        _ facts: StoreFacts
    ) throws(FactsFailure) -> Value {
        var components: [Value] = []
        for component in collection.components {
            let status = try facts.freightStatus(component.freight, in: project)
            let freight = try facts.freight(component.freight, in: project)
            components.append(
                object([
                    ("origin", origin(component.origin)),
                    ("freight", .string(component.freight.rawValue)),
                    ("alias", .string(status.alias)),
                    ("version", text(freight?.artifacts.first?.shortVersion)),
                    ("requestedOrigin", origin(component.requestedOrigin)),
                    ("carrier", .string(component.carrier.rawValue)),
                    ("promotion", .string(component.promotion.rawValue)),
                ])
            )
        }
        return ["id": .string(collection.id.rawValue), "components": .array(components)]
    }

    /// What goes from what to what, component by component.
    package static func changes(
        _ changes: [ComponentChange],
        in project: ProjectName,
        _ view: View
    ) throws(LedgerError) -> Value {
        .array(
            try changes.map { change throws(LedgerError) in
                object(try members(of: change, in: project, view))
            }
        )
    }

    /// The members of one component's change.
    static func members(
        of change: ComponentChange,
        in project: ProjectName,
        _ view: View
    ) throws(LedgerError) -> [(String, Value)] {
        try view.ask { facts throws(FactsFailure) in
            [
                ("origin", origin(change.origin)),
                ("change", .string("\(change.kind)")),
                ("uncertain", change.isUncertain ? true : .null),
                ("from", try side(change.from, in: project, facts)),
                ("to", try side(change.to, in: project, facts)),
            ]
        }
    }

    private static func side(
        _ id: FreightID?,
        in project: ProjectName,
        _ facts: StoreFacts
    ) throws(FactsFailure) -> Value {
        guard let id else { return .null }
        let freight = try facts.freight(id, in: project)
        return object([
            ("id", .string(id.rawValue)),
            ("alias", .string(try facts.freightStatus(id, in: project).alias)),
            ("version", text(freight?.artifacts.first?.shortVersion)),
        ])
    }
}
