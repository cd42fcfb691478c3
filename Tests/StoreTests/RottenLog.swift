import EventLog
import LMDB
import Testing

/// A copy of a log with pages of every kind, which a test may damage.
struct RottenLog {
    private let directory: TemporaryDirectory
    /// The copy's directory.
    var path: String { directory.path }

    /// 600 events in 300 commands, some with payloads of several pages; some pages are free.
    static let whole = Task { try await bytes(eventCount: 600) }
    /// The same of few events: it is small enough to be damaged often.
    static let small = Task { try await bytes(eventCount: 40) }

    private static func bytes(eventCount: Int) async throws -> [UInt8] {
        let harness = try LogHarness()
        for number in 0..<eventCount / 2 {
            let size = number % 50 == 7 ? 9000 : 40
            let payloads = [[UInt8](repeating: UInt8(number & 0xff), count: size), [1, 2, 3]]
            try await harness.append("command-\(number)", payloads)
        }
        await harness.log.close()
        return try Files.bytes(harness.path + "/data.mdb")
    }

    /// A copy that consists of these bytes.
    init(_ bytes: [UInt8]) throws {
        directory = try TemporaryDirectory()
        try Files.write(bytes, to: directory.sub("data.mdb"))
    }

    /// A copy of the whole log.
    init() async throws {
        try self.init(try await Self.whole.value)
    }

    /// Changes the file behind everybody's back.
    func damage(_ change: (inout DataFileEditor) throws -> Void) throws {
        var editor = try DataFileEditor(path)
        try change(&editor)
        try editor.save()
    }

    /// What verification finds, in parts of so many events.
    func findings(
        _ scope: VerificationScope = .all,
        partLevel: Int = 14
    ) throws(EventLogError) -> [VerificationFinding] {
        try LogInspection.read(at: path) { (inspection) throws(EventLogError) in
            inspection.verify(scope, clientTables: ["rows"], partLevel: partLevel)
                .findings.findings
        }
    }

    /// Changes a table as LMDB does.
    func change(
        _ table: String,
        _ kind: Table.Kind,
        _ change: (inout WriteTransaction, Table) throws(LMDBError) -> Void
    ) throws {
        let environment = try Environment(path: path, options: EnvironmentOptions())
        let table = try environment.openTable(table, kind)
        try environment.write { (transaction) throws(LMDBError) in
            try change(&transaction, table)
        }
    }

    func dropTable(_ name: String) throws {
        try Environment(path: path, options: EnvironmentOptions()).dropTable(name)
    }

    /// Changes a byte of a row, counted from its end.
    func flip(byteFromEnd offset: Int = 1, of key: UInt64, in table: String) throws {
        try change(table, .positions) { (transaction, table) throws(LMDBError) in
            var bytes: [UInt8] = []
            if let value = try transaction.value(forKey: key, in: table) {
                bytes = (0..<value.count).map { value[$0] }
            }
            bytes[bytes.count - offset] ^= 1
            let changed = bytes
            try transaction.put(changed.span, forKey: key, in: table)
        }
    }

    /// All rows of all tables, as LMDB reads them.
    func rows() throws -> [String: [[UInt8]]] {
        let environment = try Environment(path: path, options: EnvironmentOptions())
        let names = try environment.read { (transaction) throws(LMDBError) in
            try transaction.reader().tableNames()
        }
        var rows: [String: [[UInt8]]] = [:]
        for name in names {
            let isNumbered = ["headers", "payloads", "hashes"].contains(name)
            let table = try environment.openTable(name, isNumbered ? .positions : .bytes)
            try environment.read { (transaction) throws(LMDBError) in
                try transaction.reader().forEach(in: table) { key, value in
                    rows[name, default: []] += [
                        key.indices.map { key[$0] }, value.indices.map { value[$0] },
                    ]
                    return true
                }
            }
        }
        return rows
    }
}
