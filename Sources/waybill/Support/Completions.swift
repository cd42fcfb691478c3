import ArgumentParser
import Dispatch
import LedgerClient
import Requests
import Synchronization

/// What a shell may complete an argument to: names that the ledger has, here or at a server.
///
/// Asked between two keystrokes: it reads one page of each kind, and whatever goes wrong completes
/// nothing.
enum Completions {
    static let projects = names([.projects])
    static let stages = names([.stages])
    static let junctions = names([.junctions])
    static let warehouses = names([.warehouses])
    static let freight = names([.freight])
    static let promotions = names([.promotions])
    static let origins = names([.warehouses, .junctions]) { kind, name in
        "\(kind == .warehouses ? "Warehouse" : "Junction")/\(name)"
    }
    /// `stage/prod`, `junction/release`.
    static let consumers = names([.stages, .junctions], qualified)
    /// Whatever events can be about.
    static let subjects = names([.stages, .junctions, .warehouses, .tasks, .freight], qualified)
    /// Whatever can be explained.
    static let explainable = names(
        [.stages, .junctions, .warehouses, .freight, .promotions],
        qualified
    )
    /// What can be compared, or moved to: a stage, a junction or freight.
    static let things = names([.stages, .junctions, .freight])
    /// A moment or freight to go back to.
    static let targets = names([.freight], adding: ["previous"])

    private static let qualified: @Sendable (ListedKind, String) -> String = { kind, name in
        "\(kind.singular)/\(name)"
    }

    /// How many pieces of freight, or promotions, are offered: the newest.
    private static let newestCount = 50
    /// How many of other kinds.
    private static let pageSize = 1000

    /// Names of some kinds, each in the form that `written` gives it.
    private static func names(
        _ kinds: [ListedKind],
        adding others: [String] = [],
        _ written: @escaping @Sendable (ListedKind, String) -> String = { $1 }
    ) -> CompletionKind {
        .custom { arguments, _, _ in
            do {
                let client = try client(arguments)
                return others
                    + (try kinds.flatMap { kind in
                        try names(of: kind, client).map { written(kind, $0) }
                    })
            } catch {
                return []
            }
        }
    }

    /// A page of names, without their kinds.
    private static func names(
        of kind: ListedKind,
        _ client: any RequestClient
    ) throws -> [String] {
        var asked = ListQuestion()
        asked.kind = kind
        asked.limit = isEndless(kind) ? newestCount : pageSize
        let question = asked
        guard case .text(let lines) = try waiting({ try await client.answer(question) }) else {
            preconditionFailure("names are text")
        }
        return lines.split(separator: "\n").map { line in
            String(line.drop { $0 != "/" }.dropFirst())
        }
    }

    /// Whether there are more and more of a kind.
    private static func isEndless(_ kind: ListedKind) -> Bool {
        kind == .freight || kind == .promotions
    }

    /// Who is meant by what was typed so far, and by variables.
    private static func client(_ arguments: [String]) throws -> any RequestClient {
        var options = try LedgerOptions.parse([])
        options.ledger = value(of: ["--ledger"], in: arguments)
        options.project = value(of: ["-p", "--project"], in: arguments)
        options.place.server = value(of: ["--server"], in: arguments)
        options.place.token = value(of: ["--token"], in: arguments)
        options.place.tokenFile = value(of: ["--token-file"], in: arguments)
        options.place.caFile = value(of: ["--ca-file"], in: arguments)
        if let address = try options.serverAddress() {
            return RemoteDesk(address, options.choice, .names)
        }
        return Desk(try Session(reading: options).ledger, options.choice, .names)
    }

    /// What was typed for an option so far.
    private static func value(of names: [String], in arguments: [String]) -> String? {
        zip(arguments, arguments.dropFirst()).reversed().first { names.contains($0.0) }?.1
    }

    /// Waits for an answer on this thread: the parser takes names from commands that run at once
    /// only when they are ready.
    private static func waiting(
        _ ask: @escaping @Sendable () async throws -> Answer
    ) throws -> Answer {
        let told = Mutex<Result<Answer, any Error>?>(nil)
        let isTold = DispatchSemaphore(value: 0)
        Task.detached {
            let result: Result<Answer, any Error>
            do { result = .success(try await ask()) } catch { result = .failure(error) }
            told.withLock { $0 = result }
            isTold.signal()
        }
        isTold.wait()
        guard let result = told.withLock({ $0 }) else { preconditionFailure("it was told") }
        return try result.get()
    }
}
