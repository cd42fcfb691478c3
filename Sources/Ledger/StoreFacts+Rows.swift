import EventLog
import LMDB
import PromotionModel
import Wire

extension StoreFacts {
    func query<T>(_ body: () throws(LMDBError) -> T) throws(FactsFailure) -> T {
        do throws(LMDBError) { return try body() } catch { throw .storage("\(error)") }
    }

    func decode<M: Message>(
        _ bytes: [UInt8],
        _ table: LedgerTable
    ) throws(FactsFailure) -> M {
        do throws(WireError) {
            return try M(decoding: bytes)
        } catch {
            throw .undecodable(table: table.rawValue, error)
        }
    }

    /// The row under `key`.
    func row<M: Message>(
        _ table: LedgerTable,
        _ key: [UInt8]
    ) throws(FactsFailure) -> M? {
        let bytes = try query { () throws(LMDBError) in
            try reader.value(forKey: key, in: tables[table])
        }
        guard let bytes else { return nil }
        return try decode(bytes, table)
    }

    /// The bytes of the last row of `key` at or before the position.
    func latestBytes(
        _ table: LedgerTable,
        _ key: RowKey
    ) throws(FactsFailure) -> [UInt8]? {
        try query { () throws(LMDBError) in
            try reader.withLast(
                atOrBefore: key.adding(position.rawValue),
                prefixCount: key.bytes.count,
                in: tables[table]
            ) { _, value in value.copied }
        }
    }

    func latest<M: Message>(
        _ table: LedgerTable,
        _ key: RowKey
    ) throws(FactsFailure) -> M? {
        guard let bytes = try latestBytes(table, key) else { return nil }
        return try decode(bytes, table)
    }

    /// As `latest`, for rows that are kept once they were decoded.
    func latest<M: Message>(
        _ table: LedgerTable,
        _ key: RowKey,
        _ rows: RowCache.Rows<M>?
    ) throws(FactsFailure) -> M? {
        guard let rows else { return try latest(table, key) }
        var kept: M?
        var at: UInt64 = 0
        let bytes = try query { () throws(LMDBError) in
            try reader.withLast(
                atOrBefore: key.adding(position.rawValue),
                prefixCount: key.bytes.count,
                in: tables[table]
            ) { found, value in
                at = found.trailingNumber
                kept = rows.row(key, at: at)
                return kept == nil ? value.copied : []
            }
        }
        guard let bytes else { return nil }
        if let kept { return kept }
        let row: M = try decode(bytes, table)
        if at <= committed.rawValue { rows.keep(row, key, at: at) }
        return row
    }

    /// The row under `key`, which never changes, of the event that `made` says; kept once it was
    /// decoded.
    func lasting<M: Message>(
        _ table: LedgerTable,
        _ key: RowKey,
        _ rows: RowCache.Rows<M>?,
        made: (M) -> Position
    ) throws(FactsFailure) -> M? {
        if let kept = rows?.row(key) { return kept }
        let found: M? = try row(table, key.bytes)
        guard let found else { return nil }
        if made(found) <= committed { rows?.keep(found, key) }
        return found
    }

    func reference(
        _ table: LedgerTable,
        _ key: RowKey
    ) throws(FactsFailure) -> String? {
        try latestBytes(table, key).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Entries of an index before `before` and not after the position, newest first.
    func entries(
        _ table: LedgerTable,
        _ key: RowKey,
        before: Position,
        limit: Int
    ) throws(FactsFailure) -> [(position: Position, value: String)] {
        guard limit > 0 else { return [] }
        let end = min(before, position.next)
        var entries: [(position: Position, value: String)] = []
        try query { () throws(LMDBError) in
            try reader.forEach(
                from: key.bytes,
                before: key.adding(end.rawValue),
                reverse: true,
                in: tables[table]
            ) { key, value in
                entries.append((Position(rawValue: key.trailingNumber), value.text(from: 0)))
                return entries.count < limit
            }
        }
        return entries
    }

    /// The row of something that can be deleted; nil once it is.
    func present<Spec>(
        _ table: LedgerTable,
        _ key: RowKey,
        _ rows: RowCache.Rows<Configured<Spec>>?
    ) throws(FactsFailure) -> Configured<Spec>? {
        let row = try latest(table, key, rows)
        return row?.isRemoved == true ? nil : row
    }

    /// The names of what there is in a project at the position, without what was deleted.
    func names<Spec: Message & Hashable>(
        _ table: LedgerTable,
        in project: ProjectName,
        _ rows: RowCache.Rows<Configured<Spec>>?
    ) throws(FactsFailure) -> [String] {
        let names = try names(table, prefix: RowKey(project.rawValue))
        var present: [String] = []
        for name in names {
            let row = try self.present(table, RowKey(project.rawValue, name), rows)
            if row != nil { present.append(name) }
        }
        return present
    }

    /// The names of things under `prefix` that there were at the position, in order.
    func names(
        _ table: LedgerTable,
        prefix: RowKey
    ) throws(FactsFailure) -> [String] {
        var names: [String] = []
        try forEachName(table, prefix: prefix, after: nil) { name throws(FactsFailure) in
            names.append(name)
            return true
        }
        return names
    }

    /// Hands `body` the names under `prefix` that there were at the position and that stand
    /// behind `after`, in order, until it returns false.
    ///
    /// Skips from name to name: as many seeks as there are names, however many rows each has.
    func forEachName(
        _ table: LedgerTable,
        prefix: RowKey,
        after: String?,
        _ body: (String) throws(FactsFailure) -> Bool
    ) throws(FactsFailure) {
        let prefixCount = prefix.bytes.count
        var next = after.map { prefix.bytes + Array($0.utf8) + [1] } ?? prefix.bytes
        while true {
            let found = try query { () throws(LMDBError) in
                try reader.first(atOrAfter: next, prefixCount: prefixCount, in: tables[table])
            }
            guard let key = found?.key else { return }
            let name = key.span.text(from: prefixCount)
            if key.span.trailingNumber <= position.rawValue {
                let goesOn = try body(name)
                guard goesOn else { return }
            }
            next = prefix.bytes + Array(name.utf8) + [1]
        }
    }
}
