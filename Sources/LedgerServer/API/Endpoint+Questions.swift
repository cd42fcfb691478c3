import EventLog
import Expressions
import HTTPTypes
import Ledger
import NIOCore
import Requests
import HummingbirdCore
import PromotionModel

extension Endpoint {
    /// How long an answer may take, and what it depends on.
    enum Nature {
        /// A few seeks, on what the ledger says only.
        case short
        /// A few seeks, and the clock has a say: something may become available meanwhile.
        case timely
        /// It may look at very many events.
        case long
    }

    /// An endpoint that answers a question.
    ///
    /// `fields` are the question's fields that the query can say; `fill` takes the others from the
    /// path.
    static func question<Asked: Question>(
        _ path: String,
        tag: String,
        _ summary: String,
        fields: [String],
        nature: Nature = .short,
        admission: Admission = .reader,
        _ fill: @escaping @Sendable (inout Asked, [String: String]) throws -> Void
    ) -> Endpoint {
        let parameters = Asked.fields.filter { fields.contains($0.name) }
        precondition(parameters.count == fields.count, "\(path) names fields that there are")
        let known = Set(fields)
        return Endpoint(
            .get,
            path,
            tag: tag,
            summary,
            parameters: parameters.map { Parameter($0, in: .query) } + Exchange.formatParameters,
            admission: admission
        ) { exchange in
            try await exchange.answer(nature) {
                for (name, _) in exchange.query
                where !known.contains(name) && !Exchange.formatNames.contains(name) {
                    throw Exchange.unknown(name, known)
                }
                var asked = Asked()
                try asked.say(
                    try exchange.words(of: Asked.self, besides: Exchange.formatNames),
                    of: known
                )
                try fill(&asked, exchange.names)
                if let sentence = asked.contradiction { throw CommandFailure.usage(sentence) }
                return asked
            }
        }
    }
}

extension Endpoint {
    /// An endpoint that answers a question about a project, all of which is in the query.
    static func spoken<Asked: Question>(
        _ type: Asked.Type,
        _ summary: String,
        _ nature: Nature
    ) -> Endpoint {
        guard case .ofProject(let name) = Asked().place else {
            preconditionFailure("questions about the ledger have nothing in their paths")
        }
        return .question(
            "/v1/projects/{project}/\(name)",
            tag: "questions",
            summary,
            fields: Asked.fields.map(\.name),
            nature: nature
        ) { (_: inout Asked, _) in }
    }
}

extension Exchange {
    static let formatNames: Set<String> = ["width", "colour"]

    static func unknown(_ name: String, _ known: Set<String>) -> Problem {
        let others = known.union(formatNames).sorted().joined(separator: ", ")
        return Problem(
            .badRequest,
            "invalidField",
            "\(name.quotedForDisplay) is no parameter of this; it takes \(others)",
            details: [("field", .string(name))]
        )
    }

    /// The desk of whoever asks, in the form that he wants.
    func desk(_ form: AnswerForm) -> Desk {
        let said = names["project"].flatMap { $0 == RequestPlace.unsaidProject ? nil : $0 }
        var desk = Desk(core.ledger, choice(of: said), form)
        desk.lookUp = core.settings.lookUp
        desk.permit = { command in try self.require(command) }
        return desk
    }

    /// Answers the question that `make` makes.
    func answer(
        _ nature: Endpoint.Nature,
        _ make: @escaping @Sendable () throws -> some Question
    ) async throws -> Reply {
        let format = try format()
        switch nature {
        case .short: return try cached(format) { try made(try make(), format) }
        case .timely: return try made(try make(), format).reply
        case .long:
            return try await core.pool.run { try made(try make(), format).reply }
        }
    }

    private struct Made {
        let buffer: ByteBuffer
        let type: String
        var reply: Reply { Reply(.ok, buffer, type: type) }
    }

    /// The answer, from the cache if the ledger has not grown since; with the position as ETag.
    private func cached(_ format: Format, _ make: () throws -> Made) throws -> Reply {
        let position = try core.ledger.log.head().position
        let tag = "\"\(position.rawValue)\(format.suffix)\""
        // What is asked of another moment than now may name it by the clock.
        let isOfNow = !query.contains { $0.name == "at" }
        // What is not of one project leaves out what its reader does not see.
        let isForAll = names["project"] != nil || powers.seeEverything
        guard isOfNow, isForAll, format.dependsOnLedgerOnly else { return try make().reply }
        if let known = request.headers[.ifNoneMatch], known.contains(tag) || known == "*" {
            var reply = Reply(.notModified)
            reply.headers[.eTag] = tag
            return reply
        }
        let question = "\(request.head.path ?? "") \(format.suffix)"
        var reply: Reply
        if let buffer = core.cache.answer(to: question, at: position) {
            reply = Reply(.ok, buffer, type: format.type)
        } else {
            let made = try make()
            // Only what was made of the same head that the tag names.
            if try core.ledger.log.head().position == position {
                core.cache.keep(made.buffer, to: question, at: position)
            }
            reply = made.reply
        }
        reply.headers[.eTag] = tag
        reply.headers[.vary] = "Accept"
        return reply
    }

    private func made(_ asked: some Question, _ format: Format) throws -> Made {
        switch format {
        case .json: return try made(asked, .value) { $0.json + "\n" }
        case .yaml: return try made(asked, .manifests) { $0.yaml }
        case .names: return try made(asked, .names) { $0.json }
        case .text(let layout):
            return try TextLayout.$current.withValue(layout) {
                try made(asked, .text) { $0.json }
            }
        }

        func made(
            _ asked: some Question,
            _ form: AnswerForm,
            _ written: (Value) -> String
        ) throws -> Made {
            switch try asked.answer(desk(form)) {
            case .value(let value):
                Made(buffer: ByteBuffer(string: written(value)), type: format.type)
            case .text(let text): Made(buffer: ByteBuffer(string: text), type: format.textType)
            }
        }
    }
}

extension Exchange.Format {
    /// What an answer's tag ends with.
    var suffix: String {
        switch self {
        case .json: ""
        case .text: "t"
        case .names: "n"
        case .yaml: "y"
        }
    }

    /// Text says how long ago things were, which changes without any event.
    var dependsOnLedgerOnly: Bool {
        switch self {
        case .json, .names, .yaml: true
        case .text: false
        }
    }

    /// The type of an answer that is text whatever was asked for.
    var textType: String {
        switch self {
        case .json, .text, .names: "text/plain; charset=utf-8"
        case .yaml: type
        }
    }

    var type: String {
        switch self {
        case .json: "application/json"
        case .text, .names: "text/plain; charset=utf-8"
        case .yaml: "application/yaml"
        }
    }
}
