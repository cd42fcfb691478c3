import CLMDB
import Glibc
import Synchronization

/// One thread and one first-in, first-out queue: where an LMDB writer lives.
///
/// An actor whose executor this is may run write transactions in its synchronous methods: they
/// stay on the thread, and its fsyncs block no thread of the cooperative pool. The thread ends
/// when the last reference to the executor is gone.
@safe
package final class WriterThread: SerialExecutor {
    private let inbox = Inbox()

    /// Starts the thread.
    package init() {
        let inbox = inbox
        // Not joined: the last reference to the executor may be dropped on the thread itself.
        BlockingThread(name: "waybill-writer") { inbox.runUntilStopped() }.detach()
    }

    deinit { inbox.stop() }

    package func enqueue(_ job: consuming ExecutorJob) {
        inbox.put(UnownedJob(job), self)
    }

    package func checkIsolated() {
        precondition(inbox.isOnThread, "called off the writer thread")
    }

    package func isIsolatingCurrentContext() -> Bool? { inbox.isOnThread }
}

/// What the thread shares with its executor.
///
/// The thread holds it, and so outlives the executor.
@safe
private final class Inbox: @unchecked Sendable {
    /// A job and the executor that it runs on, which it keeps alive until it has run.
    private struct Entry {
        let job: UnownedJob
        let executor: WriterThread
    }

    // @unchecked: `entries` and `isStopped` are only touched with `mutex` held.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let arrived = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    /// Jobs that wait for the thread.
    ///
    /// Guarded by `mutex`.
    private var entries: [Entry] = []
    /// Whether the executor is gone.
    ///
    /// Guarded by `mutex`.
    private var isStopped = false
    /// The kernel's id of the thread; 0 until it runs.
    ///
    /// A kernel id and not `pthread_self`, which an optimizer may reuse across a suspension point.
    private let threadID = Atomic<Int>(0)

    init() {
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe arrived.initialize(to: pthread_cond_t())
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(arrived, nil)
    }

    deinit {
        unsafe pthread_cond_destroy(arrived)
        unsafe pthread_mutex_destroy(mutex)
        unsafe arrived.deallocate()
        unsafe mutex.deallocate()
    }

    var isOnThread: Bool { threadID.load(ordering: .relaxed) == clmdb_thread_id() }

    func put(_ job: UnownedJob, _ executor: WriterThread) {
        unsafe pthread_mutex_lock(mutex)
        entries.append(Entry(job: job, executor: executor))
        unsafe pthread_mutex_unlock(mutex)
        unsafe pthread_cond_signal(arrived)
    }

    func stop() {
        unsafe pthread_mutex_lock(mutex)
        isStopped = true
        unsafe pthread_mutex_unlock(mutex)
        unsafe pthread_cond_signal(arrived)
    }

    /// Runs jobs in the order in which they came.
    ///
    /// The last entry to go may take the executor with it, whose `deinit` then stops this loop.
    func runUntilStopped() {
        threadID.store(clmdb_thread_id(), ordering: .relaxed)
        var batch: [Entry] = []
        while true {
            unsafe pthread_mutex_lock(mutex)
            // In a loop, because a wait may return without a signal.
            while entries.isEmpty, !isStopped { unsafe pthread_cond_wait(arrived, mutex) }
            swap(&batch, &entries)
            unsafe pthread_mutex_unlock(mutex)
            if batch.isEmpty { return }
            for entry in batch {
                unsafe entry.job.runSynchronously(on: entry.executor.asUnownedSerialExecutor())
            }
            batch.removeAll(keepingCapacity: true)
        }
    }
}
