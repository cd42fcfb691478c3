import CLMDB
import Glibc

/// A file that is written beside its place, as `NAME.partial`, and gets its name when it is
/// complete.
///
/// Until then nothing has the name. It is used by one thread at a time.
package final class StagedFile: @unchecked Sendable {
    // @unchecked: nothing changes after `init` but `isOver`, which the one user owns.
    /// The place.
    package let target: String
    /// Where it is written.
    package let path: String
    private let file: CInt
    /// Whether it is in its place, or given up.
    ///
    /// Owned by whoever uses it.
    private var isOver = false

    /// Makes the empty file beside its place.
    ///
    /// - Throws: `.exists`, `.noParent`, `.busy`, `.diskFull`, `.permission`, `.readOnly`.
    package init(for target: String) throws(StagingError) {
        try FilePlace.checkFree(target, allowsEmptyDirectory: false)
        self.target = target
        path = target + ".partial"
        file = try Self.make(path, target)
        _ = ftruncate(file, 0)
    }

    deinit {
        discard()
        close(file)
    }

    private static func make(_ path: String, _ target: String) throws(StagingError) -> CInt {
        while true {
            let file = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
            guard file >= 0 else {
                if errno == ENOENT { throw StagingError(.noParent, path: target) }
                throw StagingError(errno: errno, path: target)
            }
            guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
                close(file)
                throw StagingError(.busy, path: target)
            }
            if FilePlace.isSame(file, path) { return file }
            close(file)
        }
    }

    /// Writes bytes behind those that are written.
    package func write(_ bytes: Span<UInt8>) throws(StagingError) {
        let code = unsafe bytes.withUnsafeBytes { unsafe FilePlace.write($0, to: file) }
        if code != 0 { throw StagingError(errno: code, path: target) }
    }

    /// Brings it to disk and gives it its name.
    ///
    /// - Throws: `.exists` if something took the place meanwhile.
    package func publish() throws(StagingError) {
        guard fsync(file) == 0 else { throw StagingError(errno: errno, path: target) }
        guard unsafe clmdb_rename_new(path, target) == 0 else {
            throw StagingError(errno: errno, path: target)
        }
        isOver = true
        try FilePlace.flush(FilePlace.parent(of: target))
    }

    /// Removes it; nothing if it is in its place.
    package func discard() {
        if isOver { return }
        isOver = true
        _ = unsafe unlink(path)
    }
}
