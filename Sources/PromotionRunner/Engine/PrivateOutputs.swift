import Expressions
private import Glibc
import PromotionModel

/// The outputs of a promotion that must not be in the ledger, in a file that only its owner may
/// read, until the promotion ends.
struct PrivateOutputs: Sendable {
    /// nil where they need not outlive the process.
    private let path: String?

    /// Those of a promotion, under a folder that is there.
    init(_ directory: String?, _ project: ProjectName, _ promotion: PromotionName) {
        path = directory.map { "\($0)/\(project)_\(promotion)" }
    }

    /// The outputs by the alias of their step.
    func load() -> [String: Value] {
        guard let path else { return [:] }
        let file = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else { return [:] }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        let text = String(decoding: bytes, as: UTF8.self)
        return (try? Value(json: text))?.objectValue ?? [:]
    }

    /// Keeps the outputs of a step; says whether that could be done.
    func keep(_ outputs: Value, of alias: String) -> Bool {
        guard let path else { return true }
        var all = load()
        all[alias] = outputs
        let draft = path + ".draft"
        _ = unsafe unlink(draft)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let file = unsafe open(draft, flags, 0o600)
        guard file >= 0 else { return false }
        var rest = Array(Value.object(all).json.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        close(file)
        return unsafe rest.isEmpty && rename(draft, path) == 0
    }

    /// Forgets them.
    func remove() {
        guard let path else { return }
        _ = unsafe unlink(path)
        _ = unsafe unlink(path + ".draft")
    }
}
