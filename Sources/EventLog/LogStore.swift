import LMDB

/// The open environment of a log, its tables and its name.
struct LogStore: Sendable {
    let environment: Environment
    let tables: LogTables
    let client: ClientTableCache
    let path: String
    let id: LedgerID
    let faults: FaultInjection?
}

extension HeadRow {
    /// The end of the log as a transaction sees it.
    static func read(
        _ reader: TableReader,
        _ tables: LogTables,
        path: String
    ) throws(EventLogError) -> HeadRow {
        let row = try fromStore { () throws(LMDBError) in
            try reader.withValue(forKey: key, in: tables.meta) { HeadRow($0) }
        }
        guard let row, let row else {
            throw .damaged(path: path, what: "table meta has no sound row 'head'")
        }
        return row
    }
}

extension CommandRow {
    /// What was accepted under a command id.
    static func read(
        _ commandID: CommandID,
        _ reader: TableReader,
        _ tables: LogTables,
        path: String
    ) throws(EventLogError) -> CommandRow? {
        let key = Array(commandID.rawValue.utf8)
        let row = try fromStore { () throws(LMDBError) in
            try reader.withValue(forKey: key, in: tables.commands) { CommandRow($0) }
        }
        guard let row else { return nil }
        guard let row else {
            throw .damaged(path: path, what: "table commands has a row that is none")
        }
        return row
    }
}

/// The stored hashes of complete subtrees, and what is computed from them.
package struct StoredHashes {
    private let reader: TableReader
    private let tables: LogTables
    private let path: String

    init(_ reader: TableReader, _ tables: LogTables, path: String) {
        self.reader = reader
        self.tables = tables
        self.path = path
    }

    /// The hash of a complete subtree.
    package func hash(_ subtree: MerkleTree.Subtree) throws(EventLogError) -> Digest {
        let index = subtree.storedIndex
        let hash = try fromStore { () throws(LMDBError) in
            try reader.withValue(forKey: index, in: tables.hashes) { Digest(bytes: $0) }
        }
        guard let hash, let hash else {
            throw .damaged(path: path, what: "table hashes lacks hash \(index)")
        }
        return hash
    }

    /// The root of the subtree over `leaves`, complete or not (RFC 9162's MTH of a range).
    package func root(of leaves: Range<UInt64>) throws(EventLogError) -> Digest {
        MerkleTree.fold(try peaks(of: leaves))
    }

    /// The roots of the complete subtrees that `leaves` consist of, from left to right.
    func peaks(of leaves: Range<UInt64>) throws(EventLogError) -> [Digest] {
        var peaks: [Digest] = []
        for subtree in MerkleTree.subtrees(of: leaves) { peaks.append(try hash(subtree)) }
        return peaks
    }

    /// The root of the tree of the first `size` leaves.
    package func root(at size: UInt64) throws(EventLogError) -> Digest {
        try root(of: 0..<size)
    }
}
