/// How a log is made and opened.
package struct LogOptions: Sendable {
    /// When the writer's lock is held.
    package enum LockMode: Hashable, Sendable {
        /// For each batch: others may write in between.
        case perBatch
        /// As long as the log is open.
        case session
    }

    /// Address space for the data file, fixed when a ledger is made: 256 GiB.
    package var mapSizeBytes = 256 << 30
    /// Names of further tables, keyed by bytes, that the log's client keeps its rows in.
    ///
    /// No name has a dot in it. They must follow from the events: `TableRebuild` makes them anew.
    package var clientTables: [String] = []
    /// The version of the rows in these tables, from 1 on: raised whenever the client's program
    /// makes other rows of the same events, or other tables.
    package var clientVersion: UInt64 = 1
    /// When the writer's lock is held.
    package var lockMode = LockMode.perBatch
    /// How long to wait for another process to give the writer's lock back.
    package var lockPatience = Duration.seconds(10)
    /// Bounds on queue and batches.
    package var limits = Limits()
    /// Failures for tests; nil in programs.
    package var faults: FaultInjection?

    /// The options of a ledger without client tables.
    package init(clientTables: [String] = []) {
        self.clientTables = clientTables
    }
}
