import EventLog
import PromotionModel

/// Why origins give nothing newer, as far as one explanation has asked.
final class SourceReasons {
    var reasons: [Origin: [Reason]] = [:]
}

extension Explainer {
    /// That there is no freight of an origin at all, and why.
    func noFreight(of origin: Origin) throws(FactsFailure) -> Reason {
        let behind = try source(of: origin)
        let text =
            origin.kind == .warehouse
            ? "there is no freight of \(origin) yet"
            : "junction \(origin.name) has made no bundle yet"
        guard let first = behind.first else {
            return Reason(.noFreight, text, changes: ["waybill explain \(subject(of: origin))"])
        }
        return Reason(.noFreight, "\(text): \(first.text)", changes: first.changes, at: first.at)
    }

    /// Why no newer freight of an origin is made; nothing where there is none to be made.
    ///
    /// The same for all that request the origin, and found out once: what a warehouse found last
    /// may be megabytes.
    func source(of origin: Origin) throws(FactsFailure) -> [Reason] {
        if let known = sources.reasons[origin] { return known }
        let reasons =
            if let warehouse = origin.warehouse {
                try warehouseReasons(warehouse)
            } else {
                try junctionReasons(JunctionName(unchecked: origin.name))
            }
        sources.reasons[origin] = reasons
        return reasons
    }

    private func subject(of origin: Origin) -> Subject {
        origin.warehouse.map { .warehouse($0) }
            ?? .junction(JunctionName(unchecked: origin.name))
    }

    /// Why a warehouse makes no newer freight, seen from where that is wanted.
    private func warehouseReasons(_ name: WarehouseName) throws(FactsFailure) -> [Reason] {
        guard let row = try facts.warehouse(name, in: project) else { return [] }
        let state = try facts.warehouseState(name, in: project)
        let explain = "waybill explain warehouse/\(name)"
        var reasons: [Reason] = []
        if let failure = state.failure {
            reasons.append(
                Reason(
                    .discoveryFailed,
                    "warehouse \(name) cannot be looked at: \(failure)",
                    changes: [explain]
                )
            )
        } else if state.discovered == .origin {
            reasons.append(neverLookedAt(name))
            return reasons
        }
        guard state.discovered != .origin else { return reasons }
        let obstacle = try CreationRule(facts: facts, project: project)
            .obstacle(of: name, row.spec, state.findings)
        if let obstacle {
            return reasons + [notCreated(obstacle, name)].compactMap { $0 }
        }
        return reasons + [creating(name)]
    }

    /// That nobody has looked at a warehouse.
    func neverLookedAt(_ name: WarehouseName) -> Reason {
        Reason(
            .neverLookedAt,
            "nobody has looked at warehouse \(name) yet",
            changes: ["waybill run", "waybill discover \(name)"]
        )
    }

    /// That automation is about to make freight.
    func creating(_ name: WarehouseName) -> Reason {
        Reason(
            .creating,
            "automation makes freight of what was found in warehouse \(name) next",
            changes: ["waybill run"]
        )
    }

    /// What keeps a warehouse from making freight; nil where what it found is freight already.
    func notCreated(_ obstacle: CreationObstacle, _ name: WarehouseName) -> Reason? {
        let text = "what warehouse \(name) found last is no freight: \(obstacle)"
        let assemble = "waybill assemble --warehouse \(name)"
        switch obstacle {
        case .exists: return nil
        case .nothingFound:
            return Reason(
                .nothingFound,
                "\(obstacle) in warehouse \(name)",
                changes: ["waybill explain warehouse/\(name)"]
            )
        case .byHand: return Reason(.creationByHand, text, changes: [assemble])
        case .criteriaNotMet, .criteriaFailed:
            return Reason(.creationCriteria, text, changes: [assemble])
        }
    }

    /// Why a junction makes no newer bundle, seen from where that is wanted.
    private func junctionReasons(_ name: JunctionName) throws(FactsFailure) -> [Reason] {
        guard let row = try facts.junction(name, in: project) else { return [] }
        let state = try facts.junctionState(name, in: project)
        let outlook = try RepackagingRule(facts: facts, project: project, now: now)
            .outlook(of: name, row.spec, state)
        // Where it holds nothing there is no other combination than its bundle either.
        if state.bundle != nil, outlook.bundle == nil || outlook.bundle == state.bundle {
            return []
        }
        let steps = try NextStepsRule(facts: facts, project: project, now: now)
            .nextSteps(for: .junction(name))
        let first = try state.bundle.map { bundle throws(FactsFailure) in
            "junction \(name) holds another combination than its bundle \(try self.name(bundle))"
        }
        if steps.commands.contains(where: { $0.rule == "repackage" }) {
            return [
                Reason(
                    .notRepackaged,
                    (first.map { "\($0), of which " } ?? "") + "automation makes a bundle next",
                    changes: ["waybill run", "waybill repackage \(name)"]
                )
            ]
        }
        let obstacles = outlook.obstacles.map(\.description).joined(separator: "; ")
        return [
            Reason(
                .notRepackaged,
                (first.map { "\($0): " } ?? "") + obstacles,
                changes: (outlook.isReady ? ["waybill repackage \(name)"] : [])
                    + ["waybill explain junction/\(name)"],
                at: outlook.wakeAt
            )
        ]
    }
}
