import EventLog
import Glibc

/// Appends with eight tasks until it is killed, and prints each command id that was acknowledged.
enum CrashChild {
    private static let taskCount = 8

    static func run(_ directory: String) async throws {
        let log = try EventLog.open(at: directory, options: LogOptions(clientTables: ["rows"]))
        try await withThrowingTaskGroup { group in
            for task in 0..<taskCount {
                group.addTask {
                    for number in 0... {
                        let id = "c\(getpid())-\(task)-\(number)"
                        try await append(id, to: log, eventCount: 1 + number % 3)
                        Output.line(id)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func append(
        _ id: String,
        to log: EventLog,
        eventCount: Int
    ) async throws {
        let payload = [UInt8](repeating: 7, count: 100 + 400 * eventCount)
        let submission = Submission<Never>(
            commandID: CommandID(unchecked: id),
            contentHash: .sha256(Array(id.utf8))
        ) { (scope) throws(EventLogError) in
            for _ in 0..<eventCount {
                try scope.append(
                    NewEvent(
                        type: 1,
                        project: "crash",
                        subject: "stage/uat",
                        actor: EventActor(name: "child", assurance: .asserted),
                        payload: payload
                    )
                )
            }
            try scope.put([1], forKey: Array(id.utf8), in: scope.clientTables["rows"])
            return .append
        }
        _ = try await log.submit(submission)
    }
}
