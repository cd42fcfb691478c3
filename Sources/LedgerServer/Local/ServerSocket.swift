import EventLog
import Glibc
import Requests

/// The Unix socket `server.sock` in a ledger's directory, through which its owner gives commands.
///
/// A socket's address has at most 107 bytes, a ledger's path may have more: the directory is held
/// open, and the address leads through `/proc/self/fd`.
final class ServerSocket: Sendable {
    private let directory: CInt
    private static let newName = LedgerSocket.fileName + ".new"

    /// The place of the socket in a ledger's directory; nothing is there yet.
    init(in path: String) throws(CommandFailure) {
        directory = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw Self.failure("opened", path) }
    }

    deinit { close(directory) }

    /// Where to listen: beside the socket's place, so that nobody connects before all is ready.
    var address: String { "/proc/self/fd/\(directory)/\(Self.newName)" }

    /// Gives what listens at `address` its name, in the place of a stale one.
    func publish() throws(CommandFailure) {
        guard unsafe fchmodat(directory, Self.newName, 0o600, 0) == 0,
            unsafe renameat(directory, Self.newName, directory, LedgerSocket.fileName) == 0
        else { throw Self.failure("made", LedgerSocket.fileName) }
    }

    /// Takes the socket away; whoever is connected stays so.
    func remove() {
        _ = unsafe unlinkat(directory, LedgerSocket.fileName, 0)
    }

    private static func failure(_ what: String, _ path: String) -> CommandFailure {
        let reason = unsafe String(cString: strerror(errno))
        return CommandFailure(
            .failure,
            "failure",
            "\(path) cannot be \(what): \(reason); look at the ledger's directory (--ledger)"
        )
    }
}
