import EventLog

/// Opens a ledger for reading and for writing, and tells what came of it.
enum OpenChild {
    static func run(_ directory: String) {
        do {
            let log = try EventLog.open(at: directory, access: .read)
            Output.line("\(try log.head().position.rawValue) events")
        } catch {
            Output.line("\(error)")
        }
        do {
            _ = try EventLog.open(at: directory, access: .readWrite)
            Output.line("opened for writing")
        } catch {
            Output.line("\(error)")
        }
    }
}
