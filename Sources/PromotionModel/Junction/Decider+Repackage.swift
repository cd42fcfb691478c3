import EventLog

extension Decider {
    /// Makes one bundle of what a junction holds; quiet where it is the junction's bundle already.
    ///
    /// Refuses, in this order: unknown project or junction; slots that are empty and not
    /// optional; freight that is no longer available; another alias for the bundle that it is;
    /// what was never verified together, where the junction requires that; for automation, that
    /// it has to wait; an alias that other freight has, or that is malformed.
    func decide(_ command: Repackage) throws(Stop) -> [EventDraft] {
        let spec = try junctionSpec(command.junction, in: command.project)
        let state = try junctionState(command.junction, in: command.project)
        let rule = RepackagingRule(facts: facts, project: command.project, now: moment.recorded)
        let outlook = try ask { _ throws(FactsFailure) in
            try rule.outlook(of: command.junction, spec, state)
        }
        for obstacle in outlook.obstacles where isAutomation || !obstacle.isForAutomationOnly {
            if case .unchanged(_, let alias) = obstacle {
                guard command.alias == nil || command.alias == alias else {
                    throw .refused(.bundleExists(command.junction, alias: alias))
                }
                return []
            }
            throw .refused(refusal(obstacle, of: command.junction))
        }
        guard let id = outlook.bundle else {
            throw .refused(.slotsEmpty(command.junction, origins: []))
        }
        let event = try repackaged(id, leaves: outlook.leaves, spec: spec, state: state, command)
        return [junctionDraft(.freightRepackaged(event), command.junction, in: command.project)]
    }

    /// What stands in the way of a bundle as the answer to whoever asked for it.
    private func refusal(_ obstacle: RepackagingObstacle, of junction: JunctionName) -> Refusal {
        switch obstacle {
        case .slotsEmpty(let origins): .slotsEmpty(junction, origins: origins)
        case .notAvailable(_, let alias, _, let unmet):
            .freightNotAvailable(
                freight: alias,
                to: .junction(junction),
                why: unmet.sentence(freight: alias, to: .junction(junction))
            )
        case .unchanged(_, let alias): .bundleExists(junction, alias: alias)
        case .neverTogether(let stages): .notVerifiedTogether(junction, in: stages)
        case .byHand, .restless, .criteriaNotMet, .criteriaFailed:
            .repackagingWaits(junction, why: obstacle.description)
        }
    }

    private func repackaged(
        _ id: FreightID,
        leaves: [Constituent],
        spec: JunctionSpec,
        state: JunctionState,
        _ command: Repackage
    ) throws(Stop) -> FreightRepackaged {
        let existing = try ask { facts throws(FactsFailure) in
            try facts.freight(id, in: command.project)
        }
        var event = FreightRepackaged()
        event.junction = command.junction
        event.freight = id
        event.isNew = existing == nil
        event.alias = try bundleAlias(for: id, isNew: event.isNew, command)
        event.constituents = leaves
        var before = FreightCollection()
        if let bundle = state.bundle {
            before = try FreightCollection(bundle: freight(bundle, in: command.project))
        }
        event.changes = before.changes(
            to: FreightCollection(leaves: leaves, of: command.junction, id: id)
        )
        event.verifiedTogether = try ask { facts throws(FactsFailure) in
            try facts.stages(verifyingTogether: leaves, for: spec, in: command.project)
        }
        event.because = try envelope.because.map { because throws(Stop) in
            guard let bundle = state.bundle else { return "\(because): the first bundle" }
            let name = try displayName(bundle, in: command.project)
            return "\(because): \(event.alias) rather than \(name)"
        }
        event.reason = envelope.reason
        return event
    }

    private func bundleAlias(
        for id: FreightID,
        isNew: Bool,
        _ command: Repackage
    ) throws(Stop) -> String {
        guard let alias = command.alias else {
            guard !isNew else { return try freeAlias(for: id, in: command.project) }
            return try displayName(id, in: command.project)
        }
        try requireFreeAlias(alias, for: id, in: command.project)
        return alias
    }
}
