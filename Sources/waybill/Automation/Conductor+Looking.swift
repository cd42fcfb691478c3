import Discovery
import EventLog
import Ledger
import PromotionModel

/// Looking at what warehouses watch.
extension Conductor {
    /// Starts to look at warehouses whose interval has passed.
    func startLooks(in group: inout ThrowingTaskGroup<Report, any Error>) throws {
        let now = Timestamp.wallClock()
        let (discovery, ledger) = (discovery, ledger)
        for (place, spec) in try warehouses() {
            guard agenda.looking.count < Self.lookCountMax else { return }
            if let last = agenda.lookedAt[place], now.milliseconds(since: last) < spec.intervalMs {
                continue
            }
            guard agenda.looking.insert(place).inserted else { continue }
            agenda.lookedAt[place] = now
            group.addTask {
                try await Self.look(place, spec, discovery, ledger)
                return .looked(place)
            }
        }
    }

    /// Warehouses that are looked at side by side.
    private static let lookCountMax = 16

    private static func look(
        _ place: Place,
        _ spec: WarehouseSpec,
        _ discovery: WarehouseDiscovery,
        _ ledger: Ledger
    ) async throws {
        let command: Command
        do {
            command = .recordDiscovery(
                RecordDiscovery(
                    project: place.project,
                    warehouse: place.warehouse,
                    findings: try await discovery.findings(for: spec)
                )
            )
        } catch {
            // Whoever stops us has not found out anything about the repository.
            try Task.checkCancellation()
            command = .recordDiscoveryFailure(
                RecordDiscoveryFailure(
                    project: place.project,
                    warehouse: place.warehouse,
                    message: "\(error)"
                )
            )
        }
        _ = try await submit(command, as: "discovery", to: ledger)
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

    /// When the next look is due.
    func nextLook() throws -> Timestamp? {
        try warehouses().compactMap { place, spec in
            if agenda.looking.contains(place) { return nil }
            return agenda.lookedAt[place]?.adding(milliseconds: spec.intervalMs)
        }.min()
    }
}
