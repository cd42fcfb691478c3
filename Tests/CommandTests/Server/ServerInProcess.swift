import EventLog
import Foundation
import Ledger
import LedgerServer
import Logging

/// A server in the test's own process, with limits that can be reached within a test.
struct ServerInProcess: Sendable {
    let http: RawHTTP
    let token: String

    /// Serves a ledger, which nobody else has open, as long as `body` runs.
    ///
    /// `body` waits for answers on a thread of its own: on the test's it would keep the server from
    /// making them.
    static func serve(
        _ place: LedgerDirectory,
        _ change: (inout ServerSettings) -> Void,
        body: @escaping @Sendable (ServerInProcess) throws -> Void
    ) async throws {
        let served = try await served(place, change, body)
        // Connections that end just now have it open a moment longer; the test opens it next.
        for _ in 0..<10_000 where served.log != nil {
            try await Task.sleep(for: .milliseconds(1))
        }
        guard served.log == nil else { throw TestFailure("the ledger is never released") }
    }

    /// A log that may have been released.
    private struct Served {
        weak var log: EventLog?
    }

    private static func served(
        _ place: LedgerDirectory,
        _ change: (inout ServerSettings) -> Void,
        _ body: @escaping @Sendable (ServerInProcess) throws -> Void
    ) async throws -> Served {
        let ledger = try Ledger.open(at: place.ledger)
        let secret = try OperatorToken.open(in: place.ledger)
        var settings = ServerSettings()
        settings.port = 0
        change(&settings)
        let access = Access(
            ledger,
            host: settings.host,
            otherHosts: [],
            operatorToken: secret
        )
        let (ports, told) = AsyncStream<Int>.makeStream()
        let logger = Logger(label: "waybill") { _ in SwiftLogNoOpLogHandler() }
        let service = LedgerService(ledger, settings, access, logger) { port, _ in
            told.yield(port)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            group.addTask {
                for await port in ports {
                    let http = RawHTTP(port: UInt16(port))
                    let server = ServerInProcess(http: http, token: secret.text)
                    try await onThread { try body(server) }
                    return
                }
            }
            try await group.next()
            group.cancelAll()
        }
        await ledger.log.close()
        return Served(log: ledger.log)
    }

    private static func onThread(_ body: @escaping @Sendable () throws -> Void) async throws {
        try await withCheckedThrowingContinuation {
            (continuation: CheckedContinuation<Void, any Error>) in
            Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
        }
    }

    /// The head of a request that goes on.
    func head(_ line: String, _ fields: String = "") -> String {
        "\(line) HTTP/1.1\r\nHost: 127.0.0.1:\(http.port)\r\n"
            + "Authorization: Bearer \(token)\r\n\(fields)\r\n"
    }

    func get(_ path: String) throws -> RawHTTP.Answer {
        try http.send("GET", path, token: token)
    }

    func note(_ text: String) throws -> RawHTTP.Answer {
        try http.send(
            "POST",
            "/v1/projects/shop/note",
            token: token,
            headers: ["Content-Type": "application/json"],
            body: #"{"subject": "stage/dev", "text": "\#(text)"}"#
        )
    }
}
