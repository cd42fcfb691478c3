import EventLog
import Glibc
import LMDB

/// Fills the disk under a ledger, and tells what it meets; the disk should be a small one.
enum FillChild {
    static func run(_ directory: String) async throws {
        let ballast = directory + "/ballast"
        let log = try EventLog.create(at: directory + "/ledger")
        try writeBallast(ballast)
        var count = 0
        do {
            while true {
                try await append(count, log)
                count += 1
            }
        } catch {
            Output.line("\(error)")
        }
        let size = try log.head().position.rawValue
        Output.line(size == UInt64(count) ? "all acknowledged" : "\(size) of \(count)")
        Output.line(try log.verify().isEmpty ? "verified" : "damaged")
        unsafe unlink(ballast)
        try await append(count, log)
        Output.line(try log.head().position.rawValue == size + 1 ? "resumed" : "lost")
        await log.close()
    }

    private static func writeBallast(_ path: String) throws {
        let file = unsafe open(path, O_WRONLY | O_CREAT, 0o644)
        defer { close(file) }
        let bytes = [UInt8](repeating: 1, count: 1 << 20)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(file, $0.baseAddress, $0.count) }
    }

    private static func append(_ number: Int, _ log: EventLog) async throws {
        let submission = Submission<Never>(
            commandID: CommandID(unchecked: "c\(number)"),
            contentHash: .zero
        ) { (scope) throws(EventLogError) in
            try scope.append(
                NewEvent(
                    type: 1,
                    project: "fill",
                    subject: "",
                    actor: EventActor(name: "child", assurance: .asserted),
                    payload: [UInt8](repeating: 7, count: 20_000)
                )
            )
            return .append
        }
        _ = try await log.submit(submission)
    }
}
