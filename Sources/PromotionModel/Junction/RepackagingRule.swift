package import EventLog
import Expressions

/// What a junction would make now, and everything that speaks against making it.
package struct RepackagingOutlook: Sendable, Hashable {
    /// The leaves of what the requested slots hold, ordered by origin.
    package var leaves: [Constituent] = []
    /// The bundle that they make; nil while the junction holds nothing.
    package var bundle: FreightID?
    /// In the order in which they refuse a command; none where automation repackages.
    package var obstacles: [RepackagingObstacle] = []
    /// When one of them goes away by itself.
    package var wakeAt: Timestamp?

    /// Whether a person can repackage.
    package var isReady: Bool { obstacles.allSatisfy(\.isForAutomationOnly) }
}

/// When a junction makes a bundle of what it holds (design 7.5).
///
/// The one rule: what automation proposes, what `Repackage` refuses, and why a junction waits are
/// taken from it.
package struct RepackagingRule<F: Facts> {
    private let facts: F
    private let project: ProjectName
    private let now: Timestamp

    /// The rule over `facts`, at the time `now`.
    package init(facts: F, project: ProjectName, now: Timestamp) {
        self.facts = facts
        self.project = project
        self.now = now
    }

    /// What the junction would make now.
    package func outlook(
        of junction: JunctionName,
        _ spec: JunctionSpec,
        _ state: JunctionState
    ) throws(FactsFailure) -> RepackagingOutlook {
        var outlook = RepackagingOutlook()
        try fill(&outlook, junction, spec, state)
        guard let bundle = outlook.bundle, outlook.isReady else { return outlook }
        if bundle == state.bundle {
            outlook.obstacles = [.unchanged(bundle, alias: try displayName(bundle))]
            return outlook
        }
        if spec.requireVerifiedTogether {
            try requireTogether(&outlook, spec)
        }
        guard spec.repackagingPolicy == .automatic else {
            outlook.obstacles.append(.byHand)
            return outlook
        }
        debounce(&outlook, spec, state)
        try judge(&outlook, junction, spec, state)
        return outlook
    }

    /// What the requested slots hold, and what of it is missing or gone.
    private func fill(
        _ outlook: inout RepackagingOutlook,
        _ junction: JunctionName,
        _ spec: JunctionSpec,
        _ state: JunctionState
    ) throws(FactsFailure) {
        let availability = AvailabilityRule(facts: facts, project: project, now: now)
        var empty: [Origin] = []
        var gone: [RepackagingObstacle] = []
        for request in spec.requestedFreight {
            guard let slot = state[origin: request.origin] else {
                if !request.optional { empty.append(request.origin) }
                continue
            }
            guard let freight = try facts.freight(slot.freight, in: project) else {
                throw .inconsistent("slot \(slot.origin) holds \(slot.freight), not there")
            }
            outlook.leaves += freight.leaves
            let answer = try availability.availability(
                of: freight,
                for: request,
                by: .junction(junction)
            )
            guard case .unavailable(let unmet) = answer else { continue }
            let alias = try displayName(freight.id)
            gone.append(.notAvailable(freight.id, alias: alias, of: request.origin, unmet))
            outlook.wakeAt = [outlook.wakeAt, answer.wakeAt].compactMap { $0 }.min()
        }
        outlook.leaves.sort { $0.origin < $1.origin }
        if !empty.isEmpty || outlook.leaves.isEmpty { outlook.obstacles = [.slotsEmpty(empty)] }
        outlook.obstacles += gone
        guard !outlook.leaves.isEmpty else { return }
        outlook.bundle = FreightIdentity.id(of: outlook.leaves, junction: junction)
    }

    private func requireTogether(
        _ outlook: inout RepackagingOutlook,
        _ spec: JunctionSpec
    ) throws(FactsFailure) {
        let together = try facts.stages(verifyingTogether: outlook.leaves, for: spec, in: project)
        guard together.isEmpty else { return }
        outlook.obstacles.append(
            .neverTogether(try facts.verifyingStages(for: spec, in: project))
        )
    }

    /// Waits until the slots were still for `debounce`, but no longer than `debounceMax` after
    /// the first change that no bundle has.
    private func debounce(
        _ outlook: inout RepackagingOutlook,
        _ spec: JunctionSpec,
        _ state: JunctionState
    ) {
        guard spec.debounceMs > 0 else { return }
        var until = state.changedAt.adding(milliseconds: spec.debounceMs)
        if spec.debounceMaxMs > 0 {
            let first = state.unbundledSince ?? state.changedAt
            until = min(until, first.adding(milliseconds: spec.debounceMaxMs))
        }
        guard now < until else { return }
        outlook.obstacles.append(.restless(since: state.changedAt, until: until))
        outlook.wakeAt = [outlook.wakeAt, until].compactMap { $0 }.min()
    }

    private func judge(
        _ outlook: inout RepackagingOutlook,
        _ junction: JunctionName,
        _ spec: JunctionSpec,
        _ state: JunctionState
    ) throws(FactsFailure) {
        guard let source = spec.criteria, source.contains(where: { !$0.isWhitespace }) else {
            return
        }
        let criteria: RepackagingCriteria
        do throws(ExpressionError) {
            criteria = try RepackagingCriteria(source)
        } catch {
            outlook.obstacles.append(.criteriaFailed(source, error: error.message))
            return
        }
        let values = try facts.criteriaValues(
            for: outlook.leaves,
            of: junction,
            state,
            in: project
        )
        do throws(ExpressionError) {
            if try criteria.hold(values, at: now) { return }
            outlook.obstacles.append(.criteriaNotMet(source))
        } catch {
            outlook.obstacles.append(.criteriaFailed(source, error: error.message))
        }
        guard let wakeAt = criteria.wakeAt(after: now) else { return }
        outlook.wakeAt = [outlook.wakeAt, wakeAt].compactMap { $0 }.min()
    }

    private func displayName(_ id: FreightID) throws(FactsFailure) -> String {
        let alias = try facts.freightStatus(id, in: project).alias
        return alias.isEmpty ? id.short : alias
    }
}
