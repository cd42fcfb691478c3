package import LMDB
import Synchronization

/// The tables of the log's client, in one of their generations.
///
/// Those of generation 1 have the names that the client gives them, those of generation g have
/// `.g` behind it. Which generation counts is a row of `meta`, so all tables change at once.
package struct ClientTables: Sendable {
    /// Which generation they are.
    package let generation: UInt64
    /// The tables by the client's names.
    fileprivate let tables: [String: Table]

    init(generation: UInt64, names: [String], _ opened: [Table]) {
        self.generation = generation
        tables = Dictionary(uniqueKeysWithValues: zip(names, opened))
    }

    /// A table that is named in the options.
    package subscript(name: String) -> Table {
        guard let table = tables[name] else {
            preconditionFailure("table \(name) is not among the log's client tables")
        }
        return table
    }

    /// What tables are called in a generation.
    static func definitions(_ names: [String], generation: UInt64) -> [TableDefinition] {
        names.map { TableDefinition(generation == 1 ? $0 : "\($0).\(generation)", .bytes) }
    }

    /// The generation that a table of this name belongs to; nil for the log's own tables.
    static func generation(ofTable name: String) -> UInt64? {
        if LogTables.definitions.contains(where: { $0.name == name }) { return nil }
        guard let dot = name.lastIndex(of: ".") else { return 1 }
        return UInt64(name[name.index(after: dot)...]) ?? 1
    }
}

/// What `meta` says of the client's tables: which generation counts, and which version of the
/// client's program made its rows.
struct ClientRows: Hashable, Sendable {
    static let generationKey = Array("projection-generation".utf8)
    static let versionKey = Array("projection-version".utf8)

    var generation: UInt64
    var version: UInt64

    /// Reads the rows; a ledger without them has the first generation and version.
    static func read(
        _ reader: TableReader,
        _ meta: Table,
        path: String
    ) throws(EventLogError) -> ClientRows {
        ClientRows(
            generation: try number(generationKey, reader, meta, path: path),
            version: try number(versionKey, reader, meta, path: path)
        )
    }

    /// The generation alone: what every transaction asks first.
    static func generation(
        _ reader: TableReader,
        _ meta: Table,
        path: String
    ) throws(EventLogError) -> UInt64 {
        try number(generationKey, reader, meta, path: path)
    }

    private static func number(
        _ key: [UInt8],
        _ reader: TableReader,
        _ meta: Table,
        path: String
    ) throws(EventLogError) -> UInt64 {
        let text = try fromStore { () throws(LMDBError) in
            try reader.withValue(forKey: key, in: meta) { value in
                String(decoding: copyBytes(value), as: UTF8.self)
            }
        }
        guard let text else { return 1 }
        guard let number = UInt64(text), number < .max else {
            let name = String(decoding: key, as: UTF8.self)
            throw .damaged(path: path, what: "table meta has no sound row '\(name)'")
        }
        return number
    }

    /// The rows as `meta` keeps them.
    var rows: [(key: [UInt8], value: [UInt8])] {
        [
            (Self.generationKey, Array("\(generation)".utf8)),
            (Self.versionKey, Array("\(version)".utf8)),
        ]
    }
}

/// The client's tables that this process has open, for all who read and write.
///
/// Another process may rebuild them at any time: then the next transaction sees another
/// generation, and its tables are opened.
final class ClientTableCache: Sendable {
    /// What the client calls its tables.
    let names: [String]
    /// The version of rows that the client's program makes and reads.
    let version: UInt64
    private let path: String
    private let opened = Mutex<ClientTables?>(nil)

    init(_ options: LogOptions, path: String) {
        names = options.clientTables
        version = options.clientVersion
        self.path = path
    }

    /// The tables that were opened last.
    var last: ClientTables? { opened.withLock { $0 } }

    /// The tables that count in a transaction; nil if they are not open.
    func tables(
        seenBy reader: TableReader,
        _ meta: Table
    ) throws(EventLogError) -> ClientTables? {
        guard let last, !names.isEmpty else { return last }
        let generation = try ClientRows.generation(reader, meta, path: path)
        return last.generation == generation ? last : nil
    }

    /// The tables that count in a transaction.
    ///
    /// - Throws: `.tablesRebuilt` if they are not open.
    func currentTables(
        seenBy reader: TableReader,
        _ meta: Table
    ) throws(EventLogError) -> ClientTables {
        guard let tables = try tables(seenBy: reader, meta) else {
            throw .tablesRebuilt(path: path)
        }
        return tables
    }

    /// Takes tables that were opened.
    func keep(_ tables: ClientTables) {
        opened.withLock { $0 = tables }
    }

    /// Refuses rows of other versions than the client's.
    func check(_ rows: ClientRows) throws(EventLogError) {
        if rows.version < version {
            throw .tablesOlder(path: path, version: rows.version, needed: version)
        }
        if rows.version > version {
            throw .tablesNewer(path: path, version: rows.version, known: version)
        }
    }

    /// Opens the tables that count now.
    ///
    /// - Throws: `.tablesOlder`, `.tablesNewer`; `.tablesRebuilt` if this process cannot open more
    ///   tables; `.tableMissing` if one is not there.
    @available(*, noasync)
    func open(_ environment: Environment, _ meta: Table) throws(EventLogError) {
        if names.isEmpty { return keep(ClientTables(generation: 1, names: [], [])) }
        var missing: EventLogError?
        var generation: UInt64?
        while true {
            let rows = try ClientRows.read(environment, meta, path: path)
            try check(rows)
            // Only tables that were rebuilt again since the row was read are looked for again.
            if let missing, rows.generation == generation { throw missing }
            generation = rows.generation
            do throws(EventLogError) {
                return try open(environment, rows.generation)
            } catch {
                guard case .tableMissing = error else { throw error }
                missing = error
            }
        }
    }

    @available(*, noasync)
    private func open(
        _ environment: Environment,
        _ generation: UInt64
    ) throws(EventLogError) {
        do throws(LMDBError) {
            let definitions = ClientTables.definitions(names, generation: generation)
            let tables = try environment.openTables(definitions)
            keep(ClientTables(generation: generation, names: names, tables))
        } catch {
            switch error.code {
            case .tablesFull: throw .tablesRebuilt(path: path)
            case .tableMissing(let name): throw .tableMissing(path: path, table: name)
            default: throw EventLogError(error)
            }
        }
    }
}

extension ClientRows {
    /// Reads the rows in a transaction of its own.
    static func read(
        _ environment: Environment,
        _ meta: Table,
        path: String
    ) throws(EventLogError) -> ClientRows {
        do throws(TransactionFailure<EventLogError>) {
            return try environment.read { (transaction) throws(EventLogError) in
                try read(transaction.reader(), meta, path: path)
            }
        } catch {
            switch error {
            case .storage(let error): throw EventLogError(error)
            case .body(let error): throw error
            }
        }
    }
}
