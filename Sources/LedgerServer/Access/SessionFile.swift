import EventLog
import Expressions
import Glibc
import LedgerAPI
import OpenID
import PromotionModel
import Transparency

/// The sessions of browsers that outlive the server: the file `server.sessions` (0600) beside the
/// ledger.
///
/// It has digests of cookies, so whoever reads it opens nothing. Whose session it is, is looked up
/// with every request as ever: a token that was revoked meanwhile has none.
package struct SessionFile: Sendable {
    /// The file's name in the ledger's directory.
    package static let fileName = "server.sessions"

    private let path: String
    /// The operator's sessions end when his token is made anew.
    private let operatorToken: Digest
    private let warn: @Sendable (String) -> Void

    /// 10,000 sessions of users with 200 groups of 200 bytes have more, and begin anew.
    private static let byteCountMax = 64 << 20

    /// The file of a ledger whose operator has this token; `warn` is told if it cannot be read.
    package init(
        in directory: String,
        operatorToken: Secret,
        warn: @escaping @Sendable (String) -> Void
    ) {
        path = "\(directory)/\(Self.fileName)"
        self.operatorToken = operatorToken.digest
        self.warn = warn
    }

    /// The sessions in the file that are still open, by the digests of their cookies.
    ///
    /// None if there is no file, or none that its owner alone may write.
    func sessions(at now: Timestamp) -> [Digest: SignIns.Session] {
        do throws(TransparencyError) {
            let bytes = try DurableFile.read(path, byteCountMax: Self.byteCountMax) {
                (status) throws(TransparencyError) in
                guard status.st_mode & 0o077 == 0, status.st_uid == geteuid() else {
                    throw .file(path: path, operation: "trust", code: EPERM)
                }
            }
            guard let bytes else { return [:] }
            guard let sessions = sessions(bytes) else {
                warn("\(path) has no sessions that can be read; everybody signs in again")
                return [:]
            }
            return sessions.filter { $0.value.end > now }
        } catch {
            warn("\(error); everybody signs in again")
            return [:]
        }
    }

    /// Writes sessions in the place of those that were there.
    func write(_ sessions: [Digest: SignIns.Session]) throws(TransparencyError) {
        let items = sessions.compactMap { digest, session in
            words(of: session.identity).map { identity in
                Shape.object([
                    ("digest", .string(digest.hex)), ("end", .int(session.end.rawValue)),
                    ("of", identity),
                ])
            }
        }
        let all = Shape.object([("format", 1), ("sessions", .array(items))])
        try DurableFile.write(Array((all.json + "\n").utf8), to: path, mode: 0o600)
    }

    private func words(of identity: Identity) -> Value? {
        switch identity {
        case .operator: Shape.object([("operator", .string(operatorToken.hex))])
        case .token(let name, let digest):
            Shape.object([("token", .string(name.rawValue)), ("digest", .string(digest.hex))])
        case .user(let proven):
            Shape.object([
                ("user", .string(proven.user)), ("issuer", .string(proven.issuer)),
                ("groups", .array(proven.groups.map { .string($0) })),
                ("end", .int(proven.end.rawValue)),
            ])
        case .anonymous: nil
        }
    }

    /// The sessions that bytes say; nil if they do not say any.
    private func sessions(_ bytes: [UInt8]) -> [Digest: SignIns.Session]? {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        let value: Value
        do throws(ExpressionError) {
            value = try Value(json: text, repeatsKeys: false)
        } catch {
            return nil
        }
        guard value["format"] == 1, let items = value["sessions"]?.arrayValue else { return nil }
        var sessions: [Digest: SignIns.Session] = [:]
        for item in items {
            guard let digest = item["digest"]?.stringValue.flatMap({ Digest(hex: $0) }),
                let end = item["end"]?.intValue, let said = item["of"]
            else { return nil }
            // That of an operator whose token was another.
            guard let identity = identity(said) else { continue }
            sessions[digest] = SignIns.Session(
                identity: identity,
                end: Timestamp(rawValue: end)
            )
        }
        return sessions
    }

    private func identity(_ value: Value) -> Identity? {
        if let text = value["operator"]?.stringValue {
            return text == operatorToken.hex ? .operator : nil
        }
        if let name = value["token"]?.stringValue.flatMap({ TokenName(rawValue: $0) }),
            let digest = value["digest"]?.stringValue.flatMap({ Digest(hex: $0) })
        {
            return .token(name, digest)
        }
        guard let user = value["user"]?.stringValue, let issuer = value["issuer"]?.stringValue,
            let groups = value["groups"]?.arrayValue, let end = value["end"]?.intValue
        else { return nil }
        return .user(
            ProvenIdentity(
                issuer: issuer,
                user: user,
                groups: groups.compactMap(\.stringValue),
                end: Timestamp(rawValue: end)
            )
        )
    }
}
