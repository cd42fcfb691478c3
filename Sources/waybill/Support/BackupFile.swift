import EventLog
import Expressions
import Glibc
import LMDB
import Ledger
import PromotionModel
import Transparency

/// A backup as `waybill ledger backup` leaves it.
struct BackupFile {
    private let path: String
    /// LMDB's file.
    private let dataFile: String
    private let checkpointFile: String

    /// The backup at a path: a directory, or a file.
    init(_ path: String) throws {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            throw StagingError(errno: errno, path: path)
        }
        self.path = path
        guard status.st_mode & S_IFMT == S_IFDIR else {
            dataFile = path
            checkpointFile = path + ".checkpoint"
            return
        }
        dataFile = path + "/data.mdb"
        checkpointFile = path + "/checkpoint"
        guard unsafe access(dataFile, F_OK) == 0 else {
            throw CommandFailure.notFound(
                "\(path) is no backup: it has no data.mdb; name what waybill ledger backup made"
            )
        }
        // Somebody may write to it: what is read page by page would fit together by luck only.
        guard unsafe access(path + "/writer.lock", F_OK) != 0 else {
            throw CommandFailure(
                .failure,
                "notABackup",
                "\(path) is a ledger, not a backup of one; make a backup first: waybill ledger "
                    + "backup TARGET --ledger \(path)"
            )
        }
    }

    /// Copies the file into a directory that is being made, and checks every hash in it.
    func copy(
        into staged: StagedDirectory,
        _ progress: (CopyProgress) -> Void
    ) throws(MovementFailure) -> LedgerCopy {
        do throws(StagingError) {
            try staged.copyFile(dataFile, to: "copy") { progress(.copying(done: $0, size: $1)) }
        } catch {
            throw .place(error)
        }
        return try LedgerCopy.verified(staged.path + "/copy", in: staged, progress)
    }

    /// Compares what was copied with the checkpoint that lies beside the backup, if there is one.
    func compare(with copy: LedgerCopy, _ log: EventLog) throws {
        guard unsafe access(checkpointFile, F_OK) == 0 else { return }
        let checkpoint = try CheckpointFile(path: checkpointFile).kept.checkpoint
        guard checkpoint.size == copy.head.position.rawValue, checkpoint.root == copy.root else {
            throw MovementFailure.different(
                "it has \(copy.head.position.rawValue) events and root \(copy.root), and its "
                    + "checkpoint tells of \(checkpoint.size) and another root"
            )
        }
    }
}
