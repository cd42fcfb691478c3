/// How the writer of a log is doing.
package struct WriterStatistics: Hashable, Sendable {
    /// Submissions that wait for it.
    package let waitingCount: Int
    /// Commits that this process has made.
    package let commitCount: Int
    /// How long these commits took together, flushes included.
    package let commitDuration: Duration
}
