package import EventLog
package import PromotionModel

/// A piece of freight, traced up to what it is made of and down to where it ran.
package struct FreightTrace: Hashable, Sendable {
    package let freight: Freight
    package let past: FreightPast
    /// Who made it.
    package let actor: String
    /// The look at the warehouse that found it; nil where nothing says so.
    package let discovered: Discovery?
    /// Bundles that hold it, newest first, each with the stages that it is in now.
    package let bundles: [TracedBundle]
    /// Whether more bundles hold it than are listed.
    package let hasMoreBundles: Bool

    /// That a look at a warehouse found something.
    package struct Discovery: Hashable, Sendable {
        package let position: Position
        package let at: Timestamp
    }
}

/// A bundle that holds what is traced.
package struct TracedBundle: Hashable, Sendable {
    package let freight: Freight
    package let alias: String
    /// Where it runs.
    package let stages: [StageName]
}

extension View {
    /// How many bundles of one piece of freight are listed.
    private static var bundleCountMax: Int { 20 }

    /// The freight that `text` names or that has the artifact that `text` names, newest first.
    ///
    /// Freight goes by alias, id or Kargo name; an artifact by commit id, tag, digest, version or
    /// `REPOSITORY:TAG`. At least six characters of an id are enough where nothing is called
    /// exactly so.
    package func trace(
        _ text: String,
        in project: ProjectName,
        before: Position = Position(rawValue: .max),
        limit: Int = 20
    ) throws(LedgerError) -> Page<FreightTrace> {
        let entries = try ask { facts throws(FactsFailure) in
            try facts.traced(text, in: project, before: before, limit: limit + 1)
        }
        var items: [FreightTrace] = []
        for entry in entries.prefix(limit) {
            items.append(try trace(entry.freight, in: project))
        }
        if items.isEmpty, before.rawValue == .max {
            throw .notFound(try whyNothing(is: text, in: project))
        }
        return Page(
            items: items,
            next: entries.count > limit ? entries[limit - 1].position : nil
        )
    }

    private func trace(
        _ id: FreightID,
        in project: ProjectName
    ) throws(LedgerError) -> FreightTrace {
        let found = try ask { facts throws(FactsFailure) in
            guard let freight = try facts.freight(id, in: project) else {
                throw .inconsistent("freight \(id) is listed but not there")
            }
            let entries = try facts.bundles(
                holding: id,
                in: project,
                before: Position(rawValue: .max),
                limit: Self.bundleCountMax + 1
            )
            var bundles: [TracedBundle] = []
            for entry in entries.prefix(Self.bundleCountMax) {
                bundles.append(try facts.tracedBundle(entry.freight, in: project))
            }
            return (freight: freight, bundles: bundles, hasMore: entries.count > bundles.count)
        }
        let making = try fromLog { () throws(EventLogError) in
            try snapshot.header(at: found.freight.created)
        }
        return FreightTrace(
            freight: found.freight,
            past: try past(of: id, in: project),
            actor: making.actor.name,
            discovered: try discovery(of: found.freight, cause: making.cause),
            bundles: found.bundles,
            hasMoreBundles: found.hasMore
        )
    }

    /// The look that led to freight, if it is what found one of its artifacts.
    private func discovery(
        of freight: Freight,
        cause: Position?
    ) throws(LedgerError) -> FreightTrace.Discovery? {
        guard let cause, cause > .origin else { return nil }
        let event = try event(at: cause)
        guard case .artifactsDiscovered(let payload) = event.event else { return nil }
        let found = Set(payload.subscriptions.flatMap(\.found).map(\.key))
        guard freight.artifacts.contains(where: { found.contains($0.key) }) else { return nil }
        return FreightTrace.Discovery(position: cause, at: event.header.recorded)
    }

    /// Why nothing can be traced: no such thing, or no freight was made of it.
    private func whyNothing(
        is text: String,
        in project: ProjectName
    ) throws(LedgerError) -> String {
        let warehouse = try ask { facts throws(FactsFailure) -> WarehouseName? in
            for warehouse in try facts.warehouses(in: project) {
                let state = try facts.warehouseState(warehouse, in: project)
                let keys = state.findings.flatMap(\.artifacts).flatMap(ArtifactKey.keys)
                if keys.contains(where: { $0.hasPrefix(text) }) { return warehouse }
            }
            return nil
        }
        let name = text.quotedForDisplay
        guard let warehouse else {
            return "no freight in project \(project) is called \(name) or has such an artifact; "
                + "see waybill get freight"
        }
        return "warehouse \(warehouse) found \(name), and no freight was made of it; "
            + "see waybill describe warehouse/\(warehouse)"
    }
}

extension StoreFacts {
    /// The freight that `text` names, or whose artifact it names, made before `before`.
    fileprivate func traced(
        _ text: String,
        in project: ProjectName,
        before: Position,
        limit: Int
    ) throws(FactsFailure) -> [FreightEntry] {
        if let id = try freight(withAlias: text, in: project) {
            return try entries(of: [id], in: project, before: before)
        }
        let key = text.artifactKey
        let exact = try freight(
            withArtifactKey: key,
            in: project,
            before: before,
            limit: limit
        )
        guard exact.isEmpty, text.utf8.count >= FreightReference.prefixCountMin else {
            return exact
        }
        var ids: [FreightID] = []
        if text.isLowercaseHex, text.utf8.count <= 64 {
            ids = try freight(withPrefix: text, in: project, limit: limit)
        }
        let named = try entries(of: ids, in: project, before: before)
        let made = try freight(
            withArtifactPrefix: key,
            in: project,
            before: before,
            limit: limit
        )
        let all = Set(named + made).sorted { ($0.position, $0.freight) > ($1.position, $1.freight) }
        return Array(all.prefix(limit))
    }

    private func entries(
        of ids: [FreightID],
        in project: ProjectName,
        before: Position
    ) throws(FactsFailure) -> [FreightEntry] {
        var entries: [FreightEntry] = []
        for id in ids {
            guard let freight = try freight(id, in: project), freight.created < before else {
                continue
            }
            entries.append(FreightEntry(position: freight.created, freight: id))
        }
        return entries
    }

    fileprivate func tracedBundle(
        _ id: FreightID,
        in project: ProjectName
    ) throws(FactsFailure) -> TracedBundle {
        guard let freight = try freight(id, in: project) else {
            throw .inconsistent("bundle \(id) is listed but not there")
        }
        let status = try freightStatus(id, in: project)
        return TracedBundle(
            freight: freight,
            alias: status.alias,
            stages: status.current.map(\.stage)
        )
    }
}

extension String {
    /// What the index of artifacts calls it: of `REPOSITORY:TAG@DIGEST` the digest.
    fileprivate var artifactKey: String {
        guard let at = firstIndex(of: "@") else { return self }
        let digest = self[index(after: at)...]
        return digest.isEmpty ? self : String(digest)
    }
}
