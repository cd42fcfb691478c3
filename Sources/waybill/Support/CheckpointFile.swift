import EventLog
import Ledger
import PromotionModel
import Transparency

/// A checkpoint that somebody kept in a file.
struct CheckpointFile {
    let path: String
    let kept: KeptCheckpoint

    /// Reads the file.
    init(path: String) throws(CommandFailure) {
        let bytes = try ProofFiles.bytes(of: path, byteCountMax: ProofFiles.noteByteCountMax)
        guard let kept = KeptCheckpoint(bytes) else {
            throw .usage(
                "\(path.quotedForDisplay) holds no checkpoint; name a file that waybill ledger "
                    + "checkpoint has written"
            )
        }
        self.path = path
        self.kept = kept
    }

    /// Whether it is of more events than a copy has.
    ///
    /// - Throws: if it is of as many or fewer, and not of these.
    func isAhead(of copy: LedgerCopy, _ log: EventLog) throws -> Bool {
        let checkpoint = kept.checkpoint
        guard checkpoint.size <= copy.head.position.rawValue else { return true }
        let root = try log.read { (snapshot) throws(EventLogError) in
            try snapshot.root(at: Position(rawValue: checkpoint.size))
        }
        guard root == checkpoint.root else {
            throw MovementFailure.different(
                "its first \(checkpoint.size) events have another root than the checkpoint "
                    + "says: it is not a backup of that ledger, or was changed"
            )
        }
        return false
    }
}
