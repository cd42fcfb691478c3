import EventLog
import Expressions
import HTTPTypes
import Hummingbird
import Ledger
import Requests

extension Endpoint {
    /// An endpoint that executes a command of what a JSON body says.
    static func change<Asked: Change>(
        _ type: Asked.Type,
        _ path: String,
        tag: String,
        _ summary: String
    ) -> Endpoint {
        let fields = Asked.fields.map { Parameter($0, in: .query) } + [Exchange.reasonField]
        return Endpoint(
            .post,
            path,
            tag: tag,
            summary,
            parameters: Exchange.changeParameters,
            body: fields,
            admission: .giver
        ) { exchange in
            let (asked, reason) = try await exchange.change(Asked.self)
            return try await exchange.execute(asked, reason: reason)
        }
    }
}

extension Exchange {
    /// What can be said of every change, beside the body.
    static let changeParameters: [Endpoint.Parameter] =
        [
            .query(
                "dryRun",
                "Answer with the events that it would append, and append nothing.",
                type: "boolean"
            ),
            .header(
                "Idempotency-Key",
                "The command's id (64 letters, digits, . _ : -); the same id again is the same "
                    + "command, and answers the first receipt. One is made if there is none."
            ),
        ] + formatParameters

    /// Why somebody changes something.
    static let reasonField = Endpoint.Parameter(
        name: "reason",
        place: .query,
        summary: "Why, in your own words, at most 4096 bytes; kept with the event.",
        isRequired: false,
        isList: false,
        values: [],
        type: "string"
    )

    /// The change that a JSON body asks for, and why.
    func change<Asked: Change>(_ type: Asked.Type) async throws -> (Asked, reason: String?) {
        try requireType("application/json")
        let bytes = try await body(core.settings.bodyByteCountMax)
        var words = try BodyReader.object(of: bytes)
        let reason = try Self.reason(words.removeValue(forKey: "reason"))
        var asked = Asked()
        try asked.say(words, of: Set(Asked.fields.map(\.name)))
        if let sentence = asked.contradiction { throw CommandFailure.usage(sentence) }
        return (asked, reason)
    }

    static func reason(_ value: Value?) throws -> String? {
        switch value {
        case nil, .null: return nil
        case .string(let text): return text
        default:
            throw Problem(
                .unprocessableContent,
                "invalidField",
                "reason takes text",
                details: [("field", "reason")]
            )
        }
    }

    /// That the body is of a type; a page of another site cannot send it without being asked.
    func requireType(_ type: String) throws {
        let said = request.headers[.contentType] ?? ""
        let bare = said.split(separator: ";").first.map { $0.filter { $0 != " " }.lowercased() }
        guard bare != type else { return }
        throw Problem(
            .unsupportedMediaType,
            "unsupportedMediaType",
            "this takes a body of type \(type); say so with Content-Type"
        )
    }

    /// The bytes of the body.
    func body(_ byteCountMax: Int) async throws -> [UInt8] {
        try await BodyReader.bytes(
            of: request,
            byteCountMax: byteCountMax,
            patience: core.settings.bodyPatience
        )
    }

    /// Executes a change for whoever asks; `members` are added to what was recorded.
    func execute(
        _ asked: some Change,
        reason: String?,
        saidInQuery others: Set<String> = [],
        warnings: [String] = [],
        adding members: [String: Value] = [:]
    ) async throws -> Reply {
        let actor = try writer()
        let format = try format()
        let form: AnswerForm = if case .text = format { .text } else { .value }
        let terms = ChangeTerms(
            id: try commandID(),
            actor: actor,
            reason: reason,
            isDryRun: try isDryRun(others)
        )
        let layout: TextLayout = if case .text(let layout) = format { layout } else { .whole }
        let desk = desk(form)
        let answer = try await TextLayout.$current.withValue(layout) {
            switch try await record(asked, terms, desk) {
            case .nothing(let answer): return answer
            case .recorded(let receipt, let events, let told):
                let answer = desk.answer(receipt, events, told: told)
                // What belongs to this answer was not there when it was recorded before.
                return receipt.isDuplicate ? answer : answer.adding(members)
            }
        }
        return reply(answer, format, terms, warnings)
    }

    /// Executes a change, unless its actor asks for too many; counted and timed.
    func record(
        _ asked: some Change,
        _ terms: ChangeTerms,
        _ desk: Desk
    ) async throws -> Desk.Outcome {
        let start = ContinuousClock.now
        do {
            let outcome = try await desk.execute(asked, terms)
            core.counters.executed("accepted", in: ContinuousClock.now - start)
            return outcome
        } catch {
            let failure = CommandFailure(known: error)
            let outcome = failure?.exitCode == .refused ? "refused" : "failed"
            core.counters.executed(outcome, in: ContinuousClock.now - start)
            throw error
        }
    }

    /// Who changes something, unless he does so too often.
    func writer() throws -> EventActor {
        guard let actor else { throw Access.notSignedIn }
        if let seconds = core.writes.take(actor.name) {
            var problem = Problem(
                .tooManyRequests,
                "tooManyWrites",
                "you ask for more changes a second than this server takes of one; wait"
            )
            problem.retryAfterSeconds = seconds
            throw problem
        }
        return actor
    }

    /// An answer in a format, with the command's id.
    func reply(
        _ answer: Answer,
        _ format: Format,
        _ terms: ChangeTerms,
        _ warnings: [String]
    ) -> Reply {
        var reply: Reply
        switch answer {
        case .text(let text):
            let lines = warnings.map { $0 + "\n" }.joined()
            reply = Reply(.ok, lines + text, type: format.type)
        case .value(var value):
            if !warnings.isEmpty, case .object(var members) = value {
                members["warnings"] = .array(warnings.map { .string($0) })
                value = .object(members)
            }
            if case .yaml = format {
                reply = Reply(.ok, value.yaml, type: format.type)
            } else {
                reply = .json(value)
            }
        }
        reply.headers[.idempotencyKey] = terms.id.rawValue
        reply.headers[.cacheControl] = "no-store"
        return reply
    }

    /// The id that the client gave the command, or a new one.
    func commandID() throws -> CommandID {
        guard let text = request.headers[.idempotencyKey] else {
            return .version7(at: .wallClock())
        }
        guard let id = CommandID(rawValue: text) else {
            throw Problem(
                .badRequest,
                "invalidField",
                "Idempotency-Key takes up to 64 letters, digits, . _ : and -",
                details: [("field", "Idempotency-Key")]
            )
        }
        return id
    }

    /// Whether it is only tried; refuses what the query cannot say.
    func isDryRun(_ others: Set<String>) throws -> Bool {
        let known = others.union(["dryRun"])
        for (name, _) in query
        where !Self.formatNames.contains(name) && !known.contains(name) {
            throw Self.unknown(name, known)
        }
        return try flag("dryRun")
    }
}

extension Answer {
    /// The same answer with members more, in text a line for each.
    fileprivate func adding(_ added: [String: Value]) -> Answer {
        switch self {
        case .value(.object(let members)):
            .value(.object(members.merging(added) { _, last in last }))
        case .value: self
        case .text(let text):
            .text(
                text
                    + added.sorted { $0.key < $1.key }.map { ($0.value.stringValue ?? "") + "\n" }
                    .joined()
            )
        }
    }
}
