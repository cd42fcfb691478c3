import DequeModule
import LMDB
import Synchronization

/// Appends what is submitted, in the order of arrival; all that waits shares one commit.
actor LogWriter {
    let path: String
    /// Given up when the log is closed, so that the environment can be.
    ///
    /// Owned by the writer thread.
    var store: LogStore?
    let options: LogOptions
    private let clock: @Sendable () -> Timestamp
    private let thread = WriterThread()
    let lock: FileLock
    private let follower: HeadBroadcast
    /// What waits for the writer; submitters put it there without a hop to the writer's thread.
    private nonisolated let inbox = Mutex(Inbox())
    /// Owned by the writer thread.
    private var salts = SaltSource()
    /// Set by a commit that is in doubt; nothing is appended after it.
    ///
    /// Owned by the writer thread.
    var isPoisoned = false
    /// How the last commit went, which tells how long to wait for company.
    private var lastCommit = (count: 0, duration: Duration.zero)

    /// Submissions that wait.
    ///
    /// Guarded by `inbox`.
    private struct Inbox {
        var waiting: Deque<Pending> = []
        var isDraining = false
        var isClosed = false
        var commitCount = 0
        var commitDuration = Duration.zero
    }

    init(
        _ store: LogStore,
        _ lock: FileLock,
        _ options: LogOptions,
        _ clock: @escaping @Sendable () -> Timestamp,
        _ follower: HeadBroadcast
    ) {
        self.store = store
        path = store.path
        self.lock = lock
        self.options = options
        self.clock = clock
        self.follower = follower
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe thread.asUnownedSerialExecutor()
    }

    /// How many commits were made.
    nonisolated var commitCount: Int { inbox.withLock { $0.commitCount } }

    /// How the writer is doing.
    nonisolated var statistics: WriterStatistics {
        inbox.withLock { inbox in
            WriterStatistics(
                waitingCount: inbox.waiting.count,
                commitCount: inbox.commitCount,
                commitDuration: inbox.commitDuration
            )
        }
    }

    /// Queues a submission, or tells it why not.
    nonisolated func enqueue(_ pending: Pending) {
        let limit = options.limits.queueCountMax
        let path = path
        let (error, mustStart) = inbox.withLock { inbox -> (EventLogError?, Bool) in
            if inbox.isClosed { return (.closed(path: path), false) }
            if inbox.waiting.count >= limit { return (.queueFull(path: path, count: limit), false) }
            inbox.waiting.append(pending)
            defer { inbox.isDraining = true }
            return (nil, !inbox.isDraining)
        }
        if let error { pending.finish(.failed(error)) }
        if mustStart { Task { await self.drain() } }
    }

    /// Refuses what comes from now on, lets what waits finish, and gives the lock back.
    func close() {
        inbox.withLock { $0.isClosed = true }
        drain()
        lock.unlock()
        store = nil
    }

    /// Takes batches until nothing waits.
    ///
    /// Never suspends, so its transactions stay on the thread.
    private func drain() {
        while let batch = nextBatch() { process(batch) }
    }

    private func nextBatch() -> [Pending]? {
        linger()
        return inbox.withLock { inbox in
            guard !inbox.waiting.isEmpty else {
                inbox.isDraining = false
                return nil
            }
            let batch = Array(inbox.waiting)
            inbox.waiting.removeAll(keepingCapacity: true)
            return batch
        }
    }

    /// Waits a moment for those whom the last commit has just answered: they mostly come back
    /// with their next submission, and then share a commit instead of missing it.
    ///
    /// Not longer than a quarter of what the last commit took, and not at all for one submitter.
    private func linger() {
        guard lastCommit.count > 1 else { return }
        let deadline = ContinuousClock.now + min(lastCommit.duration / 4, .milliseconds(1))
        while inbox.withLock({ $0.waiting.count }) < lastCommit.count,
            ContinuousClock.now < deadline
        {
            Pause.brief()
        }
    }

    // MARK: - One batch

    /// What came of one transaction.
    private enum Attempt {
        /// These are concluded; the rest was left for the next transaction.
        case done([Conclusion])
        /// Nothing is recorded. Which submission was at fault is not known.
        case aborted(EventLogError)
        /// It may be recorded or not.
        case inDoubt
    }

    private func process(_ batch: [Pending]) {
        if isPoisoned { return finish(batch[...], .failed(.inDoubt(path: path))) }
        guard lock.lock(patience: options.lockPatience) else {
            let error = EventLogError.held(
                path: path,
                by: lock.holder,
                waited: options.lockPatience
            )
            return finish(batch[...], .failed(error))
        }
        defer { if options.lockMode == .perBatch { lock.unlock() } }
        var rest = batch[...]
        while !rest.isEmpty {
            switch attempt(rest) {
            case .done(let conclusions):
                for (pending, conclusion) in zip(rest, conclusions) { pending.finish(conclusion) }
                rest = rest.dropFirst(conclusions.count)
            case .aborted(let error):
                if rest.count == 1 { return finish(rest, .failed(error)) }
                return processOneByOne(rest)
            case .inDoubt:
                return poison(rest)
            }
        }
    }

    /// One failed, and took its neighbours' transaction with it: each gets its own.
    private func processOneByOne(_ batch: ArraySlice<Pending>) {
        var rest = batch
        while let pending = rest.first {
            switch attempt(rest.prefix(1)) {
            case .done(let conclusions): finish(rest.prefix(1), conclusions[0])
            case .aborted(let error): pending.finish(.failed(error))
            case .inDoubt: return poison(rest)
            }
            rest = rest.dropFirst()
        }
    }

    private func poison(_ batch: ArraySlice<Pending>) {
        isPoisoned = true
        finish(batch, .failed(.inDoubt(path: path)))
    }

    private func finish(_ batch: ArraySlice<Pending>, _ conclusion: Conclusion) {
        for pending in batch { pending.finish(conclusion) }
    }

    private func attempt(_ batch: ArraySlice<Pending>) -> Attempt {
        do throws(EventLogError) {
            return try run(batch)
        } catch {
            return .aborted(error)
        }
    }

    /// Lets submissions decide in one transaction, until it is full, and commits it.
    private func run(_ batch: ArraySlice<Pending>) throws(EventLogError) -> Attempt {
        guard let store else { throw .closed(path: path) }
        var scope = try scope(store)
        var conclusions: [Conclusion] = []
        conclusions.reserveCapacity(batch.count)
        for pending in batch {
            if scope.isFull { break }
            do throws(EventLogError) {
                conclusions.append(try conclude(pending, &scope))
            } catch {
                // It wrote something that cannot be taken back alone.
                if scope.isTouched { throw error }
                conclusions.append(.failed(error))
            }
        }
        guard scope.hasChanges else {
            salts = scope.abandon()
            return .done(conclusions)
        }
        return try commit(scope, conclusions)
    }

    /// Begins a transaction; opens the client's tables first if they were rebuilt.
    private func scope(_ store: LogStore) throws(EventLogError) -> AppendScope {
        do throws(EventLogError) {
            return try AppendScope(store, options.limits, salts)
        } catch {
            guard case .tablesRebuilt = error else { throw error }
        }
        try store.client.open(store.environment, store.tables.meta)
        return try AppendScope(store, options.limits, salts)
    }

    private func commit(
        _ scope: consuming AppendScope,
        _ conclusions: [Conclusion]
    ) throws(EventLogError) -> Attempt {
        let began = ContinuousClock.now
        do throws(CommitFailure) {
            let (head, unused) = try scope.commit()
            salts = unused
            lastCommit = (conclusions.count, ContinuousClock.now - began)
            let duration = lastCommit.duration
            let commitCount = inbox.withLock { inbox in
                inbox.commitCount += 1
                inbox.commitDuration += duration
                return inbox.commitCount
            }
            // A reader that was killed would keep pages from being used again.
            if commitCount % 256 == 0 { store?.environment.clearStaleReaders() }
            follower.send(head)
            return .done(conclusions)
        } catch {
            switch error {
            case .notCommitted(let error): throw error
            case .inDoubt: return .inDoubt
            }
        }
    }

    private func conclude(
        _ pending: Pending,
        _ scope: inout AppendScope
    ) throws(EventLogError) -> Conclusion {
        scope.begin(pending.commandID, pending.contentHash, at: clock())
        if let row = try scope.accepted(pending.commandID) {
            guard row.contentHash == pending.contentHash else { return .conflict(row) }
            return .accepted(try scope.repeatedReceipt(row))
        }
        let appends = try pending.decide(&scope)
        guard appends else {
            precondition(!scope.isTouched, "a submission that declined had changed something")
            return .declined
        }
        precondition(scope.hasAppended, "a submission that said it appended had not")
        return .accepted(try scope.finish())
    }
}
