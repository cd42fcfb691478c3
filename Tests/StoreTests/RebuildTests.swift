import EventLog
import Glibc
import LMDB
import Synchronization
import Testing

/// Tables of a log's client that are made anew: one row for each command, its id.
@Suite struct RebuildTests {
    @Test func `a rebuild makes the rows again, removes the old ones and leaves the log alone`()
        async throws
    {
        let harness = try LogHarness()
        for number in 0..<7 { try await harness.log.appendRow("c\(number)") }
        let root = try harness.root
        try harness.log.vandalise("rows", .bytes) { (transaction, table) throws(LMDBError) in
            try transaction.deleteAll(in: table)
        }
        #expect(try harness.log.rows().isEmpty)
        #expect(try await harness.log.rebuildRows(batchCountMax: 3) == 2)
        #expect(try harness.log.rows() == (0..<7).map { "c\($0)" })
        #expect(try harness.tableNames() == harness.logTables + ["rows.2"])
        try await harness.log.appendRow("c7")
        #expect(try await harness.log.rebuildRows(batchCountMax: 100) == 3)
        #expect(try harness.log.rows() == (0..<8).map { "c\($0)" })
        #expect(try harness.tableNames() == harness.logTables + ["rows.3"])
        #expect(try harness.log.metaText("projection-generation") == "3")
        #expect(try harness.log.metaText("projection-version") == "1")
        #expect(try harness.root(at: 7) == root)
        try harness.check()
    }

    @Test func `a log without events is rebuilt too`() async throws {
        let harness = try LogHarness()
        #expect(try await harness.log.rebuildRows() == 2)
        #expect(try harness.log.rows().isEmpty)
        try await harness.log.appendRow("c")
        #expect(try harness.log.rows() == ["c"])
    }

    @Test func `a ledger without the rows of meta is of the first generation and version`()
        async throws
    {
        let harness = try LogHarness()
        try await harness.log.appendRow("c")
        try harness.log.vandalise("meta", .bytes) { (transaction, meta) throws(LMDBError) in
            for name in ["projection-generation", "projection-version"] {
                let key = Array(name.utf8)
                try transaction.delete(key.span, in: meta)
            }
        }
        try await harness.log.appendRow("d")
        #expect(try harness.log.rows() == ["c", "d"])
        #expect(try await harness.log.rebuildRows() == 2)
        #expect(try harness.log.rows() == ["c", "d"])
    }

    @Test func `rows of an older version are neither read nor written until they are rebuilt`()
        async throws
    {
        let (directory, path) = try await Self.ledger(of: 1)
        defer { _ = directory }
        let log = try EventLog.open(at: path, options: Self.options(version: 3))
        let error = EventLogError.tablesOlder(path: path, version: 1, needed: 3)
        #expect(throws: error) { try log.rows() }
        await #expect(throws: error) { try await log.appendRow("d") }
        #expect(
            error.description
                == "the projections of the ledger in \(path) have version 1, and this program "
                + "needs version 3; run waybill ledger rebuild"
        )
        // The log itself is nobody's projection.
        #expect(try log.head().position.rawValue == 1)
        #expect(try log.verify().isEmpty)
        #expect(try await log.rebuildRows() == 2)
        try await log.appendRow("d")
        #expect(try log.rows() == ["c", "d"])
        await log.close()
    }

    @Test func `rows of a newer version are neither read nor written nor rebuilt`() async throws {
        let (directory, path) = try await Self.ledger(of: 4)
        defer { _ = directory }
        do {
            let log = try EventLog.open(at: path, options: Self.options(version: 3))
            let error = EventLogError.tablesNewer(path: path, version: 4, known: 3)
            #expect(throws: error) { try log.rows() }
            await #expect(throws: error) { try await log.appendRow("d") }
            await #expect(throws: error) { try await log.rebuildRows() }
            #expect(
                error.description
                    == "the projections of the ledger in \(path) have version 4, and this "
                    + "program knows version 3; install a newer waybill"
            )
            await log.close()
        }
        #expect(try EventLog.open(at: path, options: Self.options(version: 4)).rows() == ["c"])
    }

    @Test func `a version that rises while the ledger is open refuses the next read and write`()
        async throws
    {
        let harness = try LogHarness()
        try await harness.log.appendRow("c")
        try await harness.log.rebuildRows()
        try harness.log.vandalise("meta", .bytes) { (transaction, meta) throws(LMDBError) in
            for (name, value) in [("projection-generation", "3"), ("projection-version", "2")] {
                let (key, value) = (Array(name.utf8), Array(value.utf8))
                try transaction.put(value.span, forKey: key.span, in: meta)
            }
        }
        let error = EventLogError.tablesNewer(path: harness.path, version: 2, known: 1)
        #expect(throws: error) { try harness.log.rows() }
        await #expect(throws: error) { try await harness.log.appendRow("d") }
        #expect(try harness.size == 1)
    }

    @Test func `a table that is not there is named, and a rebuild makes it`() async throws {
        let (directory, path) = try await Self.ledger(of: 1)
        defer { _ = directory }
        var options = LogOptions(clientTables: ["rows", "more"])
        options.mapSizeBytes = 1 << 30
        let log = try EventLog.open(at: path, options: options)
        let error = EventLogError.tableMissing(path: path, table: "more")
        #expect(throws: error) { try log.rows() }
        await #expect(throws: error) { try await log.appendRow("d") }
        #expect(try log.head().position.rawValue == 1)
        try await log.rebuildRows()
        #expect(try log.rows() == ["c"])
        await log.close()
    }

    /// Points at which a rebuild of nine events by twos meets failures, and how often before.
    static let failures: [(FaultInjection.Point, Int)] = [
        (.begin, 0), (.begin, 1), (.begin, 3), (.put, 0), (.put, 5), (.put, 9), (.put, 10),
        (.commit, 0), (.commit, 4),
    ]

    @Test(arguments: failures)
    func `a full disk leaves the old rows in use, and the next rebuild succeeds`(
        point: FaultInjection.Point,
        count: Int
    ) async throws {
        let trap = Trap()
        var options = LogOptions(clientTables: ["rows"])
        options.faults = trap.injection
        let harness = try LogHarness(options)
        for number in 0..<9 { try await harness.log.appendRow("c\(number)") }
        let root = try harness.root
        trap.set(point, after: count)
        await #expect(throws: EventLogError.diskFull(path: harness.path)) {
            try await harness.log.rebuildRows(batchCountMax: 2)
        }
        #expect(try harness.log.rows().count == 9)
        #expect(try harness.log.metaText("projection-generation") == "1")
        try await harness.log.appendRow("c9")
        #expect(try await harness.log.rebuildRows(batchCountMax: 2) == 2)
        #expect(try harness.log.rows() == (0..<10).map { "c\($0)" })
        #expect(try harness.tableNames() == harness.logTables + ["rows.2"])
        #expect(try harness.root(at: 9) == root)
        try harness.check()
    }

    @Test
    func `a last commit that is in doubt ends the log, and is found as a whole or not at all`()
        async throws
    {
        for (point, generation) in [(FaultInjection.Point.commit, "1"), (.committed, "2")] {
            let trap = Trap(code: .other(5))
            var options = LogOptions(clientTables: ["rows"])
            options.faults = trap.injection
            let harness = try LogHarness(options)
            try await harness.log.appendRow("c")
            trap.set(point, after: 0)
            await #expect(throws: EventLogError.inDoubt(path: harness.path)) {
                try await harness.log.rebuildRows()
            }
            #expect(try harness.log.metaText("projection-generation") == generation)
            #expect(try harness.log.rows() == ["c"])
            await #expect(throws: EventLogError.inDoubt(path: harness.path)) {
                try await harness.log.appendRow("d")
            }
        }
    }

    @Test func `what an interrupted rebuild left is removed by the next`() async throws {
        let harness = try LogHarness()
        try await harness.log.appendRow("c")
        for name in ["rows.2", "rows.7", "gone.2"] {
            try harness.log.makeTable(name)
        }
        #expect(try harness.log.rows() == ["c"])
        #expect(try await harness.log.rebuildRows() == 2)
        #expect(try harness.tableNames() == harness.logTables + ["rows.2"])
        #expect(try harness.log.rows() == ["c"])
    }

    @Test func `who writes between batches loses nothing`() async throws {
        let harness = try LogHarness()
        for number in 0..<10 { try await harness.log.appendRow("c\(number)") }
        let written = Mutex(0)
        try await harness.log.rebuildRows(batchCountMax: 3) {
            // Fewer than a batch takes, or it would never end.
            for _ in 0..<2 {
                let number = written.withLock { written in
                    written += 1
                    return written
                }
                if number < 30 { try await harness.log.appendRow("d\(number + 100)") }
            }
        }
        #expect(try harness.log.rows().count == Int(harness.size))
        #expect(try harness.size > 20)
        try harness.check()
    }

    @Test func `a reader of before the switch sees the old rows to its end`() async throws {
        let harness = try LogHarness()
        try await harness.log.appendRow("c")
        let stage = Mutex(0)
        let reader = Task.detached {
            try harness.log.readTables { (snapshot, tables) throws(EventLogError) in
                stage.withLock { $0 = 1 }
                while stage.withLock({ $0 }) < 2 { usleep(200) }
                return try snapshot.keys(tables)
            }
        }
        while stage.withLock({ $0 }) < 1 { await Task.yield() }
        let rebuild = Task { try await harness.log.rebuildRows() }
        while try harness.log.metaText("projection-generation") == "1" { await Task.yield() }
        try await harness.log.appendRow("d")
        #expect(try harness.log.rows() == ["c", "d"])
        // The old table is removed when the reader is done, not under it.
        #expect(try harness.tableNames().contains("rows"))
        stage.withLock { $0 = 2 }
        #expect(try await reader.value == ["c"])
        #expect(try await rebuild.value == 2)
        #expect(try !harness.tableNames().contains("rows"))
    }

    @Test func `another process writes on while tables are rebuilt, and loses nothing`()
        async throws
    {
        let (directory, path) = try await Self.ledger(of: 1)
        defer { _ = directory }
        let child = try ChildProcess.bench("crash-child", path)
        var acknowledged = [child.line()].compactMap { $0 }
        let log = try EventLog.open(at: path, options: Self.options(version: 1))
        for generation in [2, 3] as [UInt64] {
            #expect(try await log.rebuildRows(batchCountMax: 100) == generation)
            // What it writes now went into the new tables.
            let size = try log.head().position.rawValue
            while try log.head().position.rawValue < size + 20 {
                acknowledged += [child.line()].compactMap { $0 }
            }
        }
        child.kill()
        acknowledged += child.lines()
        let rows = Set(try log.rows())
        #expect(acknowledged.allSatisfy { rows.contains($0) })
        #expect(try rows == log.commands())
        #expect(try log.verify().isEmpty)
        try await log.rebuildRows()
        // A commit that was on disk when its writer was killed may be seen only by the next writer.
        let later = Set(try log.rows())
        #expect(try later.isSuperset(of: rows) && later == log.commands())
        await log.close()
    }

    @Test func `of two who rebuild, the second is told who is first`() async throws {
        let harness = try LogHarness()
        let first = try await harness.log.beginRebuild()
        let error = await #expect(throws: EventLogError.self) {
            try await harness.log.rebuildRows()
        }
        guard case .rebuilding(_, let holder) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(holder.processID == getpid())
        #expect(error?.description.contains("process \(getpid())") == true)
        await first.abandon()
        #expect(try harness.tableNames() == harness.logTables + ["rows"])
    }

    @Test func `who may only read cannot rebuild`() async throws {
        let (directory, path) = try await Self.ledger(of: 1)
        defer { _ = directory }
        let log = try EventLog.open(at: path, access: .read, options: Self.options(version: 1))
        await #expect(throws: EventLogError.openForReading(path: path)) {
            try await log.rebuildRows()
        }
    }

    private static func options(version: UInt64) -> LogOptions {
        var options = LogOptions(clientTables: ["rows"])
        options.clientVersion = version
        options.mapSizeBytes = 1 << 30
        return options
    }

    /// A closed ledger with command `c`, whose rows are of a version.
    private static func ledger(
        of version: UInt64
    ) async throws -> (directory: TemporaryDirectory, path: String) {
        let harness = try LogHarness(options(version: version))
        try await harness.log.appendRow("c")
        await harness.log.close()
        return (harness.directory, harness.path)
    }
}
