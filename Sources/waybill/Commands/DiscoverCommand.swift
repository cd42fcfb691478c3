import ArgumentParser
import Discovery
import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel
import Requests

struct DiscoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discover",
        abstract: "Look at warehouses now, and record what is new there.",
        discussion: """
            Looks at the warehouses that are named, or at all of the project, whatever their \
            interval; records what is new, and tells it. Freight is made of what was found by \
            'waybill run', beside which it may be used, or by 'waybill assemble'.

            Ends with 1 if a warehouse could not be looked at; the others are recorded all the \
            same. A --command-id is for one warehouse.

            For example: waybill discover checkout payments
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(help: "Warehouses; all if none is named.", completion: Completions.warehouses)
    var warehouses: [String] = []

    @Flag(help: "Allow repositories on this machine (file:// and paths).")
    var allowFileRepos = false

    func validate() throws {
        guard change.commandId == nil || Set(warehouses).count == 1 else {
            throw ValidationError("--command-id is for one warehouse: name it.")
        }
    }

    func run() async throws {
        let session = try Session(options, change)
        let project = try session.project()
        let places = try places(in: project, session)
        let discovery = try Outside(session.ledger, allowFileRepositories: allowFileRepos)
            .discovery()
        let results = await results(of: places, in: project, discovery)
        var items: [Value] = []
        var hasFailed = false
        for (place, result) in zip(places, results) {
            items.append(try await record(result, of: place.name, in: project, session))
            if case .failure = result { hasFailed = true }
        }
        if options.isStructured { session.show(["items": .array(items)]) }
        if hasFailed { throw ExitCode(CommandFailure.Code.failure.rawValue) }
    }

    private typealias Place = (name: WarehouseName, spec: WarehouseSpec)
    private typealias LookResult = Result<[SubscriptionFinding], DiscoveryError>

    /// The warehouses that are meant, each once.
    private func places(in project: ProjectName, _ session: Session) throws -> [Place] {
        let named = try warehouses.map { (text) throws(CommandFailure) in
            try Names.warehouse(text)
        }
        let found: Result<[Place], Refusal> = try session.read { view, _ in
            try view.ask { facts throws(FactsFailure) in
                guard try facts.projectState(project).mode == .drive else {
                    return .failure(.projectObserved(project))
                }
                let all = try facts.warehouses(in: project)
                var places: [Place] = []
                for name in named.isEmpty ? all : Array(Set(named)).sorted() {
                    guard let row = try facts.warehouse(name, in: project) else {
                        return .failure(.unknownWarehouse(name, in: project))
                    }
                    places.append((name, row.spec))
                }
                return .success(places)
            }
        }
        switch found {
        case .success(let places): return places
        case .failure(let refusal):
            return try session.read { _, _ in throw CommandFailure(refusal) }
        }
    }

    /// Looks at all of them side by side, as far as the discovery lets them.
    private func results(
        of places: [Place],
        in project: ProjectName,
        _ discovery: WarehouseDiscovery
    ) async -> [LookResult] {
        await withTaskGroup(of: (Int, LookResult).self) { group in
            for (index, place) in places.enumerated() {
                group.addTask {
                    do throws(DiscoveryError) {
                        return (
                            index,
                            .success(try await discovery.findings(for: place.spec, in: project))
                        )
                    } catch {
                        return (index, .failure(error))
                    }
                }
            }
            var results: [Int: LookResult] = [:]
            for await (index, result) in group { results[index] = result }
            return places.indices.compactMap { results[$0] }
        }
    }

    /// Records what a look came to, and tells it; what programs get of it.
    private func record(
        _ result: LookResult,
        of warehouse: WarehouseName,
        in project: ProjectName,
        _ session: Session
    ) async throws -> Value {
        let command: Command
        var failure: String?
        switch result {
        case .success(let findings):
            command = .recordDiscovery(
                RecordDiscovery(project: project, warehouse: warehouse, findings: findings)
            )
        case .failure(let error):
            failure = error.description
            command = .recordDiscoveryFailure(
                RecordDiscoveryFailure(
                    project: project,
                    warehouse: warehouse,
                    message: error.description
                )
            )
        }
        var members: [(String, Value)] = [
            ("kind", "Warehouse"), ("name", .string(warehouse.rawValue)),
            ("failure", failure.map { .string($0) } ?? .null),
        ]
        let envelope = try change.envelope(command)
        let told: Recorded =
            change.dryRun
            ? try tried(envelope, session) : try await recorded(envelope, session)
        members += told.members
        if !options.isStructured {
            let nothing = failure.map { "failed: \($0)" } ?? "has nothing new"
            for line in told.lines { Output.line(line) }
            if told.lines.isEmpty { Output.line("warehouse/\(warehouse) \(nothing)") }
        }
        return Shape.object(members)
    }

    /// What came of a command, for people and for programs.
    private struct Recorded {
        var lines: [String] = []
        var members: [(String, Value)] = []
    }

    private func recorded(
        _ envelope: CommandEnvelope,
        _ session: Session
    ) async throws -> Recorded {
        switch try await session.ledger.execute(envelope) {
        case .accepted(let receipt):
            return try session.read { view, _ in
                var events: [LedgerEvent] = []
                for number in receipt.first.rawValue...receipt.last.rawValue {
                    events.append(try view.event(at: Position(rawValue: number)))
                }
                return Recorded(
                    lines: events.compactMap { Narrator.line($0) },
                    members: [("receipt", Shape.receipt(receipt, events: events))]
                )
            }
        case .quiet: return Recorded()
        case .refused(let refusal): throw CommandFailure(refusal)
        case .conflict(let first, let last):
            throw CommandFailure.conflict(envelope.id, first, last)
        }
    }

    private func tried(_ envelope: CommandEnvelope, _ session: Session) throws -> Recorded {
        switch try session.ledger.dryRun(envelope) {
        case .quiet: return Recorded()
        case .refused(let refusal): throw CommandFailure(refusal)
        case .events(let drafts):
            return Recorded(
                lines: drafts.map { "\($0.subject) would get \($0.event.type.name)" },
                members: [("receipt", Shape.drafts(drafts))]
            )
        }
    }
}
