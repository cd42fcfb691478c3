import EventLog
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Requests
import Expressions

/// Where every request enters: looks who asks, finds the endpoint, and makes problems of errors.
struct Gate {
    let core: ServerCore
    /// Whether what comes here came through the Unix socket.
    var isLocal = false

    /// Where a request came from.
    struct Context {
        let channel: any Channel

        /// The address of who asks.
        var address: String { channel.remoteAddress?.ipAddress ?? "socket" }
    }

    /// The answer to a request; never an error, for there is a problem for each.
    func respond(to request: Request, through channel: any Channel) async -> Response {
        let context = Context(channel: channel)
        let start = ContinuousClock.now
        let (reply, route) = await answer(request, context)
        let duration = ContinuousClock.now - start
        core.counters.answered(
            Counters.Requests(
                method: Self.countedMethods.contains(request.method.rawValue)
                    ? request.method.rawValue : "other",
                route: route,
                status: reply.status.code
            ),
            in: duration
        )
        log(request, context, reply, duration)
        if reply.headers[.connection] == "close" { close(context.channel) }
        return reply.response(headOnly: request.method == .head)
    }

    /// A line about a request, if that is wanted.
    ///
    /// Without what stands behind the question mark: a sign-in link has its secret there.
    private func log(
        _ request: Request,
        _ context: Context,
        _ reply: Reply,
        _ duration: Duration
    ) {
        guard core.settings.logsRequests else { return }
        let path = (request.head.path ?? "").prefix { $0 != "?" }
        let milliseconds = Int((duration / .milliseconds(1)).rounded())
        core.logger.notice(
            """
            \(context.address) \(request.method.rawValue) \(path) \(reply.status.code) \
            \(reply.byteCount) B \(milliseconds) ms
            """
        )
    }

    private static let countedMethods: Set<String> = ["GET", "HEAD", "POST"]

    /// Ends a connection whose client sends what nobody reads, once the answer had time to leave.
    private func close(_ channel: any Channel) {
        channel.eventLoop.scheduleTask(in: .milliseconds(250)) {
            channel.close(promise: nil)
        }
    }

    private func answer(_ request: Request, _ context: Context) async -> (Reply, route: String) {
        var route = "none"
        do {
            guard let url = URLText(request.head.path ?? "") else {
                throw Problem(
                    .badRequest,
                    "malformedURL",
                    "the URL is not UTF-8 with % and two digits for other bytes, or has parts "
                        + "that are empty, . or ..; mend it"
                )
            }
            let admission =
                isLocal
                ? await LocalDoor.admit(request.head, context.channel)
                : await core.access.admit(request.head)
            if case .refused(let problem) = admission { throw refused(problem, context) }
            let (endpoint, names) = try find(request.method.rawValue, url, admission, context)
            route = endpoint.path
            var caller: Caller?
            if case .known(let found) = admission { caller = found }
            if endpoint.admission != .anybody, case .stranger(let problem) = admission {
                throw refused(problem, context)
            }
            let exchange = Exchange(
                core: core,
                request: request,
                names: names,
                query: url.query,
                channel: context.channel,
                caller: caller
            )
            try exchange.requireAdmission(endpoint.admission)
            return (try await endpoint.respond(exchange), route)
        } catch {
            if CommandFailure(known: error)?.exitCode == .inDoubt { core.isInDoubt(error) }
            let problem = Problem(error)
            if problem.code == "roleNeeded" { logRefusal(problem, route, context) }
            if problem.status == .internalServerError {
                core.logger.error("\(route): \(error)")
            }
            return (problem.reply(to: request), route)
        }
    }

    private func find(
        _ method: String,
        _ url: URLText,
        _ admission: Access.Admission,
        _ context: Context
    ) throws -> (Endpoint, [String: String]) {
        switch core.router.route(method, url.segments) {
        case .endpoint(let endpoint, let names): return (endpoint, names)
        case .otherMethod, .nothing:
            // Who may not enter is not told what there is.
            if case .stranger(let problem) = admission { throw refused(problem, context) }
        }
        if case .otherMethod(let allowed) = core.router.route(method, url.segments) {
            var problem = Problem(
                .methodNotAllowed,
                "methodNotAllowed",
                "this takes \(allowed.map(\.rawValue).joined(separator: " and ")) only",
                details: [("allow", .array(allowed.map { .string($0.rawValue) }))]
            )
            problem.allowed = allowed
            throw problem
        }
        throw Problem(
            .notFound,
            "noSuchEndpoint",
            "there is nothing at this address; see docs/openapi.yaml"
        )
    }

    /// Logs that somebody asked for what his roles do not allow, not too often of one address.
    private func logRefusal(_ problem: Problem, _ route: String, _ context: Context) {
        core.counters.count { $0.refusedEntries += 1 }
        guard core.refusals.take(context.address) == nil else { return }
        core.logger.notice("refused \(context.address): \(route): \(problem.detail)")
    }

    private func refused(_ problem: Problem, _ context: Context) -> Problem {
        core.refused(problem, from: context.address)
    }
}
