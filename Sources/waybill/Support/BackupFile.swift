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
        let checkpoint = try CheckpointFile.read(checkpointFile)
        guard checkpoint.size == copy.head.position.rawValue, checkpoint.root == copy.root else {
            throw MovementFailure.different(
                "it has \(copy.head.position.rawValue) events and root \(copy.root), and its "
                    + "checkpoint tells of \(checkpoint.size) and another root"
            )
        }
    }
}

/// Checkpoints in files.
enum CheckpointFile {
    /// The checkpoint in a file; signatures behind it are let be.
    static func read(_ path: String) throws -> Checkpoint {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw StagingError(errno: errno, path: path) }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe Glibc.read(file, $0.baseAddress, $0.count)
        }
        guard count >= 0 else { throw StagingError(errno: errno, path: path) }
        let text = String(decoding: bytes[..<count], as: UTF8.self)
        guard let checkpoint = Checkpoint(text: text) else {
            throw CommandFailure.usage(
                "\(path) is no checkpoint; name a file that waybill ledger checkpoint wrote"
            )
        }
        return checkpoint
    }

    /// Whether a checkpoint is of more events than a copy has.
    ///
    /// - Throws: if it is of as many or fewer, and not of these.
    static func isAhead(
        _ checkpoint: Checkpoint,
        of copy: LedgerCopy,
        _ log: EventLog
    ) throws -> Bool {
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
