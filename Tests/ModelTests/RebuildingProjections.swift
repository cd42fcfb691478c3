import EventLog
import Histories
import LMDB
import Ledger
import PromotionModel
import Synchronization
import Testing

/// Projections that are made anew from the log, which is what counts.
@Suite struct RebuildingProjections {
    @Test func `a row that was damaged is found by a replay and mended by a rebuild`()
        async throws
    {
        try await Shop.withEventful { ledger, _, _ in
            let root = try ledger.root
            let pictures = try ledger.pictures()
            try ledger.log.vandalise("stage_state", .bytes) {
                (transaction, table) throws(LMDBError) in
                var first: (key: [UInt8], value: [UInt8])?
                try transaction.reader().forEach(in: table) { key, value in
                    first = (key.indices.map { key[$0] }, value.indices.map { value[$0] })
                    return false
                }
                guard let (key, stored) = first else { return }
                var value = stored
                value[value.count - 1] ^= 1
                try transaction.put(value.span, forKey: key.span, in: table)
            }
            let findings = try ledger.replayed()
            #expect(findings.map(\.table) == ["stage_state"])
            let result = try await ledger.rebuild()
            #expect(result.generation == 2 && result.hasRemovedOld)
            #expect(result.eventCount == UInt64(pictures.count))
            #expect(try ledger.replayed().isEmpty)
            #expect(try ledger.difference(from: pictures) == nil)
            #expect(try ledger.root == root)
            #expect(try ledger.log.verify().isEmpty)
        }
    }

    @Test func `commands that are given between batches are in the rows, whatever the batches`()
        async throws
    {
        for countMax in [1, 7, 50] {
            try await Shop.withEventful { ledger, world, _ in
                let before = try ledger.log.head().position.rawValue
                let noted = Mutex(0)
                let result = try await ledger.rebuild(batchCountMax: countMax) { done, size in
                    let number = noted.withLock { noted in
                        noted += 1
                        return noted
                    }
                    guard done < size, number <= 12 else { return }
                    let note = RecordNote(
                        project: Shop.project,
                        subject: .stage(Shop.prod),
                        text: "meanwhile \(number)"
                    )
                    _ = try? await ledger.accept(.recordNote(note), id: "note-\(number)")
                }
                let head = try ledger.log.head().position.rawValue
                #expect(result.eventCount == head && head > before)
                #expect(try ledger.replayed().isEmpty)
                try await ledger.accept(
                    .setBookmark(SetBookmark(project: Shop.project, name: "after")),
                    id: "after"
                )
                #expect(try ledger.replayed().isEmpty)
                #expect(try ledger.log.verify().isEmpty)
            }
        }
    }

    @Test func `an empty ledger is rebuilt, and works`() async throws {
        try await withLedger { ledger, clock in
            let result = try await ledger.rebuild()
            #expect(result.eventCount == 0 && result.rowCount == 0 && result.generation == 2)
            try await ledger.relive(Shop.released(), clock)
            #expect(try ledger.replayed().isEmpty)
        }
    }

    @Test func `a full disk at any moment leaves the projections of before`() async throws {
        let world = Shop.released()
        let fault = Mutex<(point: FaultInjection.Point, count: Int)?>(nil)
        var options = LogOptions()
        options.faults = FaultInjection { point in
            fault.withLock { fault in
                guard let (at, count) = fault, at == point else { return nil }
                fault = count == 0 ? nil : (at, count - 1)
                return count == 0 ? .diskFull : nil
            }
        }
        let folder = TemporaryFolder()
        let clock = SettableClock(World().now)
        let path = folder.path + "/ledger"
        let ledger = try Ledger.create(at: path, options: options, clock: { clock.now })
        try await ledger.relive(world, clock)
        let pictures = try ledger.pictures()
        for (point, count) in [
            (FaultInjection.Point.begin, 0), (.begin, 2), (.put, 0), (.put, 57), (.commit, 0),
            (.commit, 3),
        ] {
            fault.withLock { $0 = (point, count) }
            await #expect(throws: LedgerError.log(.diskFull(path: path))) {
                _ = try await ledger.rebuild(batchCountMax: 10)
            }
            #expect(try ledger.difference(from: pictures) == nil)
            #expect(try ledger.replayed().isEmpty)
        }
        #expect(try await ledger.rebuild(batchCountMax: 10).generation == 2)
        #expect(try ledger.difference(from: pictures) == nil)
        #expect(try ledger.replayed().isEmpty)
        await ledger.log.close()
    }

    /// The digest of every table's rows of the eventful shop, behind the version of the rows.
    ///
    /// A difference means that events make other rows than before: raise `LedgerTable.version`,
    /// so that ledgers with the old ones are rebuilt, and record.
    @Test func `what events make of projections changes with their version only`() async throws {
        try await Shop.withEventful { ledger, _, _ in
            let tables = try ledger.log.readTables { (snapshot, client) throws(EventLogError) in
                LedgerTable.allCases.map { table -> String in
                    var bytes: [UInt8] = []
                    var count = 0
                    try? snapshot.reader.forEach(in: client[table.rawValue]) { key, value in
                        bytes += "\(key.count) \(value.count) ".utf8
                        bytes += key.indices.map { key[$0] } + value.indices.map { value[$0] }
                        count += 1
                        return true
                    }
                    return "\(table.rawValue) \(count) \(Digest.sha256(bytes).hex.prefix(16))"
                }
            }
            let text = (["version \(LedgerTable.version)"] + tables).joined(separator: "\n")
            try Golden.expect(text + "\n", in: "fixtures/projections.txt")
        }
    }
}

extension Ledger {
    var root: Digest {
        get throws { try log.read { (snapshot) throws(EventLogError) in snapshot.root } }
    }

    /// What a replay finds.
    func replayed() throws -> [VerificationFinding] {
        let scratch = TemporaryFolder()
        return try replay(into: scratch.path).found
    }

    /// Everything that was so, as of each position.
    fileprivate func pictures() throws -> [Picture] {
        try (1...log.head().position.rawValue).map { position in
            try read(at: .position(Position(rawValue: position))) { (view) throws(LedgerError) in
                try view.ask { facts throws(FactsFailure) in try Picture.of(facts) }
            }
        }
    }

    /// Where what was so differs from what it was when the pictures were made.
    fileprivate func difference(from pictures: [Picture]) throws -> String? {
        let now = try self.pictures()
        if now.count != pictures.count { return "\(now.count) positions" }
        for (index, pair) in zip(now, pictures).enumerated() {
            if let difference = pair.0.difference(from: pair.1) {
                return "#\(index + 1): \(difference)"
            }
        }
        return nil
    }
}
