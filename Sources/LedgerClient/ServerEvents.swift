import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Requests

/// An event, as a server sends it to whoever follows.
package struct ServerEvent: Sendable {
    /// Its position.
    package var id = ""
    /// Its type.
    package var name = ""
    /// What it says.
    package var data = ""
}

/// The events of a server, as they are recorded (server-sent events, HTML Standard 9.2).
struct ServerEvents {
    let connection: ServerConnection

    init(_ connection: ServerConnection) {
        self.connection = connection
    }

    private static let pause = Duration.seconds(1)

    /// Hands over events until `each` answers false, or the task is cancelled.
    ///
    /// `connected` runs whenever the server begins to send, and ends it by answering false. A
    /// connection that breaks is made anew, and goes on where it was.
    ///
    /// - Throws: what `each` throws, and what the server says is wrong with the question.
    func follow(
        _ query: [(name: String, value: String)],
        connected: () async throws -> Bool,
        each: (ServerEvent) async throws -> Bool
    ) async throws {
        var last: String?
        while true {
            var message = ServerConnection.Message(path: "events", query: query)
            message.accepted = "text/event-stream"
            if let last { message.headers.append(("Last-Event-ID", last)) }
            do {
                let response = try await connection.begin(message, deadline: .distantFuture)
                guard try await connected() else { return }
                var reader = EventReader()
                for try await buffer in response.body {
                    for event in reader.take(buffer.readableBytesView) {
                        // What only says where to go on is no event.
                        if !event.data.isEmpty {
                            guard try await each(event) else { return }
                        }
                        last = event.id
                    }
                }
            } catch let error as CommandFailure where error.name != "serverUnreachable" {
                throw error
            } catch let error as CancellationError {
                throw error
            } catch  where last == nil {
                throw error
            } catch {
                // The server is gone for now; it may be started again.
            }
            try await Task.sleep(for: Self.pause)
        }
    }
}

/// Reads the lines of a stream of events.
struct EventReader {
    private var line: [UInt8] = []
    private var event = ServerEvent()

    /// The events that are complete with these bytes; one without data says where to go on.
    mutating func take(_ bytes: some Sequence<UInt8>) -> [ServerEvent] {
        var events: [ServerEvent] = []
        for byte in bytes {
            guard byte == UInt8(ascii: "\n") else {
                line.append(byte)
                continue
            }
            if line.isEmpty {
                if !event.id.isEmpty { events.append(event) }
                event = ServerEvent()
            } else {
                understand(String(decoding: line, as: UTF8.self))
            }
            line.removeAll(keepingCapacity: true)
        }
        return events
    }

    private mutating func understand(_ line: String) {
        guard let colon = line.firstIndex(of: ":"), colon != line.startIndex else { return }
        var value = line[line.index(after: colon)...]
        if value.first == " " { value = value.dropFirst() }
        switch line[..<colon] {
        case "id": event.id = String(value)
        case "event": event.name = String(value)
        case "data": event.data += (event.data.isEmpty ? "" : "\n") + value
        default: break
        }
    }
}
