package import LMDB

extension EventLog {
    /// Bytes of the pages that are in use: about what `copy` writes.
    package func usedByteCount() throws(EventLogError) -> UInt64 {
        let statistics = try statistics()
        return statistics.usedBytes - min(statistics.freeBytes, statistics.usedBytes)
    }

    /// Writes a copy of the whole store, as it is now, into a new file; see `Environment.copy`.
    package func copy(
        to path: String,
        byteRate: Int?,
        progress: (_ done: UInt64) -> Void
    ) throws(CopyFailure) {
        try store.environment.copy(to: path, byteRate: byteRate, progress: progress)
    }
}
