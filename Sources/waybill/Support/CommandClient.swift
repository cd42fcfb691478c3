import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI
import LedgerClient
import PromotionModel
import Requests

/// Asks whoever a command's options mean: the ledger in a directory, or a server.
///
/// Beside a server on the same machine, commands read the ledger themselves, and what they change
/// goes through the server's socket.
struct CommandClient {
    let options: LedgerOptions
    private let client: any RequestClient
    /// The file that gets answers; nil for standard output.
    private let file: String?

    /// Somebody who asks questions, and wants the answer on standard output, or as text in a file.
    init(asking options: LedgerOptions, to file: String? = nil) throws {
        self.options = options
        self.file = file
        let form = file == nil ? options.output.form : .text
        if let address = try options.serverAddress() {
            client = RemoteDesk(address, options.choice, form)
        } else {
            let ledger = try Session(reading: options).ledger
            client = Desk(ledger, options.choice, form)
        }
    }

    /// Somebody who changes something.
    ///
    /// `lookUp` finds versions that nobody has discovered, where the ledger is opened here; a
    /// server has its own.
    init(
        _ options: LedgerOptions,
        _ change: ChangeOptions,
        lookUp: (Ledger) throws -> Desk.LookUp? = { _ in nil }
    ) throws {
        self.options = options
        file = nil
        if let address = try options.serverAddress() {
            try change.refuseActor()
            client = RemoteDesk(address, options.choice, options.output.form)
            return
        }
        if !change.dryRun, let socket = LedgerSocket(in: try options.path) {
            let address = ServerAddress(socket: socket, actor: change.actor)
            // What is wrong with the ledger or the options is said as without a server.
            let local = try Session(reading: options).desk
            _ = try change.identity()
            let remote = RemoteDesk(address, options.choice, options.output.form)
            client = NeighbourDesk(local: local, remote: remote)
            return
        }
        var desk = try Session(options, change).desk
        desk.lookUp = try lookUp(desk.ledger)
        client = desk
    }

    /// Answers a question.
    func answer(_ question: some Question) async throws {
        switch try await client.answer(question) {
        case .text(let text) where file != nil: try ProofFiles.write(text, to: file)
        case let answer: options.show(answer)
        }
    }

    /// What is no error in manifests, and will be one when it is promoted.
    func warnings(of found: ManifestFiles.Found) async throws -> [String] {
        guard let desk = client as? RemoteDesk else {
            return ManifestWarnings.lines(
                of: found.resources,
                besideLedgerAt: options.directory
            )
        }
        return try await desk.warnings(ofManifests: found.source)
    }

    /// Executes a change, or says what it would do; prints the outcome.
    ///
    /// With `waitsForEnd` it waits until the promotions that were asked for have ended.
    func execute(
        _ asked: some Change,
        _ change: ChangeOptions,
        waitsForEnd: Bool = false
    ) async throws {
        let terms = try change.terms()
        let told = try await client.execute(asked, terms, isFollowed: waitsForEnd)
        if waitsForEnd, !told.promotions.isEmpty {
            try await waitForEnd(of: told)
        } else {
            options.show(told.answer)
        }
    }

    /// Looks at warehouses; exit code 1 if one could not be looked at.
    ///
    /// `look` looks where the ledger is opened here; a server looks itself.
    func discover(
        _ asked: DiscoveryRequest,
        _ change: ChangeOptions,
        _ look: (Ledger) throws -> Desk.Look
    ) async throws {
        let told: DiscoveryAnswer
        if let desk = remote {
            told = try await desk.discover(asked, try change.terms())
        } else if let desk {
            told = try await look(desk.ledger)(asked, desk, try change.terms())
        } else {
            preconditionFailure("who is asked is a ledger or a server")
        }
        options.show(told.answer)
        if told.failureCount > 0 { throw ExitCode(CommandFailure.Code.failure.rawValue) }
    }

    /// The ledger that is opened here for commands; nil if a server is given them.
    var desk: Desk? { client as? Desk }

    /// The server that is given commands, if one is.
    private var remote: RemoteDesk? {
        (client as? RemoteDesk) ?? (client as? NeighbourDesk)?.remote
    }

    /// Prints what was recorded, waits until the promotions that it asked for have ended, and
    /// says how; exit code 1 if one did not succeed.
    private func waitForEnd(of told: ChangeAnswer) async throws {
        if case .text = told.answer { options.show(told.answer) }
        var outcomes: [Value] = []
        var haveSucceeded = true
        for promotion in told.promotions {
            let end = try await client.end(of: promotion)
            haveSucceeded = haveSucceeded && end.phase == "\(PromotionPhase.succeeded)"
            outcomes.append(
                Shape.object([
                    ("promotion", .string(promotion.name)), ("phase", .string(end.phase)),
                    ("message", end.message.map { .string($0) } ?? .null),
                ])
            )
            if case .text = told.answer {
                let message = end.message.map { ": \($0)" } ?? ""
                Output.line("\(promotion.name) \(end.phase)\(message)")
            }
        }
        if case .value(.object(var receipt)) = told.answer {
            receipt["outcomes"] = .array(outcomes)
            options.show(Value.object(receipt))
        }
        if !haveSucceeded { throw ExitCode(CommandFailure.Code.failure.rawValue) }
    }
}

/// A ledger that is open for reading, and the server that writes to it.
private struct NeighbourDesk: RequestClient {
    let local: Desk
    let remote: RemoteDesk

    func answer(_ question: some Question) async throws -> Answer {
        try await local.answer(question)
    }

    func execute(
        _ change: some Change,
        _ terms: ChangeTerms,
        isFollowed: Bool
    ) async throws -> ChangeAnswer {
        try await remote.execute(change, terms, isFollowed: isFollowed)
    }

    func end(of promotion: RequestedPromotion) async throws -> PromotionEnd {
        try await local.end(of: promotion)
    }
}
