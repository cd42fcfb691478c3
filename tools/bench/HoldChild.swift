import EventLog

/// Holds a ledger's writer lock until standard input ends.
enum HoldChild {
    static func run(_ directory: String) async throws {
        var options = LogOptions(clientTables: ["rows"])
        options.lockMode = .session
        let log = try EventLog.open(at: directory, options: options)
        Output.line("held")
        while readLine() != nil {}
        await log.close()
    }
}
