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

    /// Changes the last byte of the first row of a table.
    static func changeRow(of table: String, in ledger: String) throws {
        try change(table, in: ledger) { first in
            guard let first else { throw TestFailure("\(table) is empty") }
            var value = first.value
            value[value.count - 1] ^= 1
            return (first.key, value)
        }
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
