import Discovery
import EventLog
import Ledger
import PromotionModel

/// Looking at what warehouses watch.
extension Conductor {
    /// Looks at every warehouse whose interval has passed; says whether anything was recorded.
    func look() async throws -> Bool {
        let now = Timestamp.wallClock()
        var due: [(place: Place, spec: WarehouseSpec)] = []
        for (place, spec) in try warehouses() {
            if let last = lookedAt[place], now.milliseconds(since: last) < spec.intervalMs {
                continue
            }
            lookedAt[place] = now
            due.append((place, spec))
        }
        let discovery = discovery
        let ledger = ledger
        let receipts = try await withThrowingTaskGroup(of: Receipt?.self) { group in
            var waiting = due[...]
            for _ in 0..<Self.lookCountMax {
                guard let next = waiting.popFirst() else { break }
                group.addTask { try await Self.look(next.place, next.spec, discovery, ledger) }
            }
            var receipts: [Receipt] = []
            while let result = try await group.next() {
                if let receipt = result { receipts.append(receipt) }
                guard let next = waiting.popFirst() else { continue }
                group.addTask { try await Self.look(next.place, next.spec, discovery, ledger) }
            }
            return receipts
        }
        for receipt in receipts { _ = try concerned(receipt) }
        return !receipts.isEmpty
    }

    /// Warehouses that are looked at side by side.
    private static let lookCountMax = 16

    private static func look(
        _ place: Place,
        _ spec: WarehouseSpec,
        _ discovery: WarehouseDiscovery,
        _ ledger: Ledger
    ) async throws -> Receipt? {
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
        switch try await submit(command, as: "discovery", to: ledger) {
        case .accepted(let receipt): return receipt
        case .quiet, .refused: return nil
        }
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
        let specs = (try? warehouses()) ?? []
        return specs.compactMap { place, spec in
            lookedAt[place]?.adding(milliseconds: spec.intervalMs)
        }.min()
    }
}
