import EventLog
import Expressions
import HTTPTypes
import LedgerAPI
import Requests

/// Why a request is not answered as it was meant (RFC 9457).
struct Problem: Error, Sendable {
    let status: HTTPResponse.Status
    /// The code that the command line has for it, in lowerCamelCase.
    let code: String
    /// One sentence that says what to do.
    let detail: String
    /// What a program may want to know besides.
    var details: [(String, Value)] = []
    /// After how many seconds it may be tried again.
    var retryAfterSeconds: Int?
    /// What may be done at this address, where the method is another (RFC 9110, 15.5.6).
    var allowed: [Endpoint.Method] = []
    /// What the command line ends with, if it would have failed so itself.
    var exitCode: Int32?
    /// Whether the connection is of no more use.
    var closesConnection = false

    init(
        _ status: HTTPResponse.Status,
        _ code: String,
        _ detail: String,
        details: [(String, Value)] = []
    ) {
        self.status = status
        self.code = code
        self.detail = detail
        self.details = details
    }

    /// What a command would have ended with.
    init(_ failure: CommandFailure) {
        let status: HTTPResponse.Status
        switch failure.exitCode {
        case .usage: status = failure.name == "invalidField" ? .unprocessableContent : .badRequest
        case .notFound: status = .notFound
        case .refused:
            status =
                ["commandIdConflict", "manifestProblems"].contains(failure.name)
                ? .unprocessableContent : .conflict
        case .failure where Self.passing.contains(failure.name): status = .serviceUnavailable
        case .failure, .integrity, .inDoubt: status = .internalServerError
        }
        self.init(status, failure.name, failure.message, details: failure.details)
        exitCode = failure.exitCode.rawValue
        if status == .serviceUnavailable { retryAfterSeconds = 1 }
    }

    /// Failures that pass by themselves: somebody else writes, or too many wait.
    private static let passing: Set<String> = ["queueFull", "held", "rebuilding", "readersFull"]

    /// Whatever was thrown while a request was answered.
    init(_ error: any Error) {
        if let problem = error as? Problem {
            self = problem
        } else if let failure = CommandFailure(known: error) {
            self.init(failure)
        } else {
            self.init(
                .internalServerError,
                "failure",
                "the request could not be answered; see the server's log"
            )
        }
    }

    var value: Value {
        Shape.object([
            ("type", "about:blank"),
            ("title", .string(status.reasonPhrase)),
            ("status", .int(Int64(status.code))),
            ("detail", .string(detail)),
            ("code", .string(code)),
            ("exitCode", exitCode.map { .int(Int64($0)) } ?? .null),
            ("details", details.isEmpty ? .null : Shape.object(details)),
        ])
    }

    var reply: Reply {
        var reply = Reply(status, value.json + "\n", type: "application/problem+json")
        reply.headers[.cacheControl] = "no-store"
        if let retryAfterSeconds { reply.headers[.retryAfter] = String(retryAfterSeconds) }
        if !allowed.isEmpty {
            reply.headers[.allow] = allowed.map(\.rawValue).joined(separator: ", ")
        }
        if status == .unauthorized { reply.headers[.wwwAuthenticate] = "Bearer" }
        if closesConnection { reply.headers[.connection] = "close" }
        return reply
    }
}
