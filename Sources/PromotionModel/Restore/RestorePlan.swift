package import EventLog

/// What bringing a whole project back to an earlier position comes to.
package struct RestorePlan: Hashable, Sendable {
    /// Stages that are promoted back: most downstream first, those of one level by name.
    package var stages: [Stage] = []
    /// Stages that run the same already, with nothing under way.
    package var unchanged: [StageName] = []
    /// Stages that did not exist then, ran nothing, or of which nothing is requested any more:
    /// they stay as they are.
    package var left: [StageName] = []
    /// Components of then that do not come back, because what brought them is no longer
    /// requested.
    package var lost: [Lost] = []

    /// One stage that is promoted back.
    package struct Stage: Hashable, Sendable {
        package let name: StageName
        /// 0 goes first: nothing of the project is downstream of it.
        package let level: UInt64
        /// Where the collection that is restored became current.
        package let restored: Position
        /// What the stage will run, all of it.
        package let target: FreightCollection
        /// What that changes, uncertain components included.
        package let changes: [ComponentChange]
        /// Promotions that give way: what is pending, and what only waits for input.
        package let superseded: [PromotionName]
        /// A promotion that runs and is finished first.
        package let finishedFirst: PromotionName?
    }

    /// A component that does not come back to a stage.
    package struct Lost: Hashable, Sendable, CustomStringConvertible {
        package let stage: StageName
        package let component: Component

        package var description: String { "stage \(stage): \(component.isNotRequestedText)" }
    }

    /// The components that do not come back to one stage.
    func lost(on stage: StageName) -> [Component] {
        lost.filter { $0.stage == stage }.map(\.component)
    }
}

extension Facts {
    /// The plan of bringing every stage of a project back to what it ran at `position`.
    package func restorePlan(
        of project: ProjectName,
        to position: Position
    ) throws(FactsFailure) -> RestorePlan {
        var plan = RestorePlan()
        var levels = StageLevels(facts: self, project: project)
        for name in try stages(in: project) {
            guard let row = try stage(name, in: project), !row.spec.isControlFlow else { continue }
            guard let entry = try ran(name, row.incarnation, at: position, in: project) else {
                plan.left.append(name)
                continue
            }
            let state = try stageState(name, in: project)
            let current = state.current ?? FreightCollection()
            let back = current.goingBack(
                to: entry.collection,
                requests: row.spec.requestedFreight,
                origin: nil
            )
            plan.lost += back.notRequested.map { RestorePlan.Lost(stage: name, component: $0) }
            if back.restoredCount == 0, !back.notRequested.isEmpty {
                plan.left.append(name)
                continue
            }
            let isSame = back.collection.hasSameContent(as: current)
            if isSame, back.notRequested.isEmpty, state.isAtRest {
                plan.unchanged.append(name)
                continue
            }
            var superseded = state.pending.map(\.name)
            var finishedFirst = state.running
            if let running = state.running, try givesWay(running, in: project) {
                superseded.append(running)
                finishedFirst = nil
            }
            plan.stages.append(
                RestorePlan.Stage(
                    name: name,
                    level: try levels.level(of: name),
                    restored: entry.position,
                    target: back.collection,
                    changes: current.changes(
                        to: back.collection,
                        uncertain: Set(state.uncertain.map(\.origin))
                    ),
                    superseded: superseded,
                    finishedFirst: finishedFirst
                )
            )
        }
        plan.stages.sort { ($0.level, $0.name) < ($1.level, $1.name) }
        return plan
    }

    /// What a stage of this incarnation ran at `position`, and where that had become current.
    private func ran(
        _ stage: StageName,
        _ incarnation: Position,
        at position: Position,
        in project: ProjectName
    ) throws(FactsFailure) -> (position: Position, collection: FreightCollection)? {
        let entries = try collections(of: stage, in: project, before: position.next, limit: 1)
        guard let entry = entries.first, entry.position > incarnation,
            let core = try promotion(entry.promotion, in: project),
            let collection = try promotionState(entry.promotion, in: project).collection
        else { return nil }
        let restored = core.origin == nil ? core.restored : nil
        return (restored ?? entry.position, collection)
    }

    /// The stages of the same restore that must end before `promotion` may start: those further
    /// downstream.
    package func stagesToRestore(
        before promotion: Promotion,
        in project: ProjectName
    ) throws(FactsFailure) -> [StageName] {
        guard let position = promotion.restore,
            let restore = try projectState(project).restore, restore.position == position,
            let own = restore.items.first(where: { $0.promotion == promotion.name })
        else { return [] }
        var stages: [StageName] = []
        for item in restore.items where item.level < own.level {
            if try !promotionState(item.promotion, in: project).phase.isTerminal {
                stages.append(item.stage)
            }
        }
        return stages
    }
}

extension StageState {
    /// Whether what it runs is known and nothing is under way that would change it.
    var isAtRest: Bool { uncertain.isEmpty && running == nil && pending.isEmpty }
}

/// How far upstream stages stand: 0 where nothing takes freight from a stage.
///
/// Junctions and control-flow stages lead on; they are no stages that run something.
private struct StageLevels<F: Facts> {
    private let facts: F
    private let project: ProjectName
    private var known: [Subject: UInt64] = [:]

    init(facts: F, project: ProjectName) {
        self.facts = facts
        self.project = project
    }

    mutating func level(of stage: StageName) throws(FactsFailure) -> UInt64 {
        try level(behind: .stage(stage))
    }

    /// The longest way from `provider` to the end, in stages that run something.
    private mutating func level(behind provider: Subject) throws(FactsFailure) -> UInt64 {
        if let level = known[provider] { return level }
        var level: UInt64 = 0
        for consumer in try facts.consumers(of: provider, in: project) {
            let behind = try self.level(behind: consumer)
            level = max(level, try runs(consumer) ? behind + 1 : behind)
        }
        known[provider] = level
        return level
    }

    private func runs(_ consumer: Subject) throws(FactsFailure) -> Bool {
        guard consumer.kind == .stage else { return false }
        let row = try facts.stage(StageName(unchecked: consumer.name), in: project)
        return row.map { !$0.spec.isControlFlow } ?? false
    }
}
