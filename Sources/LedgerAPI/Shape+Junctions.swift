import EventLog
package import Expressions
package import Ledger
package import PromotionModel

extension Shape {
    /// A junction: its slots, its bundle, and why it makes no other now.
    package static func junction(
        _ name: JunctionName,
        in project: ProjectName,
        _ view: View
    ) throws(LedgerError) -> Value {
        try view.ask { facts throws(FactsFailure) in
            guard let row = try facts.junction(name, in: project) else { return .null }
            let state = try facts.junctionState(name, in: project)
            let now = view.moment.time
            let slots = try CollectionRule(facts: facts, project: project, now: now)
                .outlooks(of: name, row.spec, state)
            let next = try RepackagingRule(facts: facts, project: project, now: now)
                .outlook(of: name, row.spec, state)
            var shapes: [Value] = []
            for slot in slots { shapes.append(try self.slot(slot, in: project, facts)) }
            return object([
                ("kind", "Junction"), ("name", .string(name.rawValue)),
                ("project", .string(project.rawValue)),
                ("position", number(max(row.position, state.bundlePosition, state.changed))),
                ("slots", .array(shapes)),
                ("bundle", text(state.bundle?.rawValue)),
                (
                    "bundleAlias",
                    text(
                        try state.bundle.map { id throws(FactsFailure) in
                            try facts.freightStatus(id, in: project).alias
                        }
                    )
                ),
                ("bundleSince", state.bundle == nil ? .null : time(state.bundleSince)),
                ("next", text(next.bundle?.rawValue)),
                ("ready", .bool(next.isReady)),
                ("waits", names(next.obstacles)),
                (
                    "changesAt",
                    time((slots.map(\.wakeAt) + [next.wakeAt]).compactMap { $0 }.min())
                ),
            ])
        }
    }

    private static func slot(
        _ outlook: SlotOutlook,
        in project: ProjectName,
        _ facts: StoreFacts
    ) throws(FactsFailure) -> Value {
        func alias(_ id: FreightID?) throws(FactsFailure) -> Value {
            guard let id else { return .null }
            return .string(try facts.freightStatus(id, in: project).alias)
        }
        let slot = outlook.slot
        let newer = outlook.isStale || slot == nil ? outlook.candidate?.id : nil
        return object([
            ("origin", origin(outlook.request.origin)),
            ("optional", .bool(outlook.request.optional)),
            ("freight", text(slot?.freight.rawValue)), ("alias", try alias(slot?.freight)),
            ("since", time(slot?.since)),
            ("how", text(slot.map { $0.automatic ? "automatic" : "byHand" })),
            ("held", .bool(outlook.isHeld)), ("stale", .bool(outlook.isStale)),
            ("missing", .bool(outlook.isMissing)),
            ("candidate", text(newer?.rawValue)), ("candidateAlias", try alias(newer)),
            ("lost", outlook.lost.isEmpty ? .null : names(outlook.lost)),
        ])
    }
}
