import Glibc

/// Who has a lock, as it says of itself in the lock file.
package struct LockHolder: Hashable, Sendable {
    /// The process; nil if the file does not tell.
    package let processID: Int32?
    /// Its command line.
    package let command: String

    /// This process.
    package static let current = LockHolder(processID: getpid(), command: commandLine())

    private static func commandLine() -> String {
        let file = unsafe open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        let bytes = Pages.read(file, 512, at: 0) ?? []
        let words = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        // Line breaks would end the text early for who reads the lock file.
        return words.joined(separator: " ").split(whereSeparator: \.isNewline)
            .joined(separator: " ")
    }
}

/// An advisory lock on a file (`flock`), with the holder's name in the file.
///
/// The kernel drops it when its process ends, however that happens. It belongs to this object,
/// not to the process, so two objects exclude each other within one process too. It is used by
/// one thread at a time.
package final class FileLock: @unchecked Sendable {
    // @unchecked: nothing changes after `init` but `isHeld`, which the one user owns.
    private let file: CInt
    /// Whether it is held by this object.
    ///
    /// Owned by whoever uses the lock.
    package private(set) var isHeld = false

    /// Opens the file `name` in `directory`, and makes it if needed; takes no lock yet.
    package init(_ name: String, in directory: StoreDirectory) throws(LMDBError) {
        file = unsafe open(directory.path + "/" + name, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else {
            throw LMDBError(errno, "open the lock file of", path: directory.path)
        }
    }

    deinit {
        // Closing alone is not enough: a child that another thread forked just now has the file
        // open too, until it executes its program.
        unlock()
        close(file)
    }

    /// Whether somebody has the lock on the file `name` in `directory`; nil where nobody can say,
    /// because the file cannot be read.
    ///
    /// It writes nothing, and for the blink of an eye in which it tries the lock, others cannot
    /// have it: who takes a lock that is looked at like this asks for it with some patience.
    package static func isTaken(_ name: String, in directory: StoreDirectory) -> Bool? {
        let file = unsafe open(directory.path + "/" + name, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return errno == ENOENT ? false : nil }
        defer { close(file) }
        while flock(file, LOCK_SH | LOCK_NB) != 0 {
            if errno == EWOULDBLOCK { return true }
            if errno != EINTR { return nil }
        }
        return false
    }

    /// Takes the lock unless somebody else has it.
    package func tryLock() -> Bool {
        if isHeld { return true }
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            if errno != EINTR { return false }
        }
        isHeld = true
        sign()
        return true
    }

    /// Takes the lock, or gives up after `patience` has passed; it blocks the thread.
    ///
    /// The kernel has no lock with a time limit, so it asks again and again, at most 50 ms apart.
    package func lock(patience: Duration) -> Bool {
        let deadline = ContinuousClock.now + patience
        var pauseMicroseconds: UInt32 = 500
        while !tryLock() {
            if ContinuousClock.now >= deadline { return false }
            usleep(pauseMicroseconds)
            pauseMicroseconds = min(pauseMicroseconds * 2, 50_000)
        }
        return true
    }

    /// Gives the lock back.
    package func unlock() {
        guard isHeld else { return }
        flock(file, LOCK_UN)
        isHeld = false
    }

    /// Who wrote itself into the file last: the holder, while somebody holds the lock.
    package var holder: LockHolder {
        let text = String(decoding: Pages.read(file, 1024, at: 0) ?? [], as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return LockHolder(
            processID: lines.first.flatMap { Int32($0) },
            command: lines.count > 1 ? String(lines[1]) : ""
        )
    }

    /// Writes this process into the file; not if it is there already, which is the usual case.
    private func sign() {
        let text = "\(LockHolder.current.processID ?? 0)\n\(LockHolder.current.command)\n"
        if Pages.read(file, 1024, at: 0) == Array(text.utf8) { return }
        // The name is a courtesy: a full disk must not keep the lock from working.
        _ = ftruncate(file, 0)
        _ = StoreDirectory.write(text, file)
    }
}
