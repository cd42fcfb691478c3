import LMDB
import Testing

/// Tables that are removed, and who may still look at them.
@Suite struct DroppingTables {
    @Test func `a table is removed with its rows, and made anew under its name`() throws {
        let harness = try EnvironmentHarness()
        try harness.fill(10)
        let names = { try harness.read { (reader) throws(LMDBError) in try reader.tableNames() } }
        #expect(try names() == ["numbers", "rows"])
        try harness.environment.dropTable("rows")
        try harness.environment.dropTable("none")
        #expect(try names() == ["numbers"])
        #expect(!harness.environment.hasOpened("rows") && harness.environment.hasOpened("numbers"))
        #expect(try harness.environment.statistics().tables.keys.sorted() == ["numbers"])
        let table = try harness.environment.openTable("rows", .bytes, create: true)
        try harness.read { (reader) throws(LMDBError) in
            #expect(try reader.count(of: table) == 0)
            #expect(try reader.count(of: harness.numbers) == 10)
        }
    }

    @Test func `more tables than an environment has room for are refused`() throws {
        let directory = try TemporaryDirectory()
        let options = EnvironmentOptions(
            mapSizeBytes: 1 << 20,
            tableCountMax: 2,
            creates: true
        )
        let environment = try Environment(path: directory.path, options: options)
        for name in ["a", "b"] { _ = try environment.openTable(name, .bytes, create: true) }
        let error = #expect(throws: LMDBError.self) {
            _ = try environment.openTable("c", .bytes, create: true)
        }
        #expect(error?.code == .tablesFull)
        try environment.dropTable("a")
        _ = try environment.openTable("c", .bytes, create: true)
    }

    @Test func `who began to read before a change is known to do so`() throws {
        let harness = try EnvironmentHarness()
        let environment = harness.environment
        try harness.fill(1)
        try harness.read { (_) throws(LMDBError) in
            let before = environment.lastTransaction
            #expect(!environment.hasOwnReader(before: before))
            #expect(environment.hasOwnReader(before: before + 1))
        }
        #expect(!environment.hasOwnReader(before: .max))
    }
}
