import EventLog
package import Expressions
package import Ledger
package import PromotionModel

extension Shape {
    /// A project.
    package static func project(
        _ name: ProjectName,
        _ view: View
    ) throws(LedgerError) -> Value {
        try view.ask { facts throws(FactsFailure) in
            guard let row = try facts.project(name) else { return .null }
            return object([
                ("kind", "Project"), ("name", .string(name.rawValue)),
                ("project", .string(name.rawValue)), ("position", number(row.position)),
                ("mode", .string("\(try facts.projectState(name).mode)")),
                ("stages", .int(Int64(try facts.stages(in: name).count))),
                ("warehouses", .int(Int64(try facts.warehouses(in: name).count))),
                ("junctions", .int(Int64(try facts.junctions(in: name).count))),
                ("restore", try facts.projectState(name).restore.map(openRestore) ?? .null),
            ])
        }
    }

    /// A warehouse: what it watches and what it saw last.
    package static func warehouse(
        _ name: WarehouseName,
        in project: ProjectName,
        _ view: View
    ) throws(LedgerError) -> Value {
        try view.ask { facts throws(FactsFailure) in
            guard let row = try facts.warehouse(name, in: project) else { return .null }
            let state = try facts.warehouseState(name, in: project)
            let newest = try facts.freight(
                of: .warehouse(name),
                in: project,
                before: Position(rawValue: .max),
                limit: 1
            ).first
            let obstacle = try CreationRule(facts: facts, project: project)
                .obstacle(of: name, row.spec, state.findings)
            let noFreightBecause: String? =
                switch obstacle {
                case .exists, nil: nil
                case .nothingFound, .byHand, .criteriaNotMet, .criteriaFailed:
                    obstacle?.description
                }
            return object([
                ("kind", "Warehouse"), ("name", .string(name.rawValue)),
                ("project", .string(project.rawValue)),
                ("position", number(max(row.position, state.discovered))),
                ("at", state.discovered == .origin ? .null : time(state.discoveredAt)),
                ("subscriptions", names(row.spec.subscriptions.map(\.repoURL))),
                ("failure", text(state.failure)),
                ("noFreightBecause", text(noFreightBecause)),
                ("freight", text(newest?.freight.rawValue)),
                (
                    "candidates",
                    .array(
                        state.findings.map { finding in
                            object([
                                ("repoURL", .string(finding.repoURL)),
                                ("artifacts", .array(finding.artifacts.map(artifact))),
                            ])
                        }
                    )
                ),
            ])
        }
    }

    /// A promotion: what was asked for, how far it is, and its steps.
    package static func promotion(
        _ name: PromotionName,
        in project: ProjectName,
        _ view: View
    ) throws(LedgerError) -> Value {
        let found = try view.ask { facts throws(FactsFailure) in
            try facts.promotion(name, in: project)
        }
        guard let core = found else { return .null }
        let state = try view.ask { facts throws(FactsFailure) in
            try facts.promotionState(name, in: project)
        }
        return object([
            ("kind", "Promotion"), ("name", .string(name.rawValue)),
            ("project", .string(project.rawValue)), ("position", number(core.requested)),
            ("at", time(core.requestedAt)), ("stage", .string(core.stage.rawValue)),
            ("promotionKind", .string("\(core.kind)")), ("phase", .string("\(state.phase)")),
            ("actor", .string(core.actor)), ("reason", text(core.reason)),
            ("freight", names(core.freight)), ("message", text(state.message)),
            ("startedAt", time(state.startedAt)), ("finishedAt", time(state.finishedAt)),
            ("attempt", .int(Int64(clamping: state.attempt))),
            ("origin", core.origin.map(origin) ?? .null),
            ("now", core.now ? true : .null),
            ("restore", core.restore.map(number) ?? .null),
            ("awaited", awaited(state)), ("hasTakenEffect", .bool(state.hasTakenEffect)),
            ("coalesced", state.coalesced.isEmpty ? .null : names(state.coalesced)),
            ("collection", text(state.collection?.id.rawValue)),
            ("verification", state.verification.map(verification) ?? .null),
            ("changes", try changes(state.changes, in: project, view)),
            ("steps", .array(try steps(of: core, state, in: project, view))),
        ])
    }

    /// What a promotion waits for, and what it was given.
    private static func awaited(_ state: PromotionState) -> Value {
        guard let awaited = state.awaited else { return .null }
        return object([
            ("step", .int(Int64(clamping: awaited.step))), ("message", .string(awaited.message)),
            ("url", text(awaited.url)), ("since", time(awaited.since)),
            ("given", .bool(awaited.value != nil)),
        ])
    }

    private static func steps(
        of core: Promotion,
        _ state: PromotionState,
        in project: ProjectName,
        _ view: View
    ) throws(LedgerError) -> [Value] {
        try view.ask { facts throws(FactsFailure) in
            var steps: [Value] = []
            for (index, planned) in state.plan.enumerated() {
                let record = try facts.step(UInt64(index), of: core.name, in: project)
                steps.append(
                    object([
                        ("alias", .string(planned.alias)), ("uses", .string(planned.uses)),
                        ("status", record.map { .string("\($0.status)") } ?? "pending"),
                        ("startedAt", time(record?.startedAt)),
                        ("finishedAt", time(record?.finishedAt)),
                        ("message", text(record?.message)),
                        ("outputs", record?.outputs.value ?? .null),
                    ])
                )
            }
            return steps
        }
    }
}
