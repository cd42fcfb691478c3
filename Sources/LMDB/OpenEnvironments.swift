import Glibc
import Synchronization

/// Which file a path leads to, whatever the path is called.
struct FileIdentity: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64

    /// The identity of a directory that exists.
    init(directory path: String) throws(LMDBError) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            throw LMDBError(errno, "open", path: path)
        }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}

/// The environments that are open in this process.
///
/// LMDB locks by `fcntl`, whose locks belong to the process: opening one file twice and closing
/// either loses the locks of both ("Caveats" in lmdb.h).
final class OpenEnvironments: Sendable {
    static let shared = OpenEnvironments()
    private let identities = Mutex<Set<FileIdentity>>([])

    /// Notes that an environment is being opened; false if it is open already.
    func insert(_ identity: FileIdentity) -> Bool {
        identities.withLock { $0.insert(identity).inserted }
    }

    /// Notes that an environment is closed.
    func remove(_ identity: FileIdentity) {
        identities.withLock { _ = $0.remove(identity) }
    }
}
