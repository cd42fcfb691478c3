package import EventLog

/// Compares a ledger with a checkpoint that somebody kept of it.
///
/// A ledger that was put back to an older copy, or written anew, is sound in itself; only what was
/// kept elsewhere tells. The stored hashes that are read here are checked by verification.
package struct CheckpointComparison {
    /// The table that findings name.
    package static let table = "checkpoint"

    private let inspection: LogInspection
    private let origin: String?

    /// A comparison with the ledger in a file, whose checkpoints name this origin; nil if that
    /// cannot be read.
    package init(_ inspection: LogInspection, origin: String?) {
        self.inspection = inspection
        self.origin = origin
    }

    /// What is wrong; nil if the ledger extends the checkpoint.
    ///
    /// `name` says which checkpoint it is, such as the path of its file.
    package func finding(_ checkpoint: Checkpoint, name: String) -> VerificationFinding? {
        func finding(_ rule: String, _ what: String) -> VerificationFinding {
            VerificationFinding(table: Self.table, rule: rule, key: name, what: what)
        }
        guard checkpoint.origin == origin else {
            return finding(
                "origin",
                "is of \(checkpoint.origin), and this ledger is \(origin ?? "none")"
            )
        }
        let size = inspection.size ?? 0
        guard checkpoint.size <= size else {
            return finding(
                "size",
                "has \(checkpoint.size) events, and the ledger has \(size): it is an older copy, "
                    + "or was cut off"
            )
        }
        guard inspection.root(at: checkpoint.size) == checkpoint.root else {
            return finding(
                "root",
                "has another root than the first \(checkpoint.size) events of the ledger: its past "
                    + "was changed"
            )
        }
        return nil
    }
}
