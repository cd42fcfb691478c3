import EventLog
package import Expressions
import PromotionModel
import NIOHTTP1
package import Requests

/// The client of a server, by its API.
package struct RemoteDesk: RequestClient {
    let connection: ServerConnection
    /// Which project somebody said.
    let choice: ProjectChoice
    let form: AnswerForm

    /// A desk at a server.
    package init(_ address: ServerAddress, _ choice: ProjectChoice, _ form: AnswerForm) {
        connection = ServerConnection(address)
        self.choice = choice
        self.form = form
    }

    /// Asks a question.
    package func answer(_ question: some Question) async throws -> Answer {
        var message = ServerConnection.Message(path: try path(of: question.place))
        message.query = Self.query(of: question.words)
        return try await answer(to: &message)
    }

    /// Gives a command.
    package func execute(
        _ change: some Change,
        _ terms: ChangeTerms,
        isFollowed: Bool
    ) async throws -> ChangeAnswer {
        var message = ServerConnection.Message(path: try path(of: change.place))
        message.method = .POST
        message.headers.append(("Idempotency-Key", terms.id.rawValue))
        if terms.isDryRun { message.query.append(("dryRun", "true")) }
        switch change.body {
        case .words(var words):
            if let reason = terms.reason { words["reason"] = .string(reason) }
            message.body = ("application/json", Array(Value.object(words).json.utf8))
        case .manifests(let source):
            message.query += Self.query(of: change.words)
            // Whoever applies files has looked for what is to be warned of in them already.
            message.query.append(("warnings", "false"))
            if let reason = terms.reason { message.query.append(("reason", reason)) }
            message.body = ("application/yaml", Array(source.text.utf8))
        }
        var copy = message
        let answer: Answer
        do {
            answer = try await self.answer(to: &message)
        } catch let failure as CommandFailure {
            guard case .manifests(let source) = change.body else { throw failure }
            throw failure.told(source.told)
        }
        guard isFollowed else { return ChangeAnswer(answer: answer) }
        // The same command again is answered with the first receipt, here in a form for programs.
        if case .value(let receipt) = answer {
            return ChangeAnswer(answer: answer, promotions: Self.promotions(in: receipt))
        }
        copy.accepted = "application/json"
        let receipt = try Self.value(of: try await connection.send(copy))
        return ChangeAnswer(answer: answer, promotions: Self.promotions(in: receipt))
    }

    /// Follows the server's events until a promotion has ended.
    package func end(of promotion: RequestedPromotion) async throws -> PromotionEnd {
        let project = PercentEncoding.encoded(promotion.project)
        var question = DescriptionQuestion()
        question.subject = "promotion/\(promotion.name)"
        var message = ServerConnection.Message(path: "projects/\(project)/describe")
        message.query = Self.query(of: question.words)
        let asked = message
        func ended() async throws -> PromotionEnd? {
            PromotionEnd(try Self.value(of: try await connection.send(asked)))
        }
        var end: PromotionEnd?
        let query = [("project", promotion.project), ("subject", question.subject)]
        try await ServerEvents(connection).follow(query) {
            // What ended before anybody looked sends no more events.
            end = try await ended()
            return end == nil
        } each: { _ in
            end = try await ended()
            return end == nil
        }
        guard let end else { throw CancellationError() }
        return end
    }

    /// Hands over events as lines, from `since` or from now on, until the task is cancelled.
    package func watch(
        _ selection: EventSelection,
        since: String?,
        asText: Bool,
        each: (ServerEvent) async throws -> Void
    ) async throws {
        var asked = EventsQuestion()
        asked.selection = selection
        asked.since = since
        var query = Self.query(of: asked.words)
        if let project = try choice.saidName() { query.append(("project", project.rawValue)) }
        if asText { query.append(("as", "text")) }
        try await ServerEvents(connection).follow(query) {
            true
        } each: { event in
            try await each(event)
            return true
        }
    }

    /// What the server warns of in manifests.
    package func warnings(ofManifests source: ManifestSource) async throws -> [String] {
        var message = ServerConnection.Message(path: "validate")
        message.method = .POST
        message.body = ("application/yaml", Array(source.text.utf8))
        let value = try Self.value(of: try await connection.send(message))
        return (value["warnings"]?.arrayValue ?? []).compactMap(\.stringValue).map(source.told)
    }

    /// Has the server look at warehouses.
    package func discover(
        _ asked: DiscoveryRequest,
        _ terms: ChangeTerms
    ) async throws -> DiscoveryAnswer {
        var message = ServerConnection.Message(path: try path(of: asked.place))
        message.method = .POST
        message.headers.append(("Idempotency-Key", terms.id.rawValue))
        if terms.isDryRun { message.query.append(("dryRun", "true")) }
        var words = asked.words
        if let reason = terms.reason { words["reason"] = .string(reason) }
        message.body = ("application/json", Array(Value.object(words).json.utf8))
        say(&message)
        let reply = try await connection.reply(message)
        return DiscoveryAnswer(
            answer: try Self.answer(reply),
            failureCount: reply.failureCount
        )
    }

    /// Asks for something that is neither a question nor a change, and answers with a value.
    package func value(
        posting words: [String: Value] = [:],
        to place: RequestPlace
    ) async throws -> Value {
        var message = ServerConnection.Message(path: try path(of: place))
        message.method = .POST
        message.body = ("application/json", Array(Value.object(words).json.utf8))
        return try Self.value(of: try await connection.send(message))
    }

    // MARK: - How it is said

    private func answer(to message: inout ServerConnection.Message) async throws -> Answer {
        say(&message)
        return try Self.answer(try await connection.reply(message))
    }

    private static func answer(_ reply: ServerConnection.Reply) throws -> Answer {
        reply.isJSON ? .value(try value(of: reply.text)) : .text(reply.text)
    }

    /// Says in which form an answer is wanted.
    private func say(_ message: inout ServerConnection.Message) {
        switch form {
        case .value: message.accepted = "application/json"
        case .manifests: message.accepted = "application/yaml"
        case .names: message.accepted = "text/x.waybill-names"
        case .text:
            message.accepted = "text/plain"
            let layout = TextLayout.current
            if let columns = layout.columns { message.query.append(("width", "\(columns)")) }
            if layout.isColoured { message.query.append(("colour", "true")) }
        }
    }

    func path(of place: RequestPlace) throws(CommandFailure) -> String {
        switch place {
        case .ofLedger(let name): return name
        case .ofProject("audit/events") where choice.said == nil: return "audit/events"
        case .ofProject(let name):
            let project = try choice.saidName()?.rawValue ?? RequestPlace.unsaidProject
            return "projects/\(PercentEncoding.encoded(project))/\(name)"
        }
    }

    /// Words as a query; those of a list one by one.
    static func query(of words: [String: Value]) -> [(name: String, value: String)] {
        var query: [(name: String, value: String)] = []
        for (name, value) in words.sorted(by: { $0.key < $1.key }) {
            for item in value.arrayValue ?? [value] {
                query.append((name, item.stringValue ?? item.json))
            }
        }
        return query
    }

    static func value(of text: String) throws -> Value {
        do throws(ExpressionError) {
            return try Value(json: text)
        } catch {
            throw CommandFailure(
                .failure,
                "noServer",
                "the server's answer is no JSON: \(error); look whether --server names a waybill "
                    + "serve"
            )
        }
    }

    private static func promotions(in receipt: Value) -> [RequestedPromotion] {
        (receipt["events"]?.arrayValue ?? []).compactMap { event in
            guard event["type"]?.stringValue == "PromotionRequested",
                let project = event["project"]?.stringValue,
                let subject = event["subject"]?.stringValue, subject.hasPrefix("promotion/")
            else { return nil }
            return RequestedPromotion(
                name: String(subject.dropFirst("promotion/".count)),
                project: project
            )
        }
    }
}
