import Discovery
import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel
import Requests

/// A look at warehouses that somebody asked for.
struct WarehouseLook: Sendable {
    let discovery: WarehouseDiscovery

    /// Looks at the warehouses that are named, or at all, and records what is new there.
    func perform(
        _ asked: DiscoveryRequest,
        _ desk: Desk,
        _ terms: ChangeTerms
    ) async throws -> DiscoveryAnswer {
        let project = try desk.project()
        let places = try places(asked.warehouses, in: project, desk)
        let results = await results(of: places, in: project)
        var told: [Recorded] = []
        var failureCount = 0
        for (place, result) in zip(places, results) {
            var terms = terms
            if places.count > 1 { terms.id = .version7(at: .wallClock()) }
            told.append(try await record(result, of: place.name, in: project, desk, terms))
            if case .failure = result { failureCount += 1 }
        }
        let answer: Answer =
            desk.form.isStructured
            ? .value(["items": .array(told.map { Shape.object($0.members) })])
            : .text(told.flatMap(\.lines).map { $0 + "\n" }.joined())
        return DiscoveryAnswer(answer: answer, failureCount: failureCount)
    }

    private typealias Place = (name: WarehouseName, spec: WarehouseSpec)
    private typealias LookResult = Result<[SubscriptionFinding], DiscoveryError>

    /// The warehouses that are meant, each once.
    private func places(
        _ warehouses: [String],
        in project: ProjectName,
        _ desk: Desk
    ) throws -> [Place] {
        let named = try warehouses.map { (text) throws(CommandFailure) in
            try Names.warehouse(text)
        }
        let found: Result<[Place], Refusal> = try desk.read { view in
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
            return try desk.read { _ in throw CommandFailure(refusal) }
        }
    }

    /// Looks at all of them side by side, as far as the discovery lets them.
    private func results(
        of places: [Place],
        in project: ProjectName
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

    /// Records what a look came to; what people and programs are told of it.
    private func record(
        _ result: LookResult,
        of warehouse: WarehouseName,
        in project: ProjectName,
        _ desk: Desk,
        _ terms: ChangeTerms
    ) async throws -> Recorded {
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
        let envelope = CommandEnvelope(
            id: terms.id,
            actor: terms.actor,
            command: command,
            reason: terms.reason
        )
        var told: Recorded =
            terms.isDryRun ? try tried(envelope, desk) : try await recorded(envelope, desk)
        told.members =
            [
                ("kind", "Warehouse"), ("name", .string(warehouse.rawValue)),
                ("failure", failure.map { .string($0) } ?? .null),
            ] + told.members
        if told.lines.isEmpty {
            let nothing = failure.map { "failed: \($0)" } ?? "has nothing new"
            told.lines = ["warehouse/\(warehouse) \(nothing)"]
        }
        return told
    }

    /// What came of a command, for people and for programs.
    private struct Recorded {
        var lines: [String] = []
        var members: [(String, Value)] = []
    }

    private func recorded(
        _ envelope: CommandEnvelope,
        _ desk: Desk
    ) async throws -> Recorded {
        switch try await desk.ledger.execute(envelope) {
        case .accepted(let receipt):
            return try desk.read { view in
                let events = try view.events(of: receipt)
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

    private func tried(_ envelope: CommandEnvelope, _ desk: Desk) throws -> Recorded {
        switch try desk.ledger.dryRun(envelope) {
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
