import EventLog
package import Requests
import Glibc

/// The token of whoever may read the ledger's directory, for tools on the same machine.
///
/// It lies in the file `server.token` (0600) beside the ledger, and stays the same from start to
/// start; to have another one, remove the file and start again.
package enum OperatorToken {
    /// The file's name in the ledger's directory.
    package static let fileName = "server.token"

    /// The token in a directory, made if there is none.
    package static func open(in directory: String) throws(CommandFailure) -> Secret {
        let path = "\(directory)/\(fileName)"
        for _ in 0..<2 {
            if let secret = try read(path) { return secret }
            let secret = Secret()
            let file = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            if file < 0, errno == EEXIST { continue }
            guard file >= 0 else { throw failure("made", path) }
            defer { close(file) }
            let bytes = Array((secret.text + "\n").utf8)
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(file, $0.baseAddress, $0.count)
            }
            guard count == bytes.count, fsync(file) == 0 else { throw failure("written", path) }
            return secret
        }
        throw failure("read", path)
    }

    /// The token in a file; nil if there is no file.
    package static func read(_ path: String) throws(CommandFailure) -> Secret? {
        let file = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        if file < 0, errno == ENOENT { return nil }
        guard file >= 0 else { throw failure("read", path) }
        defer { close(file) }
        var status = stat()
        guard unsafe fstat(file, &status) == 0 else { throw failure("read", path) }
        guard status.st_mode & 0o077 == 0, status.st_uid == geteuid() else {
            throw CommandFailure(
                .failure,
                "tokenReadable",
                "\(path) can be read by others; remove it, and it is made anew"
            )
        }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = unsafe Glibc.read(file, &bytes, bytes.count)
        let text = String(decoding: bytes[..<max(0, count)], as: UTF8.self)
        let line = text.split(separator: "\n").first ?? ""
        guard let secret = Secret(String(line)) else {
            throw CommandFailure(
                .failure,
                "tokenUnusable",
                "\(path) has no token in it; remove it, and it is made anew"
            )
        }
        return secret
    }

    private static func failure(_ what: String, _ path: String) -> CommandFailure {
        let reason = unsafe String(cString: strerror(errno))
        return CommandFailure(.failure, "failure", "\(path) cannot be \(what): \(reason)")
    }
}
