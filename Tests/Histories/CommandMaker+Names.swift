import EventLog
import PromotionModel

/// What commands are about; now and then something that is not there.
extension CommandMaker {
    mutating func someProject() -> ProjectName {
        chance(1) ? ProjectName(unchecked: "elsewhere") : project
    }

    mutating func someWarehouse() -> WarehouseName {
        chance(1) ? WarehouseName(unchecked: "nowhere") : pick(names.warehouses)
    }

    mutating func someStage() -> StageName {
        chance(1) ? StageName(unchecked: "nowhere") : pick(names.stages)
    }

    mutating func someJunction() -> JunctionName {
        if names.junctions.isEmpty || chance(1) { return JunctionName(unchecked: "nowhere") }
        return pick(names.junctions)
    }

    mutating func someConsumer() -> Consumer {
        if chance(30), !names.junctions.isEmpty { return .junction(someJunction()) }
        return .stage(someStage())
    }

    /// Text that names freight, newer freight rather: an id, the beginning of one, an alias.
    mutating func someFreight() -> String {
        if chance(2) { return pick(["no-such-freight", "abc", "0123456789"]) }
        guard let id = someFreightID() else { return "none-yet" }
        return reference(to: id)
    }

    /// Freight of any origin that has some, newer freight rather.
    mutating func someFreightID(where isWanted: (FreightID) -> Bool = { _ in true }) -> FreightID? {
        for origin in names.origins.shuffled(using: &random) {
            let entries = facts.freight(
                of: origin,
                in: project,
                before: Position(rawValue: .max),
                limit: pick([1, 3, 20])
            )
            let wanted = entries.filter { isWanted($0.freight) }
            if let id = wanted.randomElement(using: &random)?.freight { return id }
        }
        return nil
    }

    private mutating func reference(to id: FreightID) -> String {
        let alias = facts.freightStatus(id, in: project).alias
        let kargoName = facts.freight(id, in: project)?.kargoName ?? ""
        return pick([
            id.rawValue, alias.isEmpty ? id.rawValue : alias, String(id.rawValue.prefix(10)),
            kargoName.isEmpty ? id.rawValue : kargoName,
        ])
    }

    /// A promotion that waits or runs, mostly; sometimes one that is over.
    mutating func somePromotion() -> PromotionName {
        var found: [PromotionName] = []
        for stage in names.stages {
            let state = facts.stageState(stage, in: project)
            found += [state.running].compactMap { $0 } + state.pending.map(\.name)
        }
        if found.isEmpty || chance(10) {
            found += facts.promotions(
                of: pick(names.stages),
                in: project,
                before: Position(rawValue: .max),
                limit: 3
            ).map(\.promotion)
        }
        return found.randomElement(using: &random) ?? PromotionName(unchecked: "none")
    }

    /// A stage on which a promotion runs, or where one waits and none runs.
    mutating func busyStage(isRunning: Bool) -> StageState? {
        names.stages.map { facts.stageState($0, in: project) }
            .filter { isRunning ? $0.running != nil : $0.running == nil && !$0.pending.isEmpty }
            .randomElement(using: &random)
    }

    /// A position up to the last one, near the end rather, or one that is not there yet.
    mutating func somePosition() -> Position {
        let last = max(1, facts.position.rawValue)
        if chance(3) { return Position(rawValue: last + 5) }
        let first = chance(50) ? last - min(last - 1, 60) : 1
        return Position(rawValue: UInt64.random(in: first...last, using: &random))
    }
}
