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
        guard !key.isEmpty, !key.utf8.contains(0) else { return [] }
        let start = RowKey(project.rawValue).bytes + Array(key.utf8)
        let skipped = project.rawValue.utf8.count + 1
        var ids: Set<FreightID> = []
        try query { () throws(LMDBError) in
            try reader.forEach(prefix: start, in: tables[.freightByArtifact]) { key, _ in
                let artifact = key.text(from: skipped)
                let id = key.text(from: skipped + artifact.utf8.count + 1)
                ids.insert(FreightID(unchecked: id))
                return ids.count < Self.artifactMatchCountMax
            }
        }
        var entries: [FreightEntry] = []
        for id in ids {
            guard let freight = try freight(id, in: project) else { continue }
            entries.append(FreightEntry(position: freight.created, freight: id))
        }
        entries.sort { ($0.position, $0.freight) > ($1.position, $1.freight) }
        return Array(entries.prefix(limit))
    }

    /// How many pieces of freight one search by artifact looks at.
    private static var artifactMatchCountMax: Int { 10_000 }
}
