import EventLog

extension NextStepsRule {
    /// Slots are filled and emptied first; a bundle is made of what they hold then.
    func nextSteps(of name: JunctionName) throws(FactsFailure) -> NextSteps {
        var next = NextSteps()
        guard let row = try facts.junction(name, in: project) else { return next }
        let state = try facts.junctionState(name, in: project)
        // With the junction's own last change, so that the same freight can be proposed again for
        // a slot that it left.
        let changed = max(row.position, state.changed)
        try proposeCollecting(name, row.spec, state, changed: changed, into: &next)
        guard next.commands.isEmpty, row.spec.repackagingPolicy == .automatic else { return next }
        try proposeRepackaging(name, row.spec, state, changed: changed, into: &next)
        return next
    }

    private func proposeCollecting(
        _ name: JunctionName,
        _ spec: JunctionSpec,
        _ state: JunctionState,
        changed: Position,
        into next: inout NextSteps
    ) throws(FactsFailure) {
        let rule = CollectionRule(facts: facts, project: project, now: now)
        let isAutomatic = spec.collectionPolicy == .automatic
        var cause = changed
        var isNeeded = false
        for request in spec.requestedFreight {
            let outlook = try rule.outlook(
                of: request,
                in: name,
                state,
                selection: isAutomatic ? spec.selection : nil
            )
            next.wakeAt = [next.wakeAt, outlook.wakeAt].compactMap { $0 }.min()
            guard let step = outlook.automaticStep(spec.collectionPolicy) else { continue }
            isNeeded = true
            guard case .collect(let freight) = step else { continue }
            cause = max(
                cause,
                try facts.led(to: freight, for: .junction(name), request, in: project)
            )
        }
        guard isNeeded else { return }
        next.commands.append(
            ProposedCommand(
                .collectFreight(CollectFreight(project: project, junction: name)),
                rule: "collect",
                subject: .junction(name),
                cause: cause,
                because:
                    "collection \(isAutomatic ? "Automatic, \(spec.selection.text)" : "Manual")"
            )
        )
    }

    private func proposeRepackaging(
        _ name: JunctionName,
        _ spec: JunctionSpec,
        _ state: JunctionState,
        changed: Position,
        into next: inout NextSteps
    ) throws(FactsFailure) {
        let outlook = try RepackagingRule(facts: facts, project: project, now: now)
            .outlook(of: name, spec, state)
        next.wakeAt = [next.wakeAt, outlook.wakeAt].compactMap { $0 }.min()
        guard outlook.obstacles.isEmpty else { return }
        next.commands.append(
            ProposedCommand(
                .repackage(Repackage(project: project, junction: name)),
                rule: "repackage",
                subject: .junction(name),
                cause: changed,
                because: "repackaging Automatic, the slots hold another combination"
            )
        )
    }
}
