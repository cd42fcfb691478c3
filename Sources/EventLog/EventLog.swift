package import LMDB
import Synchronization

/// An append-only log of events in one directory.
///
/// Events are numbered from 1 without gaps and never change. All events of one command, and every
/// client's row that they change, are appended in one transaction, durable before the command is
/// acknowledged. One process writes at a time; any number read. What the events mean is their
/// client's business.
package final class EventLog: Sendable {
    /// What a log is opened for.
    package enum Access: Hashable, Sendable {
        /// Reading only.
        case read
        /// Reading and appending.
        case readWrite
    }

    /// The directory.
    package let path: String
    /// The ledger's name in the world.
    package let id: LedgerID
    let store: LogStore
    let writer: LogWriter?
    private let broadcast: HeadBroadcast
    /// Notices commits of other processes; made with the first follower.
    private let watch = Mutex<FileWatch?>(nil)

    init(
        _ store: LogStore,
        _ lock: FileLock?,
        _ options: LogOptions,
        _ clock: @escaping @Sendable () -> Timestamp
    ) throws(EventLogError) {
        self.store = store
        path = store.path
        id = store.id
        let broadcast = HeadBroadcast(try Self.checkedHead(store))
        self.broadcast = broadcast
        writer = lock.map { LogWriter(store, $0, options, clock, broadcast) }
    }

    deinit { broadcast.finish() }

    /// Makes a ledger in a directory that is not there or empty, and opens it for writing.
    ///
    /// - Throws: `.notADirectory`, `.ledgerExists`, `.directoryInUse`, `.readOnlyDirectory`,
    ///   `.diskFull`, and other failures of the store.
    package static func create(
        at path: String,
        options: LogOptions = LogOptions(),
        clock: @escaping @Sendable () -> Timestamp = Timestamp.wallClock
    ) throws(EventLogError) -> EventLog {
        try LogDirectory(path).create(options, clock)
    }

    /// Opens a ledger.
    ///
    /// The end of the log is checked against its last event and the stored hashes.
    ///
    /// - Throws: `.noLedger`, `.notADirectory`, `.newerFormat`, `.truncated`, `.damaged`,
    ///   `.alreadyOpen`, `.permission`; for writing `.readOnlyDirectory`, and `.held` with
    ///   `LogOptions.LockMode.session`.
    package static func open(
        at path: String,
        access: Access = .readWrite,
        options: LogOptions = LogOptions(),
        clock: @escaping @Sendable () -> Timestamp = Timestamp.wallClock
    ) throws(EventLogError) -> EventLog {
        try LogDirectory(path).open(access, options, clock)
    }

    /// Appends what a command decides, once.
    ///
    /// It returns when the outcome is durable: one commit, shared with all who submit meanwhile.
    /// A command id that was accepted before gets the receipt that it got then, or is a conflict
    /// if it now says something else.
    ///
    /// - Throws: `.held`, `.queueFull`, `.limitExceeded`, `.mapFull`, `.diskFull`: nothing is
    ///   recorded; `.inDoubt`: the program must end, and the command be repeated after a restart.
    package func submit<Refusal>(
        _ submission: Submission<Refusal>
    ) async throws(EventLogError) -> Outcome<Refusal> {
        guard let writer else { throw .openForReading(path: path) }
        return try await withCheckedContinuation { reply in
            writer.enqueue(TypedPending(submission, reply))
        }.get().outcome
    }

    /// Runs `body` on the state of the log now.
    ///
    /// Keep it short.
    ///
    /// - Throws: `.readersFull`, and what `body` throws.
    package func read<T: ~Copyable, E: EventLogFailure>(
        _ body: (LogSnapshot) throws(E) -> T
    ) throws(E) -> T {
        do throws(TransactionFailure<E>) {
            return try store.environment.read { (transaction) throws(E) in
                let snapshot: LogSnapshot
                do throws(EventLogError) {
                    snapshot = try LogSnapshot(store, transaction.reader())
                } catch {
                    throw E(log: error)
                }
                return try body(snapshot)
            }
        } catch {
            switch error {
            case .storage(let error): throw E(log: EventLogError(error))
            case .body(let error): throw error
            }
        }
    }

    /// Runs `body` on the state of the log now, and on the client's tables that count in it.
    ///
    /// - Throws: `.tablesOlder`, `.tablesNewer`, `.tableMissing`, `.tablesRebuilt`, `.readersFull`,
    ///   and what `body` throws.
    package func readTables<T, E: EventLogFailure>(
        _ body: (LogSnapshot, ClientTables) throws(E) -> T
    ) throws(E) -> T {
        for _ in 0..<Self.openingCountMax {
            let answer: T? = try read { (snapshot) throws(E) in
                let tables: ClientTables?
                do throws(EventLogError) {
                    tables = try store.client.tables(seenBy: snapshot.reader, store.tables.meta)
                } catch {
                    throw E(log: error)
                }
                guard let tables else { return nil }
                return try body(snapshot, tables)
            }
            if let answer { return answer }
            // Another process has rebuilt them, or they could not be opened so far.
            do throws(EventLogError) {
                try store.client.open(store.environment, store.tables.meta)
            } catch {
                throw E(log: error)
            }
        }
        throw E(log: .tablesRebuilt(path: path))
    }

    /// How often a read begins anew because the client's tables were rebuilt before it began.
    private static let openingCountMax = 3

    /// Where the log ends now.
    package func head() throws(EventLogError) -> LogHead {
        try read { (snapshot) throws(EventLogError) in snapshot.head }
    }

    /// The ends of the log after `position`, as it grows, whichever process writes.
    ///
    /// Who is slow gets only the newest end. The stream ends with the log.
    package func follow(after position: Position) throws(EventLogError) -> AsyncStream<LogHead> {
        try startWatching()
        broadcast.send(try head())
        return broadcast.follow(after: position)
    }

    /// The store, for white-box tests.
    var environment: Environment { store.environment }

    /// How many commits this process has made.
    package var commitCount: Int { writer?.commitCount ?? 0 }

    /// How the writer is doing; nil of a log that is open for reading.
    package var writerStatistics: WriterStatistics? { writer?.statistics }

    /// The size of the store and its tables, and how its readers are doing.
    package func statistics() throws(EventLogError) -> EnvironmentStatistics {
        try fromStore { () throws(LMDBError) in try store.environment.statistics() }
    }

    /// Lets what waits finish, then refuses submissions and gives the writer's lock back.
    ///
    /// When the log is released after that, this process may open the directory again.
    package func close() async {
        await writer?.close()
        broadcast.finish()
        watch.withLock { $0 = nil }
    }

    private func startWatching() throws(EventLogError) {
        let environment = store.environment
        let store = store
        let broadcast = broadcast
        try fromStore { () throws(LMDBError) in
            try watch.withLock { (watch) throws(LMDBError) in
                if watch != nil { return }
                watch = try FileWatch(dataFileIn: StoreDirectory(environment.path)) {
                    // A failure to read is noticed by whoever reads next.
                    if let head = try? Self.head(store) { broadcast.send(head) }
                }
            }
        }
    }

    private static func head(_ store: LogStore) throws(EventLogError) -> LogHead {
        do throws(TransactionFailure<EventLogError>) {
            return try store.environment.read { (transaction) throws(EventLogError) in
                try HeadRow.read(transaction.reader(), store.tables, path: store.path).head
            }
        } catch {
            switch error {
            case .storage(let error): throw EventLogError(error)
            case .body(let error): throw error
            }
        }
    }

    /// The end of the log, checked: O(log size).
    private static func checkedHead(_ store: LogStore) throws(EventLogError) -> LogHead {
        do throws(TransactionFailure<EventLogError>) {
            return try store.environment.read { (transaction) throws(EventLogError) in
                try LogSnapshot(store, transaction.reader()).checkEnd()
            }
        } catch {
            switch error {
            case .storage(let error): throw EventLogError(error)
            case .body(let error): throw error
            }
        }
    }
}
