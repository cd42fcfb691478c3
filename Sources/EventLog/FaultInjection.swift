package import LMDB

/// Failures that a test has the log meet; a program never sets any.
package struct FaultInjection: Sendable {
    /// A place where a failure can be met.
    package enum Point: Hashable, Sendable {
        /// Beginning the write transaction.
        case begin
        /// Writing an event's rows.
        case append
        /// Writing a client's row, or a command's.
        case put
        /// The commit, before anything is on disk.
        case commit
        /// The commit, after everything is on disk.
        case committed
    }

    private let failure: @Sendable (Point) -> LMDBError.Code?

    /// Asks `failure` at each point whether to fail there, and how.
    package init(_ failure: @escaping @Sendable (Point) -> LMDBError.Code?) {
        self.failure = failure
    }

    fileprivate func error(_ point: Point, _ path: String) -> LMDBError? {
        failure(point).map { LMDBError($0, "do what a test forbids (\(point)) in", path: path) }
    }
}

extension FaultInjection? {
    /// Fails if the test says so.
    @inline(__always)
    func trip(_ point: FaultInjection.Point, _ path: String) throws(EventLogError) {
        if let error = self?.error(point, path) { throw EventLogError(error) }
    }

    /// Fails if the test says so, as a commit does.
    func tripCommit(_ point: FaultInjection.Point, _ path: String) throws(CommitFailure) {
        if let error = self?.error(point, path) { throw CommitFailure(error) }
    }
}
