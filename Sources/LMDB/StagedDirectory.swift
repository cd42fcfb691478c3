import CLMDB
import Glibc

/// A directory that is made beside its place, as `NAME.partial`, and gets its name when it is
/// complete.
///
/// Until then nothing has the name. Whatever ends the process leaves at most `NAME.partial`, which
/// the next one that makes the same removes. It is used by one thread at a time.
package final class StagedDirectory: @unchecked Sendable {
    // @unchecked: nothing changes after `init` but `isOver`, which the one user owns.
    /// The place.
    package let target: String
    /// Where it is made.
    package let path: String
    /// The directory, locked (`flock`) as long as this process makes it.
    private let file: CInt
    /// Whether it is in its place, or given up.
    ///
    /// Owned by whoever uses it.
    private var isOver = false

    /// Makes the directory beside its place.
    ///
    /// - Throws: `.exists` if there is anything at the place but an empty directory, `.noParent`,
    ///   `.busy`, `.diskFull`, `.permission`, `.readOnly`.
    package init(for target: String) throws(StagingError) {
        let target = FilePlace.withoutSlashes(target)
        try FilePlace.checkFree(target, allowsEmptyDirectory: true)
        self.target = target
        path = target + ".partial"
        file = try Self.make(path, target)
        FilePlace.removeContents(path)
    }

    deinit {
        discard()
        close(file)
    }

    /// Makes and locks it; one that a dead process left is taken over.
    private static func make(_ path: String, _ target: String) throws(StagingError) -> CInt {
        while true {
            if unsafe mkdir(path, 0o755) != 0, errno != EEXIST {
                if errno == ENOENT { throw StagingError(.noParent, path: target) }
                throw StagingError(errno: errno, path: target)
            }
            let file = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            // Somebody has just put theirs in its place.
            if file < 0, errno == ENOENT { continue }
            guard file >= 0 else { throw StagingError(errno: errno, path: path) }
            guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
                close(file)
                throw StagingError(.busy, path: target)
            }
            if FilePlace.isSame(file, path) { return file }
            close(file)
        }
    }

    /// Brings everything in it to disk and gives it its name, all at once.
    ///
    /// - Throws: `.exists` if something took the place meanwhile.
    package func publish() throws(StagingError) {
        for name in FilePlace.names(path) { try FilePlace.flush(path + "/" + name) }
        try FilePlace.flush(path)
        // Onto a directory that is not empty `rename` fails.
        guard unsafe rename(path, target) == 0 else {
            throw StagingError(errno: errno, path: target)
        }
        isOver = true
        try FilePlace.flush(FilePlace.parent(of: target))
    }

    /// Removes it; nothing if it is in its place.
    package func discard() {
        if isOver { return }
        isOver = true
        FilePlace.remove(path)
    }
}
