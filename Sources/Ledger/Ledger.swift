package import EventLog
import LMDB
package import PromotionModel
import Wire

/// A promotion ledger: commands in, receipts or refusals out; everything that was ever so, as
/// views.
///
/// One directory, one writer at a time, any number of readers; see `EventLog`.
package final class Ledger: Sendable {
    package let log: EventLog
    let generations = GenerationCache()
    private let clock: @Sendable () -> Timestamp

    private init(_ log: EventLog, clock: @escaping @Sendable () -> Timestamp) {
        self.log = log
        self.clock = clock
    }

    /// Makes an empty ledger in a directory that is not there or empty.
    package static func create(
        at path: String,
        options: LogOptions = LogOptions(),
        clock: @escaping @Sendable () -> Timestamp = Timestamp.wallClock
    ) throws(LedgerError) -> Ledger {
        do throws(EventLogError) {
            return Ledger(
                try EventLog.create(at: path, options: withTables(options), clock: clock),
                clock: clock
            )
        } catch {
            throw .log(error)
        }
    }

    /// Opens a ledger.
    package static func open(
        at path: String,
        access: EventLog.Access = .readWrite,
        options: LogOptions = LogOptions(),
        clock: @escaping @Sendable () -> Timestamp = Timestamp.wallClock
    ) throws(LedgerError) -> Ledger {
        do throws(EventLogError) {
            let log = try EventLog.open(
                at: path,
                access: access,
                options: withTables(options),
                clock: clock
            )
            return Ledger(log, clock: clock)
        } catch {
            throw .log(error)
        }
    }

    /// Options of a log that has a ledger's projections.
    package static func withTables(_ options: LogOptions) -> LogOptions {
        var options = options
        options.clientTables = LedgerTable.allCases.map(\.rawValue)
        options.clientVersion = LedgerTable.version
        return options
    }

    /// Decides a command, and appends what it comes to.
    ///
    /// Events and every row that they change are one transaction; it returns when they are on
    /// disk. The same command id again returns the first receipt.
    package func execute(
        _ envelope: CommandEnvelope
    ) async throws(LedgerError) -> Outcome<Refusal> {
        let generations = generations
        let submission = Submission<Refusal>(
            commandID: envelope.id,
            contentHash: envelope.contentHash
        ) { (scope) throws(EventLogError) in
            try Self.decide(envelope, in: &scope, generations.generation(of: scope.clientTables))
        }
        do throws(EventLogError) {
            return try await log.submit(submission)
        } catch {
            throw .log(error)
        }
    }

    private static func decide(
        _ envelope: CommandEnvelope,
        in scope: inout AppendScope,
        _ generation: (tables: LedgerTables, cache: RowCache)
    ) throws(EventLogError) -> Decision<Refusal> {
        let next = scope.nextPosition
        let facts = StoreFacts(
            reader: scope.reader,
            tables: generation.tables,
            position: Position(rawValue: next.rawValue - 1),
            cache: generation.cache,
            committed: scope.committed
        )
        let moment = DecisionMoment(recorded: scope.recorded, next: next)
        let verdict: Verdict
        do throws(FactsFailure) {
            verdict = try Decider(facts: facts, moment: moment, envelope: envelope).decide()
        } catch {
            throw .notDecided("\(error)")
        }
        switch verdict {
        case .quiet: return .quiet
        case .refused(let refusal): return .refuse(refusal)
        case .events(let drafts):
            for draft in drafts { try append(draft, envelope, to: &scope, facts) }
            return .append
        }
    }

    /// Appends one event and the rows that it changes.
    private static func append(
        _ draft: EventDraft,
        _ envelope: CommandEnvelope,
        to scope: inout AppendScope,
        _ decided: StoreFacts
    ) throws(EventLogError) {
        let before = Position(rawValue: scope.nextPosition.rawValue - 1)
        let header = try scope.append(
            NewEvent(
                type: draft.event.type.rawValue,
                project: draft.project.rawValue,
                subject: draft.subject.rawValue,
                actor: envelope.actor,
                cause: draft.cause ?? envelope.cause,
                payload: draft.event.payload.encoded()
            )
        )
        let facts = decided.at(before)
        let tables = facts.tables
        let rows: [Row]
        do throws(FactsFailure) {
            rows = try Row.rows(of: draft.event, header, facts)
        } catch {
            throw .notDecided("\(error)")
        }
        for row in rows { try scope.put(row.value, forKey: row.key, in: tables[row.table]) }
    }

    /// What a command would come to now; nothing is appended.
    package func dryRun(_ envelope: CommandEnvelope) throws(LedgerError) -> Verdict {
        try read { (view) throws(LedgerError) in
            let moment = DecisionMoment(
                recorded: max(view.moment.time, view.snapshot.head.recorded),
                next: view.moment.position.next
            )
            return try view.ask { facts throws(FactsFailure) in
                try Decider(facts: facts, moment: moment, envelope: envelope).decide()
            }
        }
    }

    /// Runs `body` on what the ledger knew at a moment.
    ///
    /// Keep it short: while it runs, no page that it sees can be used again.
    package func read<T>(
        at reference: MomentReference = .now,
        _ body: (View) throws(LedgerError) -> T
    ) throws(LedgerError) -> T {
        let now = clock()
        return try log.readTables { (snapshot, client) throws(LedgerError) in
            let (tables, cache) = generations.generation(of: client)
            let moment = try MomentResolver(
                snapshot: snapshot,
                tables: tables,
                cache: cache,
                now: now
            )
            .resolve(reference)
            let facts = StoreFacts(
                reader: snapshot.reader,
                tables: tables,
                position: moment.position,
                cache: cache,
                committed: snapshot.head.position
            )
            return try body(View(facts: facts, moment: moment, snapshot: snapshot))
        }
    }
}
