import EventLog
import Ledger
import LMDB

/// The rows that a stretch of a ledger is made of, to be written by LMDB and nothing else.
struct BareRows {
    /// Of the log: position, header, salted payload, hashes.
    private struct Entry {
        let position: UInt64
        let header: [UInt8]
        let payload: [UInt8]
        /// The command's id, on its first event.
        let commandID: [UInt8]?
        var rows: [WrittenRow] = []
    }

    private var entries: [Entry] = []

    init(_ ledger: Ledger, _ positions: ClosedRange<UInt64>) throws {
        entries = try ledger.log.read { (snapshot) throws(EventLogError) in
            try positions.map { number throws(EventLogError) in
                let position = Position(rawValue: number)
                let header = try snapshot.header(at: position)
                let id = header.indexInCommand == 0 ? Array(header.commandID.rawValue.utf8) : nil
                return Entry(
                    position: number,
                    header: try snapshot.headerBytes(at: position),
                    payload: [UInt8](repeating: 7, count: 16)
                        + (try snapshot.payload(at: position) ?? []),
                    commandID: id
                )
            }
        }
        for index in entries.indices {
            let position = entries[index].position
            entries[index].rows = try ledger.rowsWritten(by: position...position)
        }
    }

    /// Writes them in `commitCount` commits of the same number of events.
    func write(
        at path: String,
        commitCount: Int,
        _ commandCount: Int
    ) throws -> Measurement {
        try StoreDirectory(path).make()
        let environment = try Environment(
            path: path,
            options: EnvironmentOptions(mapSizeBytes: 16 << 30, creates: true)
        )
        let names = Set(entries.flatMap { $0.rows.map(\.table) }).sorted()
        let log = ["headers", "payloads", "hashes"]
        let definitions =
            log.map { TableDefinition($0, .positions) }
            + (["commands", "meta"] + names).map { TableDefinition($0, .bytes) }
        let opened = try environment.openTables(definitions, create: true)
        let tables = Dictionary(
            uniqueKeysWithValues: zip(definitions.map(\.name), opened)
        )
        let began = ContinuousClock.now
        for commit in 0..<commitCount {
            let start = entries.count * commit / commitCount
            let end = entries.count * (commit + 1) / commitCount
            try environment.write { (transaction) throws(LMDBError) in
                for entry in entries[start..<end] {
                    try write(entry, to: &transaction, tables)
                }
                let head = [UInt8](repeating: 7, count: 400)
                let key = Array("head".utf8)
                try transaction.put(head.span, forKey: key.span, in: table("meta", tables))
            }
        }
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        return Measurement(name: "bare", rate: Double(commandCount) / seconds)
    }

    private func table(_ name: String, _ tables: [String: Table]) -> Table {
        guard let table = tables[name] else { preconditionFailure("\(name) was opened") }
        return table
    }

    private func write(
        _ entry: Entry,
        to transaction: inout WriteTransaction,
        _ tables: [String: Table]
    ) throws(LMDBError) {
        let (header, payload, position) = (entry.header, entry.payload, entry.position)
        try transaction.append(header.span, forKey: position, in: table("headers", tables))
        try transaction.append(payload.span, forKey: position, in: table("payloads", tables))
        let hash = [UInt8](repeating: 7, count: 32)
        // Two stored hashes for an event, on the average.
        for index in [2 * position, 2 * position + 1] {
            try transaction.append(hash.span, forKey: index, in: table("hashes", tables))
        }
        if let id = entry.commandID {
            let row = [UInt8](repeating: 7, count: 48)
            try transaction.put(row.span, forKey: id.span, in: table("commands", tables))
        }
        for row in entry.rows {
            let (key, value) = (row.key, row.value)
            try transaction.put(value.span, forKey: key.span, in: table(row.table, tables))
        }
    }
}
