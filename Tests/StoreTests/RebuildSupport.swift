import EventLog
import LMDB
import Synchronization
import Testing

/// Fails once, at the so and so manieth time that a point is passed.
final class Trap: Sendable {
    private let code: LMDBError.Code
    private let plan = Mutex<(point: FaultInjection.Point, count: Int)?>(nil)

    init(code: LMDBError.Code = .diskFull) {
        self.code = code
    }

    func set(_ point: FaultInjection.Point, after count: Int) {
        plan.withLock { $0 = (point, count) }
    }

    var injection: FaultInjection {
        FaultInjection { [self] point in
            plan.withLock { plan in
                guard let (at, count) = plan, at == point else { return nil }
                plan = count == 0 ? nil : (at, count - 1)
                return count == 0 ? code : nil
            }
        }
    }
}

extension EventLog {
    /// Appends an event and a row under the command's id.
    func appendRow(_ id: String) async throws {
        let submission = Submission<Never>(
            commandID: CommandID(unchecked: id),
            contentHash: LogHarness.hash(id)
        ) { (scope) throws(EventLogError) in
            try scope.append(LogHarness.event([1]))
            try scope.put([1], forKey: Array(id.utf8), in: scope.clientTables["rows"])
            return .append
        }
        _ = try await submit(submission)
    }

    /// The ids that there are rows of.
    func rows() throws -> [String] {
        try readTables { (snapshot, tables) throws(EventLogError) in try snapshot.keys(tables) }
    }

    /// The ids of all commands that the log has.
    func commands() throws -> Set<String> {
        try read { (snapshot) throws(EventLogError) in
            var ids: Set<String> = []
            try snapshot.forEachHeader { (header) throws(EventLogError) in
                ids.insert(header.commandID.rawValue)
                return true
            }
            return ids
        }
    }

    /// Makes the rows anew from the headers; returns the new generation.
    @discardableResult
    func rebuildRows(
        batchCountMax: Int = 1000,
        between: () async throws -> Void = {}
    ) async throws -> UInt64 {
        let rebuild = try await beginRebuild()
        do {
            var done = Position.origin
            var isComplete = false
            while !isComplete {
                let before = done
                (done, isComplete) = try await rebuild.batch { (scope) throws(EventLogError) in
                    try Self.fill(&scope, after: before, batchCountMax)
                }
                if !isComplete { try await between() }
            }
        } catch {
            await rebuild.abandon()
            throw error
        }
        #expect(try await rebuild.removeOthers())
        return rebuild.generation
    }

    private static func fill(
        _ scope: inout RebuildScope,
        after before: Position,
        _ countMax: Int
    ) throws(EventLogError) -> (Position, Bool) {
        var headers: [Header] = []
        try scope.snapshot.forEachHeader(from: before.next) { (header) throws(EventLogError) in
            headers.append(header)
            return headers.count < countMax
        }
        let done = headers.last?.position ?? before
        for header in headers {
            let key = Array(header.commandID.rawValue.utf8)
            try scope.put([1], forKey: key, in: scope.tables["rows"])
        }
        let isComplete = done == scope.snapshot.head.position
        if isComplete { try scope.complete() }
        return (done, isComplete)
    }
}

extension LogSnapshot {
    /// The keys of the client's rows.
    func keys(_ tables: ClientTables) throws(EventLogError) -> [String] {
        var keys: [String] = []
        do throws(LMDBError) {
            try reader.forEach(in: tables["rows"]) { key, _ in
                keys.append(String(decoding: key.indices.map { key[$0] }, as: UTF8.self))
                return true
            }
        } catch {
            throw EventLogError(error)
        }
        return keys
    }
}

extension LogHarness {
    /// What the log's own tables are called, in the order of names.
    var logTables: [String] { ["commands", "hashes", "headers", "meta", "payloads"] }

    func tableNames() throws -> [String] {
        try log.read { (snapshot) throws(EventLogError) in
            (try? snapshot.reader.tableNames()) ?? []
        }
    }

    var root: Digest {
        get throws { try log.read { (snapshot) throws(EventLogError) in snapshot.root } }
    }

    func root(at position: UInt64) throws -> Digest {
        try log.read { (snapshot) throws(EventLogError) in
            try snapshot.root(at: Position(rawValue: position))
        }
    }
}
