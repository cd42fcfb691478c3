import EventLog
import HTTPTypes
import NIOCore
import PromotionModel
import Requests
import Transparency
import Ledger
import Expressions
import HummingbirdCore

extension EndpointTable {
    /// What changes by itself: events as they come, measurements, and the log for who checks it.
    static let live: [Endpoint] = [
        Endpoint(
            .get,
            "/v1/events",
            tag: "audit",
            "Events as they are recorded, as server-sent events; resumable by Last-Event-ID.",
            parameters: [
                .query(
                    "from",
                    "The first position that is sent; what comes next if not said.",
                    type: "integer"
                ),
                .query("project", "Events of this project."),
                .query(
                    "since",
                    "In the place of from: what happened since this moment, such as 2h ago."
                ),
                Endpoint.Parameter(
                    name: "as",
                    place: .query,
                    summary: "What data is: the event as JSON, or the line that tells it.",
                    isRequired: false,
                    isList: false,
                    values: ["json", "text"],
                    type: "string"
                ),
            ]
                + EventsQuestion.fields.filter { selectionNames.contains($0.name) }
                .map { Endpoint.Parameter($0, in: .query) } + [
                    .header("Last-Event-ID", "The last position that was received.")
                ],
            admission: .reader
        ) { exchange in try exchange.events() },
        Endpoint(
            .get,
            "/metrics",
            tag: "health",
            "Measurements of the log, the writer, promotions and HTTP, for Prometheus.",
            admission: .administrator
        ) { exchange in
            let text = try await exchange.core.pool.run { [core = exchange.core] in
                try MetricsPage(core).text
            }
            return Reply(.ok, text, type: "text/plain; version=0.0.4; charset=utf-8")
        },
        Endpoint(
            .get,
            "/checkpoint",
            tag: "log",
            "A signed checkpoint of the log (C2SP tlog-checkpoint); signed anew if older than ten "
                + "seconds.",
            admission: .signedIn
        ) { exchange in
            let note = try await exchange.core.checkpoints.current(exchange.core.ledger.log)
            var reply = Reply(.ok, note.encoded, type: "text/plain; charset=utf-8")
            reply.headers[.cacheControl] = "no-cache"
            return reply
        },
        Endpoint(
            .get,
            "/tile/{tile}",
            tag: "log",
            "A tile of hashes or a bundle of entries (C2SP tlog-tiles).",
            admission: .signedIn
        ) { exchange in try exchange.tile() },
    ]

    static let selectionNames: Set<String> = ["subject", "kind", "actor", "type", "text"]
}

extension Exchange {
    /// A stream of events.
    fileprivate func events() throws -> Reply {
        guard let caller else { throw Access.notSignedIn }
        var asked = EventsQuestion()
        try asked.say(
            try words(of: EventsQuestion.self, besides: ["from", "project", "as"]),
            of: EndpointTable.selectionNames.union(["since"])
        )
        let form = query.first { $0.name == "as" }?.value ?? "json"
        guard ["json", "text"].contains(form) else {
            throw Problem(
                .badRequest,
                "invalidField",
                "as takes json or text",
                details: [("field", "as")]
            )
        }
        let project = query.first { $0.name == "project" }?.value
        let desk = Desk(core.ledger, choice(of: project), .value)
        let head = try core.ledger.log.head().position
        let first = try firstPosition(head, since: asked.since, desk)
        // What is wrong with the filter is said at once, not with the first event.
        let selection = asked.selection
        try desk.read { view in _ = try selection.filter(desk.choice, view) }
        var sender = patientWriter
        sender.dropped = { [core] in core.counters.count { $0.droppedEventReaders += 1 } }
        let stream = EventStream(
            core: core,
            caller: caller,
            project: project,
            selection: selection,
            sender: sender,
            isText: form == "text",
            first: first
        )
        var reply = Reply(.ok)
        reply.headers[.contentType] = "text/event-stream"
        reply.headers[.cacheControl] = "no-store"
        reply.body = .stream { writer in try await stream.write(to: &writer) }
        return reply
    }

    /// Where a stream begins: behind what was received, or where it was asked to, or now.
    private func firstPosition(
        _ head: Position,
        since: String?,
        _ desk: Desk
    ) throws -> Position {
        if let last = request.headers[.lastEventID] {
            guard let number = UInt64(last), number <= head.rawValue else {
                throw outOfRange("Last-Event-ID", head)
            }
            return Position(rawValue: number).next
        }
        guard let text = query.first(where: { $0.name == "from" })?.value else {
            return try since.map { try desk.first(since: $0) } ?? head.next
        }
        guard let number = UInt64(text), number >= 1, number <= head.rawValue + 1 else {
            throw outOfRange("from", head)
        }
        return Position(rawValue: number)
    }

    private func outOfRange(_ name: String, _ head: Position) -> Problem {
        Problem(
            .badRequest,
            "invalidField",
            "\(name) takes a position up to the last one, which is \(head.rawValue)",
            details: [("field", .string(name))]
        )
    }

    /// A tile of the log.
    fileprivate func tile() throws -> Reply {
        let path = names["tile"] ?? ""
        let missing = Problem(
            .notFound,
            "noSuchTile",
            "there is no tile \(path.quotedForDisplay); the log has not grown that far, or tiles "
                + "are not called so"
        )
        guard let address = TileAddress(path: path) else { throw missing }
        let bytes = try core.ledger.log.read { (snapshot) throws(TransparencyError) in
            try snapshot.tile(address)
        }
        guard let bytes else { throw missing }
        var reply = Reply(.ok, ByteBuffer(bytes: bytes), type: "application/octet-stream")
        // Neither ever changes; a part is soon replaced by the whole. Not for shared caches, which
        // do not know who may ask.
        reply.headers[.cacheControl] =
            address.isFull ? "private, max-age=31536000, immutable" : "private, max-age=60"
        return reply
    }
}
