package import LMDB

/// Why the log could not be opened, read or appended to.
///
/// What a command's author refuses is no error; it is an `Outcome`.
package enum EventLogError: Error, Hashable, Sendable {
    /// There is no ledger in the directory, or no such directory.
    case noLedger(path: String)
    /// Something else than a directory is where the ledger should be.
    case notADirectory(path: String)
    /// A ledger was to be made in a directory that holds other things.
    case directoryInUse(path: String, by: String)
    /// A ledger was to be made in a directory that does not exist.
    case noParentDirectory(path: String)
    /// A ledger was to be made where there is one.
    case ledgerExists(path: String)
    /// This process has the ledger open already.
    case alreadyOpen(path: String)
    /// A newer program wrote the ledger.
    case newerFormat(path: String, needs: Int, supports: Int)
    /// The files may not be written.
    case readOnlyDirectory(path: String)
    /// The files may not be read.
    case permission(path: String)
    /// The data file was cut off.
    case truncated(path: String, byteCount: UInt64, neededByteCount: UInt64)
    /// What is stored contradicts itself; `what` continues "the ledger in … is damaged: ".
    case damaged(path: String, what: String)
    /// Another process holds the writer's lock.
    case held(path: String, by: LockHolder, waited: Duration)
    /// The map size is used up.
    case mapFull(path: String)
    /// The file system is full.
    case diskFull(path: String)
    /// The client's tables were rebuilt, and this process cannot open them beside the old ones.
    case tablesRebuilt(path: String)
    /// The client's tables are those of an older program.
    case tablesOlder(path: String, version: UInt64, needed: UInt64)
    /// The client's tables are those of a newer program.
    case tablesNewer(path: String, version: UInt64, known: UInt64)
    /// One of the client's tables is not there.
    case tableMissing(path: String, table: String)
    /// Another process rebuilds the client's tables.
    case rebuilding(path: String, by: LockHolder)
    /// All reader slots are taken.
    case readersFull(path: String)
    /// A commit failed in a way that leaves open whether it is on disk.
    case inDoubt(path: String)
    /// More submissions wait for the writer than may.
    case queueFull(path: String, count: Int)
    /// The log is closed.
    case closed(path: String)
    /// An event was to be appended to a log that is open for reading.
    case openForReading(path: String)
    /// An event or a command breaks a limit; `what` says which, as a sentence's beginning.
    case limitExceeded(what: String)
    /// There is no such position in the log.
    case noSuchPosition(Position, last: Position)
    /// A submission's author could not decide; its own sentence.
    case notDecided(String)
    /// Any other failure of the store.
    case storage(LMDBError)
}

extension EventLogError {
    /// Whether trying the same again may succeed without anybody doing anything.
    package var isTransient: Bool {
        switch self {
        case .held, .queueFull, .readersFull, .tablesRebuilt, .rebuilding: true
        case .noLedger, .notADirectory, .directoryInUse, .noParentDirectory, .ledgerExists,
            .alreadyOpen,
            .newerFormat, .readOnlyDirectory, .permission, .truncated, .damaged, .mapFull,
            .tablesOlder, .tablesNewer, .tableMissing, .diskFull, .inDoubt, .closed,
            .openForReading, .limitExceeded, .noSuchPosition,
            .notDecided, .storage:
            false
        }
    }

    /// What an error of the store means to the log.
    package init(_ error: LMDBError) {
        let path = error.path
        switch error.code {
        case .mapFull: self = .mapFull(path: path)
        case .diskFull: self = .diskFull(path: path)
        case .readersFull: self = .readersFull(path: path)
        case .panic: self = .inDoubt(path: path)
        case .corrupted: self = .damaged(path: path, what: "its pages contradict each other")
        case .notADatabase(let rule): self = .damaged(path: path, what: rule)
        case .truncated(let has, let needs):
            self = .truncated(path: path, byteCount: has, neededByteCount: needs)
        case .missing: self = .noLedger(path: path)
        case .alreadyOpen: self = .alreadyOpen(path: path)
        case .permission: self = .permission(path: path)
        case .readOnly: self = .readOnlyDirectory(path: path)
        case .tableMissing(let name): self = .damaged(path: path, what: "it lacks table \(name)")
        case .transactionFull, .versionMismatch, .mapResized, .tablesFull, .keyOrder, .keySize,
            .other:
            self = .storage(error)
        }
    }
}

extension EventLogError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noLedger(let path):
            "cannot open the ledger in \(path): there is none; name another directory with "
                + "--ledger, or make one with 'waybill init'"
        case .notADirectory(let path):
            "cannot open the ledger in \(path): it is not a directory; name another one with "
                + "--ledger"
        case .directoryInUse(let path, let name):
            "cannot make a ledger in \(path): the directory holds \(name) already; name a new or "
                + "an empty one with --ledger"
        case .noParentDirectory(let path):
            "cannot make a ledger in \(path): the directory above it does not exist; make that "
                + "first, or name another with --ledger"
        case .ledgerExists(let path):
            "cannot make a ledger in \(path): there is one; use it, or name another directory "
                + "with --ledger"
        case .alreadyOpen(let path):
            "cannot open the ledger in \(path): this process has it open already; share that one"
        case .newerFormat(let path, let needs, let supports):
            "cannot open the ledger in \(path): it needs a program that knows format \(needs), "
                + "and this one knows \(supports); install a newer waybill"
        case .readOnlyDirectory(let path):
            "cannot write the ledger in \(path): the directory is read-only; make it writable, "
                + "or only read"
        case .permission(let path):
            "cannot open the ledger in \(path): permission denied; whoever reads it must be able "
                + "to write lock.mdb in it"
        case .truncated(let path, let has, let needs):
            "cannot open the ledger in \(path): data.mdb was cut off, it has \(has) bytes of "
                + "\(needs); restore it from a backup"
        case .damaged(let path, let what):
            "the ledger in \(path) is damaged: \(what); restore it from a backup"
        case .held(let path, let holder, let waited):
            "cannot write the ledger in \(path): \(Self.name(holder)) holds it, and still did "
                + "after \(waited.components.seconds) s; wait for it or end it"
        case .mapFull(let path):
            "cannot append to the ledger in \(path): its map size is used up; move it to a ledger "
                + "with a larger one"
        case .diskFull(let path):
            "cannot append to the ledger in \(path): the disk is full, and nothing was recorded; "
                + "free some space and try again"
        case .tablesRebuilt(let path):
            "the projections of the ledger in \(path) were rebuilt meanwhile; run the command "
                + "again"
        case .tablesOlder(let path, let version, let needed):
            "the projections of the ledger in \(path) have version \(version), and this program "
                + "needs version \(needed); run waybill ledger rebuild"
        case .tablesNewer(let path, let version, let known):
            "the projections of the ledger in \(path) have version \(version), and this program "
                + "knows version \(known); install a newer waybill"
        case .tableMissing(let path, let table):
            "the projections of the ledger in \(path) lack table \(table); run waybill ledger "
                + "rebuild"
        case .rebuilding(let path, let holder):
            "cannot rebuild the projections of the ledger in \(path): \(Self.name(holder)) "
                + "rebuilds them; wait for it or end it"
        case .readersFull(let path):
            "cannot read the ledger in \(path): all reader slots are taken; end some of the "
                + "processes that read it"
        case .inDoubt(let path):
            "a commit to the ledger in \(path) failed, so it is in doubt what was recorded; start "
                + "again, and repeat the command with the same command id"
        case .queueFull(let path, let count):
            "cannot append to the ledger in \(path): \(count) commands wait already; try again "
                + "later"
        case .closed(let path):
            "cannot append to the ledger in \(path): it is closed; open it again"
        case .openForReading(let path):
            "cannot append to the ledger in \(path): it is open for reading; open it for writing"
        case .limitExceeded(let what): "cannot append an event: \(what)"
        case .noSuchPosition(let position, let last):
            "cannot read event \(position): the last one is \(last); name one up to that"
        case .notDecided(let sentence): sentence
        case .storage(let error): "\(error)"
        }
    }

    private static func name(_ holder: LockHolder) -> String {
        guard let id = holder.processID else { return "another process" }
        return holder.command.isEmpty ? "process \(id)" : "process \(id) (\(holder.command))"
    }
}

/// An error type that can carry a failure of the log.
package protocol EventLogFailure: Error {
    /// The failure of the log, in this type.
    init(log: EventLogError)
}

extension EventLogError: EventLogFailure {
    package init(log: EventLogError) {
        self = log
    }
}

/// Runs `body`, whose errors of the store become errors of the log.
@inline(__always)
func fromStore<T: ~Copyable>(
    _ body: () throws(LMDBError) -> T
) throws(EventLogError) -> T {
    do throws(LMDBError) {
        return try body()
    } catch {
        throw EventLogError(error)
    }
}
