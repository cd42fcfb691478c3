import Glibc

/// The Unix socket of the server of a ledger, as a client finds it.
///
/// A socket's address has at most 107 bytes, a ledger's path may have more: the directory is held
/// open, and the address leads through `/proc/self/fd`.
package final class LedgerSocket: Sendable {
    /// The socket's name in the ledger's directory.
    package static let fileName = "server.sock"
    /// The header field by which a client that comes through the socket says who acts; in UTF-8,
    /// other bytes than letters, digits and `-._~` as `%` and two digits.
    package static let actorField = "Waybill-Actor"

    private let directory: CInt

    /// The socket in a directory; nil if nobody listens there.
    package init?(in path: String) {
        let opened = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else { return nil }
        directory = opened
        // A socket whose server was killed is still there, and nobody listens.
        guard Self.isListening("/proc/self/fd/\(opened)/\(Self.fileName)") else { return nil }
    }

    deinit { close(directory) }

    /// The address to connect to, as long as this object is there.
    package var address: String { "/proc/self/fd/\(directory)/\(Self.fileName)" }

    private static func isListening(_ path: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8) + [0]
        let isShort = unsafe withUnsafeMutableBytes(of: &address.sun_path) { place in
            guard bytes.count <= place.count else { return false }
            unsafe place.copyBytes(from: bytes)
            return true
        }
        precondition(isShort, "a path through /proc/self/fd is short")
        let file = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
        guard file >= 0 else { return false }
        defer { close(file) }
        let code = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(file, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        return code == 0
    }
}
