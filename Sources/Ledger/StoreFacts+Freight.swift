package import EventLog
import LMDB
package import PromotionModel
import Wire

// Indexes of freight: by where it was verified or approved, by what it is made of, by the
// bundles that hold it.
extension StoreFacts {
    package func freight(
        verifiedIn stage: StageName,
        of origin: Origin,
        in project: ProjectName,
        createdBefore before: Position,
        limit: Int
    ) throws(FactsFailure) -> [FreightEntry] {
        let prefix = RowKey.verified(stage, origin, in: project)
        return try byCreation(.verifiedByCreation, prefix, before: before, limit: limit)
    }

    package func freight(
        approvedFor consumer: Consumer,
        of origin: Origin,
        in project: ProjectName,
        createdBefore before: Position,
        limit: Int
    ) throws(FactsFailure) -> [FreightEntry] {
        let prefix = RowKey.approved(consumer, origin, in: project)
        return try byCreation(.approvedByCreation, prefix, before: before, limit: limit)
    }

    /// Entries that are ordered by the freight's making, each freight once.
    ///
    /// Freight that was made later than the position is not reached; an entry that was written
    /// later than the position is passed over.
    private func byCreation(
        _ table: LedgerTable,
        _ prefix: RowKey,
        before: Position,
        limit: Int
    ) throws(FactsFailure) -> [FreightEntry] {
        guard limit > 0 else { return [] }
        let end = min(before, position.next)
        var entries: [FreightEntry] = []
        try query { () throws(LMDBError) in
            try reader.forEach(
                from: prefix.bytes,
                before: prefix.adding(end.rawValue),
                reverse: true,
                in: tables[table]
            ) { key, value in
                guard key.trailingNumber <= position.rawValue else { return true }
                let created = Position(rawValue: key.number(endingBefore: 8))
                if entries.last?.position != created {
                    let id = FreightID(unchecked: value.text(from: 0))
                    entries.append(FreightEntry(position: created, freight: id))
                }
                return entries.count < limit
            }
        }
        return entries
    }

    package func freight(
        verifiedIn stage: StageName,
        of origin: Origin,
        in project: ProjectName,
        before: Position,
        limit: Int
    ) throws(FactsFailure) -> [FreightEntry] {
        guard limit > 0 else { return [] }
        let prefix = RowKey.verified(stage, origin, in: project)
        let end = min(before, position.next)
        var entries: [FreightEntry] = []
        try query { () throws(LMDBError) in
            try reader.forEach(
                from: prefix.bytes,
                before: prefix.adding(end.rawValue),
                reverse: true,
                in: tables[.verifiedByTime]
            ) { key, _ in
                let id = key.text(from: prefix.bytes.count + 8)
                let at = key.number(endingBefore: key.count - prefix.bytes.count - 8)
                entries.append(
                    FreightEntry(
                        position: Position(rawValue: at),
                        freight: FreightID(unchecked: id)
                    )
                )
                return entries.count < limit
            }
        }
        return entries
    }

    package func bundles(
        holding leaf: FreightID,
        in project: ProjectName,
        before: Position,
        limit: Int
    ) throws(FactsFailure) -> [FreightEntry] {
        let key = RowKey(project.rawValue, leaf.rawValue)
        return try entries(.bundlesByLeaf, key, before: before, limit: limit).map {
            FreightEntry(position: $0.position, freight: FreightID(unchecked: $0.value))
        }
    }

    package func freight(
        withArtifact key: String,
        in project: ProjectName,
        limit: Int
    ) throws(FactsFailure) -> [FreightEntry] {
        let all = Position(rawValue: .max)
        return try freight(withArtifactPrefix: key, in: project, before: all, limit: limit)
    }

    /// Freight of warehouses with an artifact whose key begins with `prefix`, made before
    /// `before`, newest first, each once.
    ///
    /// As many seeks as there are keys that begin so.
    package func freight(
        withArtifactPrefix prefix: String,
        in project: ProjectName,
        before: Position,
        limit: Int
    ) throws(FactsFailure) -> [FreightEntry] {
        guard limit > 0 else { return [] }
        var found: Set<FreightEntry> = []
        for key in try artifactKeys(prefix, in: project) {
            found.formUnion(
                try freight(withArtifactKey: key, in: project, before: before, limit: limit)
            )
        }
        let newest = found.sorted { ($0.position, $0.freight) > ($1.position, $1.freight) }
        return Array(newest.prefix(limit))
    }

    /// Freight of warehouses with an artifact that has exactly this key, made before `before`,
    /// newest first.
    package func freight(
        withArtifactKey key: String,
        in project: ProjectName,
        before: Position,
        limit: Int
    ) throws(FactsFailure) -> [FreightEntry] {
        guard !key.isEmpty, !key.utf8.contains(0) else { return [] }
        let row = RowKey(project.rawValue, ArtifactKey.cut(key))
        return try entries(.freightByArtifact, row, before: before, limit: limit).map {
            FreightEntry(position: $0.position, freight: FreightID(unchecked: $0.value))
        }
    }

    /// The keys that begin with `prefix`, in order.
    private func artifactKeys(
        _ prefix: String,
        in project: ProjectName
    ) throws(FactsFailure) -> [String] {
        guard !prefix.isEmpty, !prefix.utf8.contains(0) else { return [] }
        let start = RowKey(project.rawValue).bytes
        let bounds = start + Array(ArtifactKey.cut(prefix).utf8)
        var keys: [String] = []
        var next = bounds
        while keys.count < Self.artifactKeyCountMax {
            let found = try query { () throws(LMDBError) in
                try reader.first(
                    atOrAfter: next,
                    prefixCount: bounds.count,
                    in: tables[.freightByArtifact]
                )
            }
            guard let found else { break }
            let key = found.key.span.text(from: start.count)
            keys.append(key)
            next = start + Array(key.utf8) + [1]
        }
        return keys
    }

    /// How many keys that begin alike one search looks at.
    private static var artifactKeyCountMax: Int { 1000 }
}
