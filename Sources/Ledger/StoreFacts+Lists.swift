package import EventLog
import LMDB
package import PromotionModel

// Lists that only questions need; rules do without them.
extension StoreFacts {
    /// The promotions of a project, requested before `before`, newest first, those of deleted
    /// stages too.
    package func promotions(
        in project: ProjectName,
        before: Position,
        limit: Int
    ) throws(FactsFailure) -> [PromotionEntry] {
        let key = RowKey(project.rawValue)
        return try entries(.promotionsByProject, key, before: before, limit: limit).map {
            PromotionEntry(position: $0.position, promotion: PromotionName(unchecked: $0.value))
        }
    }

    /// The freight of a project, made (or, bundles, last repackaged) before `before`, newest
    /// first; a bundle that was repackaged again is listed once for each time.
    package func freight(
        in project: ProjectName,
        before: Position,
        limit: Int
    ) throws(FactsFailure) -> [FreightEntry] {
        let key = RowKey(project.rawValue)
        return try entries(.freightByProject, key, before: before, limit: limit).map {
            FreightEntry(position: $0.position, freight: FreightID(unchecked: $0.value))
        }
    }

    /// The positions of the notes about a subject before `before`, newest first.
    package func notes(
        about subject: Subject,
        in project: ProjectName,
        before: Position,
        limit: Int
    ) throws(FactsFailure) -> [Position] {
        let key = RowKey(project.rawValue, subject.rawValue)
        return try entries(.notesBySubject, key, before: before, limit: limit).map(\.position)
    }

    /// What changed about a piece of freight before `before`, newest first: the event, and how
    /// it stood after that.
    package func statuses(
        of id: FreightID,
        in project: ProjectName,
        before: Position,
        limit: Int
    ) throws(FactsFailure) -> [(position: Position, status: FreightStatus)] {
        guard limit > 0 else { return [] }
        let key = RowKey(project.rawValue, id.rawValue)
        let end = min(before, position.next)
        var rows: [(position: Position, bytes: [UInt8])] = []
        try query { () throws(LMDBError) in
            try reader.forEach(
                from: key.bytes,
                before: key.adding(end.rawValue),
                reverse: true,
                in: tables[.freightStatus]
            ) { key, value in
                rows.append((Position(rawValue: key.trailingNumber), value.copied))
                return rows.count < limit
            }
        }
        var statuses: [(position: Position, status: FreightStatus)] = []
        for row in rows {
            statuses.append((row.position, try decode(row.bytes, .freightStatus)))
        }
        return statuses
    }

    /// The event with which a promotion succeeded; nil if it has not.
    func success(
        of promotion: Promotion,
        in project: ProjectName
    ) throws(FactsFailure) -> Position? {
        guard try promotionState(promotion.name, in: project).phase == .succeeded else {
            return nil
        }
        let key = RowKey(project.rawValue, promotion.stage.rawValue)
        var start = promotion.requested
        // Others of the stage that succeeded while it waited come first.
        while let entry = try firstEntry(.collectionsByStage, key, after: start) {
            if entry.value == promotion.name.rawValue { return entry.position }
            start = entry.position
        }
        return nil
    }

    /// The first entry of an index after `start`, up to the present position; nil if there is
    /// none.
    func firstEntry(
        _ table: LedgerTable,
        _ key: RowKey,
        after start: Position
    ) throws(FactsFailure) -> (position: Position, value: String)? {
        let found = try query { () throws(LMDBError) in
            try reader.first(
                atOrAfter: key.adding(start.next.rawValue),
                prefixCount: key.bytes.count,
                in: tables[table]
            )
        }
        guard let found else { return nil }
        let first = Position(rawValue: found.key.span.trailingNumber)
        guard first <= position else { return nil }
        return (first, String(decoding: found.value, as: UTF8.self))
    }
}

/// A bookmark: the position that it names, and the event that said so.
package struct BookmarkEntry: Hashable, Sendable {
    package let name: String
    package let target: Position
    /// The event that set it last.
    package let set: Position
}

extension StoreFacts {
    /// A bookmark with the event that set it.
    package func bookmarkEntry(
        _ name: String,
        in project: ProjectName
    ) throws(FactsFailure) -> BookmarkEntry? {
        guard let target = try bookmark(name, in: project) else { return nil }
        let key = RowKey(project.rawValue, name)
        let entry = try entries(.bookmarks, key, before: Position(rawValue: .max), limit: 1).first
        return BookmarkEntry(name: name, target: target, set: entry?.position ?? .origin)
    }
}
