import Discovery
import EventLog
import Ledger
import PromotionModel

/// Looking at what warehouses watch.
extension Conductor {
    /// Starts to look at warehouses that are due.
    func startLooks(in group: inout ThrowingTaskGroup<Report, any Error>) throws {
        let now = Timestamp.wallClock()
        let (discovery, ledger) = (discovery, ledger)
        for (place, spec) in try warehouses() where agenda.schedule.isDue(place, spec, at: now) {
            guard agenda.looking.count < Self.lookCountMax else { return }
            guard agenda.looking.insert(place).inserted else { continue }
            agenda.schedule.begin(place, spec, intervalMs: spec.intervalMs, at: now)
            group.addTask {
                .looked(place, try await Self.look(place, spec, discovery, ledger))
            }
        }
    }

    /// Has warehouses looked at as soon as may be, whatever their interval.
    func lookSoon(at warehouses: [WarehouseName], in project: ProjectName) {
        for warehouse in warehouses {
            agenda.schedule.ask(for: Place(project: project, warehouse: warehouse))
        }
        calls.continuation.yield()
    }

    /// Warehouses that are looked at side by side.
    private static let lookCountMax = 16

    /// Looks at a warehouse and records what it saw; what went wrong, if anything did.
    private static func look(
        _ place: Place,
        _ spec: WarehouseSpec,
        _ discovery: WarehouseDiscovery,
        _ ledger: Ledger
    ) async throws -> DiscoveryError? {
        var failure: DiscoveryError?
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
            failure = error
            command = .recordDiscoveryFailure(
                RecordDiscoveryFailure(
                    project: place.project,
                    warehouse: place.warehouse,
                    message: "\(error)"
                )
            )
        }
        _ = try await submit(command, as: "discovery", to: ledger)
        return failure
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
        try warehouses().compactMap { place, _ in
            agenda.looking.contains(place) ? nil : agenda.schedule.dueAt(place)
        }.min()
    }
}
