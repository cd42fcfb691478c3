import EventLog
import LMDB
import Ledger
import Requests

/// The lock `server.lock`, by which one process at a time serves a ledger.
struct ServerLock {
    private let lock: FileLock

    /// Takes the lock of a ledger.
    init(of ledger: Ledger) throws {
        lock = try FileLock("server.lock", in: StoreDirectory(ledger.log.path))
        guard lock.lock(patience: .milliseconds(200)) else {
            throw CommandFailure(
                .failure,
                "held",
                "another process serves \(ledger.log.path) (\(lock.holderText)); stop it first, "
                    + "or serve another --ledger",
                details: lock.holderDetails
            )
        }
    }

    /// Gives it back; the kernel does, too, when the process ends.
    func end() { lock.unlock() }
}
