package import LMDB

/// A ledger's data file as one transaction left it, read without LMDB: what verification, replays
/// and exports of a file that nobody trusts work on.
///
/// It is valid in the closure that it was handed to, and may be shared between threads there.
package struct LogInspection: Sendable {
    /// The ledger's directory.
    package let path: String
    /// The pages.
    package let snapshot: FileSnapshot
    /// The records of all tables that could be read, by name.
    package let tables: [String: TableRecord]
    /// The rows of `meta` that the log knows; those that cannot be read are left out.
    package let meta: [String: [UInt8]]
    /// What is wrong with the pages that all of this was read from.
    let findings: FindingList<VerificationFinding>

    init(path: String, _ snapshot: FileSnapshot) {
        self.path = path
        self.snapshot = snapshot
        let report = StructureCheck(snapshot, kinds: Self.kinds).runQuickly()
        tables = report.tables
        findings = report.findings.map(VerificationFinding.init)
        meta = tables["meta"].map { Self.rows(snapshot, $0) } ?? [:]
    }

    /// What the keys of the log's own tables are.
    static let kinds = Dictionary(
        uniqueKeysWithValues: LogTables.definitions.map { ($0.name, $0.kind) }
    )

    /// `meta` has some ten rows; a table with more is rotten or of a much later version.
    private static let metaRowCountMax = 1000

    private static func rows(_ snapshot: FileSnapshot, _ record: TableRecord) -> [String: [UInt8]] {
        var rows: [String: [UInt8]] = [:]
        var scan = TableScan(snapshot, record)
        var goesOn = scan.first()
        while goesOn, rows.count < metaRowCountMax {
            let name = String(decoding: copyBytes(scan.key), as: UTF8.self)
            if let value = scan.value { rows[name] = copyBytes(value) }
            goesOn = scan.next()
        }
        return rows
    }

    /// A row of `meta` as text.
    package func text(_ name: String) -> String? {
        meta[name].flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// The ledger's name in the world; nil if it cannot be read.
    package var id: String? { text("ledger-id") }

    /// The end of the log, as `meta` says.
    var head: HeadRow? {
        guard let bytes = meta["head"] else { return nil }
        return HeadRow(bytes.span)
    }

    /// How many events there are, as `meta` says; nil if it cannot be read.
    package var size: UInt64? { head?.tree.size }

    /// The root of the whole log, as `meta` says; nil if it cannot be read.
    package var root: Digest? { head?.tree.root }

    /// The root of the first `size` events, by the stored hashes; nil if there are not so many.
    package func root(at size: UInt64) -> Digest? {
        guard let record = tables["hashes"], size <= self.size ?? 0 else { return nil }
        var scan = TableScan(snapshot, record)
        var peaks: [Digest] = []
        for subtree in MerkleTree.subtrees(of: 0..<size) {
            guard scan.find(subtree.storedIndex), let hash = Digest(at: scan) else { return nil }
            peaks.append(hash)
        }
        return MerkleTree.fold(peaks)
    }

    /// Which generation of the client's tables counts; nil if that cannot be read.
    package var clientGeneration: UInt64? { clientNumber(ClientRows.generationKey) }

    /// The version of the rows in the client's tables; nil if that cannot be read.
    package var clientVersion: UInt64? { clientNumber(ClientRows.versionKey) }

    private func clientNumber(_ key: [UInt8]) -> UInt64? {
        let name = String(decoding: key, as: UTF8.self)
        guard meta[name] != nil else { return 1 }
        return text(name).flatMap { UInt64($0) }
    }

    /// The record of a table of the client, by the client's name for it; nil if it is not there.
    package func clientTable(_ name: String) -> TableRecord? {
        guard let generation = clientGeneration else { return nil }
        return tables[ClientTables.definitions([name], generation: generation)[0].name]
    }
}

extension LogInspection {
    /// Runs `body` on the ledger in a directory, whatever state it is in.
    ///
    /// Meanwhile a read transaction keeps the pages, if LMDB can open the file at all.
    ///
    /// - Throws: `.noLedger`, `.notADirectory`, `.permission`, `.readersFull`, `.newerFormat`;
    ///   `.damaged`, `.truncated` if not even one meta page can be read.
    package static func read<T, E: EventLogFailure>(
        at path: String,
        _ body: (LogInspection) throws(E) -> T
    ) throws(E) -> T {
        let environment: Environment?
        do throws(EventLogError) {
            environment = try LogDirectory(path).openForInspection()
        } catch {
            throw E(log: error)
        }
        if let environment { return try read(environment, path, body) }
        // LMDB does not open it, so nobody writes to it: it is read as it is.
        let snapshot: FileSnapshot?
        do throws(LMDBError) {
            snapshot = try FileSnapshot.open(directory: path, transaction: nil)
        } catch {
            throw E(log: EventLogError(error))
        }
        guard let snapshot else { preconditionFailure("any transaction's meta page will do") }
        return try run(path, snapshot, body)
    }

    static func read<T, E: EventLogFailure>(
        _ environment: Environment,
        _ path: String,
        _ body: (LogInspection) throws(E) -> T
    ) throws(E) -> T {
        do throws(TransactionFailure<E>) {
            return try environment.inspect { (snapshot) throws(E) in
                try run(path, snapshot, body)
            }
        } catch {
            switch error {
            case .storage(let error): throw E(log: EventLogError(error))
            case .body(let error): throw error
            }
        }
    }

    private static func run<T, E: EventLogFailure>(
        _ path: String,
        _ snapshot: FileSnapshot,
        _ body: (LogInspection) throws(E) -> T
    ) throws(E) -> T {
        let inspection = LogInspection(path: path, snapshot)
        let known = LogTables.definitions.filter { inspection.tables[$0.name] != nil }
        // An LMDB file of somebody else's, or a creation that was cut short.
        if known.isEmpty, inspection.findings.isEmpty { throw E(log: .noLedger(path: path)) }
        if let needs = inspection.text("minimum-reader").flatMap({ Int($0) }),
            needs > LogDirectory.format
        {
            throw E(
                log: .newerFormat(path: path, needs: needs, supports: LogDirectory.format)
            )
        }
        return try body(inspection)
    }
}

extension EventLog {
    /// Runs `body` on the data file of this log as it is now.
    package func inspect<T, E: EventLogFailure>(
        _ body: (LogInspection) throws(E) -> T
    ) throws(E) -> T {
        try LogInspection.read(store.environment, path, body)
    }
}
