import LMDB

/// Whether some process runs the automation of a ledger, `waybill run` for one.
struct Attendance {
    let isConducted: Bool

    /// Looks at the lock that such a process holds; nil where that cannot be read.
    init?(of ledger: String) {
        let isTaken = FileLock.isTaken("automation.lock", in: StoreDirectory(ledger))
        guard let isTaken else { return nil }
        isConducted = isTaken
    }

    /// The lines that say that nobody does; none where somebody does.
    var lines: [String] {
        isConducted
            ? []
            : [
                "automation: no process runs it, so nothing is discovered, promoted or verified "
                    + "by itself",
                "    waybill run",
            ]
    }
}
