import EventLog
import Logging

/// Writes what the server logs to standard error, a line each, behind the time.
struct ErrorStreamLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel = Logger.Level.notice

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        // A line each, whatever somebody sent.
        let text = event.message.description.map { $0.isNewline ? " " : $0 }
        StandardError.write(
            "\(Timestamp.wallClock().text) \(event.level.rawValue) \(String(text))"
        )
    }
}
