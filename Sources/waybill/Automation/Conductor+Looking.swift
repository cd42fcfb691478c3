import Discovery
import EventLog
import Ledger
import PromotionModel

/// Looking at what warehouses watch.
extension Conductor {
    /// Looks at every warehouse that is due; says whether anything was recorded.
    func look() async throws -> Bool {
        let now = Timestamp.wallClock()
        var due: [(place: Place, spec: WarehouseSpec)] = []
        for (place, spec) in try warehouses() where schedule.isDue(place, spec, at: now) {
            schedule.begin(place, spec, intervalMs: spec.intervalMs, at: now)
            due.append((place, spec))
        }
        let discovery = discovery
        let ledger = ledger
        let looks = try await withThrowingTaskGroup(of: Look.self) { group in
            var waiting = due[...]
            for _ in 0..<Self.lookCountMax {
                guard let next = waiting.popFirst() else { break }
                group.addTask { try await Self.look(next.place, next.spec, discovery, ledger) }
            }
            var looks: [Look] = []
            while let look = try await group.next() {
                looks.append(look)
                guard let next = waiting.popFirst() else { continue }
                group.addTask { try await Self.look(next.place, next.spec, discovery, ledger) }
            }
            return looks
        }
        for look in looks {
            schedule.end(look.place, look.error)
            if let receipt = look.receipt { _ = try concerned(receipt) }
        }
        return looks.contains { $0.receipt != nil }
    }

    /// How a look came out.
    private struct Look: Sendable {
        let place: Place
        var receipt: Receipt?
        var error: DiscoveryError?
    }

    /// Warehouses that are looked at side by side.
    private static let lookCountMax = 16

    private static func look(
        _ place: Place,
        _ spec: WarehouseSpec,
        _ discovery: WarehouseDiscovery,
        _ ledger: Ledger
    ) async throws -> Look {
        var look = Look(place: place)
        let command: Command
        do throws(DiscoveryError) {
            command = .recordDiscovery(
                RecordDiscovery(
                    project: place.project,
                    warehouse: place.warehouse,
                    findings: try await discovery.findings(
                        for: spec,
                        in: place.project
                    )
                )
            )
        } catch {
            // Whoever stops us has not found out anything about the repository.
            try Task.checkCancellation()
            look.error = error
            command = .recordDiscoveryFailure(
                RecordDiscoveryFailure(
                    project: place.project,
                    warehouse: place.warehouse,
                    message: "\(error)"
                )
            )
        }
        if case .accepted(let receipt) = try await submit(command, as: "discovery", to: ledger) {
            look.receipt = receipt
        }
        return look
    }

    private func warehouses() throws -> [(Place, WarehouseSpec)] {
        try ledger.read { (view) throws(LedgerError) in
            try view.ask { facts throws(FactsFailure) in
                var found: [(Place, WarehouseSpec)] = []
                for project in try facts.projects()
                where try facts.projectState(project).mode == .drive {
                    for name in try facts.warehouses(in: project) {
                        guard let row = try facts.warehouse(name, in: project) else { continue }
                        found.append((Place(project: project, warehouse: name), row.spec))
                    }
                }
                return found
            }
        }
    }

    func nextLook() -> Timestamp? {
        let places = (try? warehouses()) ?? []
        return places.compactMap { schedule.dueAt($0.0) }.min()
    }
}
