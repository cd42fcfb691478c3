import EventLog
import Glibc

extension TransparencyError {
    /// What happened and what to do, as one sentence; `subject` is what was read, if anything.
    package func sentence(about subject: String) -> String {
        switch self {
        case .log(let error): "\(error)"
        case .malformed(let what):
            "\(subject) \(what); give a file that waybill ledger checkpoint or prove has written"
        case .unknownSignature(let names, let expected):
            "\(subject) is not signed by \(Self.list(expected)) but by \(Self.list(names)); give "
                + "what that log has signed, or its own key (see waybill ledger key)"
        case .brokenSignature(let name):
            "\(subject) has a signature by \(name) that does not verify, so it was changed or "
                + "forged; do not trust it, and get another one with waybill ledger checkpoint"
        case .otherOrigin(let origin, let expected):
            "\(subject) is a checkpoint of \(origin), not of \(expected); give one of that log, "
                + "see waybill ledger checkpoint"
        case .notProven(let what):
            "\(subject) proves nothing: \(what); do not trust it, and get another one with "
                + "waybill ledger prove"
        case .notOlder(let size, let newer):
            "\(subject) has \(size) events, and the checkpoint that is to extend it has \(newer); "
                + "sign a newer one with waybill ledger checkpoint, or give it with --to-checkpoint"
        case .notExtended(let checkpoint, let size, let root):
            Self.notExtended(checkpoint, size, root, subject)
        case .notSignedYet(let position, let size):
            "event \(position) is not in \(subject), which has \(size) events; sign one that has "
                + "it with waybill ledger checkpoint"
        case .publishing(let path):
            "another process publishes to \(path); wait for it or end it"
        case .folderInUse(let path, let name):
            "cannot publish to \(path): the folder holds \(name) already; name a new or an empty "
                + "one with --out"
        case .file(let path, let operation, let code): Self.file(path, operation, code)
        case .keyMissing, .keyReadable, .keyUnusable, .keyPresent, .badOrigin,
            .lastCheckpointMissing, .lastCheckpointUnusable, .olderThanSigned, .otherThanSigned:
            signingSentence
        }
    }

    /// What keeps the ledger from signing.
    private var signingSentence: String {
        switch self {
        case .keyMissing(let path):
            "there is no signing key \(path); put it back, or make one with waybill ledger key "
                + "--make"
        case .keyReadable(let path, let mode):
            "others than its owner may read or write the signing key \(path) (mode "
                + "\(String(mode, radix: 8))); run chmod 600 on it, or, if somebody may have read "
                + "it, begin with another: waybill ledger key --make --origin NAME"
        case .keyUnusable(let path, let what):
            "cannot sign with \(path): \(what); put the right key back, or begin with another: "
                + "waybill ledger key --make --origin NAME"
        case .keyPresent(let path, let origin):
            "there is a signing key in \(path), of \(origin); use it, or begin as another log with "
                + "--origin and a name that the ledger has not had"
        case .badOrigin(let name):
            "\(name.prefix(80).debugDescription) cannot be an origin; give --origin 1 to 200 bytes "
                + "without spaces and +, such as example.com/ledger"
        case .lastCheckpointMissing(let path):
            "cannot sign: \(path), the checkpoint that was signed last, is not there, so nobody "
                + "knows what must not be contradicted; put it back, or the newest one that "
                + "anybody has, such as the one that waybill ledger tiles published"
        case .lastCheckpointUnusable(let path, let what):
            "cannot sign: \(path), the checkpoint that was signed last, \(what); put it back, or "
                + "the newest one that anybody has, such as the one that waybill ledger tiles "
                + "published"
        case .olderThanSigned(let path, let signed, let size):
            "cannot sign: the ledger in \(path) has \(size) events, and a checkpoint of \(signed) "
                + "was signed, so this is an older copy; put the newest copy back, or, if it is "
                + "lost, begin as another log: waybill ledger key --make --origin NAME"
        case .otherThanSigned(let path, let signed):
            "cannot sign: the first \(signed) events of the ledger in \(path) are not those that a "
                + "checkpoint was signed for, so it was changed; put the right copy back, or, if "
                + "it is lost, begin as another log: waybill ledger key --make --origin NAME"
        default: preconditionFailure("\(Self.self) is not about signing")
        }
    }

    private static func notExtended(
        _ checkpoint: Checkpoint,
        _ size: UInt64,
        _ root: Digest?,
        _ subject: String
    ) -> String {
        guard let root else {
            return "\(subject) has \(checkpoint.size) events, and the ledger has \(size): this is "
                + "an older copy, or its last events were taken away; restore it from a backup"
        }
        return "\(subject) has the root \(checkpoint.root) over \(checkpoint.size) events, and the "
            + "ledger has \(root) over as many: its history was changed; restore it from a backup"
    }

    private static func file(_ path: String, _ operation: String, _ code: Int32) -> String {
        let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        let remedy =
            switch code {
            case ENOSPC, EDQUOT: "free some space and try again"
            case EACCES, EPERM, EROFS: "make it writable, or name another path"
            default: "name another path"
            }
        return "cannot \(operation) \(path): \(reason); \(remedy)"
    }

    /// The first few of several names, each cut to a length that a line can bear.
    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(3).map { $0.count > 120 ? $0.prefix(120) + "…" : $0 }
        return shown.joined(separator: ", ") + (names.count > 3 ? " and others" : "")
    }
}

extension TransparencyError: CustomStringConvertible {
    package var description: String { sentence(about: "it") }
}
