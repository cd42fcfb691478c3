import EventLog
import Glibc
import LMDB

/// Changes a ledger behind its program's back.
enum Vandal {
    /// Sets a row of table `meta`.
    static func setMeta(_ name: String, to text: String, in ledger: String) throws {
        try change("meta", in: ledger) { _ in (Array(name.utf8), Array(text.utf8)) }
    }

    /// Changes the last byte of an event's payload.
    static func changePayload(of position: UInt64, in ledger: String) throws {
        let environment = try Environment(path: ledger, options: EnvironmentOptions())
        let table = try environment.openTable("payloads", .positions)
        let stored = try environment.read { (transaction) throws(LMDBError) in
            try transaction.reader().withValue(forKey: position, in: table) { bytes in
                (0..<bytes.count).map { bytes[$0] }
            }
        }
        guard var bytes = stored else { throw TestFailure("no payload \(position)") }
        bytes[bytes.count - 1] ^= 1
        let changed = bytes
        try environment.write { (transaction) throws(LMDBError) in
            try transaction.put(changed.span, forKey: position, in: table)
        }
    }

    /// Gives the first row of a table another value.
    static func changeRow(of table: String, in ledger: String) throws {
        try change(table, in: ledger) { first in
            guard let first else { throw TestFailure("\(table) is empty") }
            var value = first.value
            if value.isEmpty { value = [1] } else { value[value.count - 1] ^= 1 }
            return (first.key, value)
        }
    }

    /// Removes the first row of a table.
    static func removeRow(of name: String, in ledger: String) throws {
        let environment = try Environment(path: ledger, options: EnvironmentOptions())
        let table = try environment.openTable(name, .bytes)
        let first = try environment.read { (transaction) throws(LMDBError) in
            try transaction.reader().first(atOrAfter: [0], in: table)
        }
        guard let key = first?.key else { throw TestFailure("\(name) is empty") }
        try environment.write { (transaction) throws(LMDBError) in
            _ = try transaction.delete(key.span, in: table)
        }
    }

    /// Adds a row that comes from no event.
    static func addRow(to table: String, in ledger: String) throws {
        try change(table, in: ledger) { _ in
            (Array("zzz".utf8) + [0] + [UInt8](repeating: 0, count: 55) + [1], [1])
        }
    }

    /// The tables that have rows, and all their rows, as LMDB reads them.
    static func rows(in ledger: String) throws -> [String: [[UInt8]]] {
        let environment = try Environment(
            path: ledger,
            options: EnvironmentOptions(isReadOnly: true)
        )
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

    private static func change(
        _ name: String,
        in ledger: String,
        _ change: ((key: [UInt8], value: [UInt8])?) throws -> (key: [UInt8], value: [UInt8])
    ) throws {
        let environment = try Environment(path: ledger, options: EnvironmentOptions())
        let table = try environment.openTable(name, .bytes)
        let first = try environment.read { (transaction) throws(LMDBError) in
            try transaction.reader().first(atOrAfter: [0], in: table)
        }
        let (key, value) = try change(first.map { ($0.key, $0.value) })
        try environment.write { (transaction) throws(LMDBError) in
            try transaction.put(value.span, forKey: key.span, in: table)
        }
    }

    /// Appends an event of a kind that no program knows yet.
    static func appendUnknownEvent(to ledger: String) async throws {
        let log = try EventLog.open(at: ledger)
        let submission = Submission<String>(
            commandID: CommandID(unchecked: "from-the-future"),
            contentHash: .sha256([])
        ) { (scope) throws(EventLogError) in
            _ = try scope.append(
                NewEvent(
                    type: 9999,
                    project: "shop",
                    subject: "stage/dev",
                    actor: EventActor(name: "operator", assurance: .asserted),
                    payload: []
                )
            )
            return .append
        }
        _ = try await log.submit(submission)
        await log.close()
    }
}

/// A lock that this process holds, as a writer would.
final class HeldLock {
    private let lock: FileLock

    init(_ name: String, in ledger: String) throws {
        lock = try FileLock(name, in: StoreDirectory(ledger))
        guard lock.tryLock() else { throw TestFailure("\(name) is held already") }
    }

    func release() {
        lock.unlock()
    }
}
