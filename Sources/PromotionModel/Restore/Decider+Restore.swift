import EventLog

extension Decider {
    /// Asks for all stages of a project to be brought back to what they ran at a position; quiet
    /// where they run that and nothing is under way, or where they are being brought back there.
    ///
    /// Another restore that is open gives way: what of it has not ended is superseded, or, where
    /// it has taken effect, finished first.
    ///
    /// Refuses, in this order: unknown project; a position that is not there; a position at which
    /// none of its stages ran anything; components that nobody requests any more, unless they are
    /// to be left; quarantined freight in what comes back, unless that is allowed; no reason for
    /// allowing it.
    func decide(_ command: RestoreProject) throws(Stop) -> [EventDraft] {
        try requireProject(command.project)
        guard command.position <= facts.position else {
            throw .refused(.positionNotThere(command.position, last: facts.position))
        }
        let open = try openRestore(in: command.project)
        if let open, open.to == command.position { return [] }
        let plan = try ask { facts throws(FactsFailure) in
            try facts.restorePlan(of: command.project, to: command.position)
        }
        guard !plan.stages.isEmpty || !plan.unchanged.isEmpty || !plan.lost.isEmpty else {
            throw .refused(.nothingToRestore(command.project, at: command.position))
        }
        guard command.partial || plan.lost.isEmpty else {
            throw .refused(
                .restoreNotRequested(
                    command.project,
                    components: plan.lost.map(\.description)
                )
            )
        }
        guard !plan.stages.isEmpty else { return [] }
        try requireNoQuarantine(in: plan, command)
        var drafts: [EventDraft] = []
        if let open {
            drafts = try abortions(of: open, notIn: plan, in: command.project)
            drafts.append(try givenWay(open, in: command.project))
        }
        return try drafts + requests(of: plan, command, at: moment.next.advanced(by: drafts.count))
    }

    /// The ends of what an open restore still has to do on stages that the new plan leaves alone.
    private func abortions(
        of restore: OpenRestore,
        notIn plan: RestorePlan,
        in project: ProjectName
    ) throws(Stop) -> [EventDraft] {
        var drafts: [EventDraft] = []
        for item in restore.items where !plan.stages.contains(where: { $0.name == item.stage }) {
            let (core, state) = try promotion(item.promotion, in: project)
            guard state.phase == .pending else { continue }
            drafts.append(
                aborted(
                    core,
                    "another restore takes the place of that which it is a part of",
                    in: project
                )
            )
        }
        return drafts
    }

    /// The events of a plan, the first of which is that at `position`.
    private func requests(
        of plan: RestorePlan,
        _ command: RestoreProject,
        at position: Position
    ) throws(Stop) -> [EventDraft] {
        var event = RestoreRequested()
        event.position = command.position
        event.unchanged = plan.unchanged
        event.left = plan.left
        event.reason = envelope.reason
        var requests: [EventDraft] = []
        var others: [EventDraft] = []
        for (index, entry) in plan.stages.enumerated() {
            let spec = try stageSpec(entry.name, in: command.project)
            let state = try stageState(entry.name, in: command.project)
            var request = Promotion()
            request.name = promotionName(
                entry.name,
                suffix: entry.target.id.short,
                at: position.advanced(by: index + 1)
            )
            request.stage = entry.name
            request.kind = .restore
            request.vars = spec.vars
            request.templateVars = spec.templateVars
            request.steps = try steps(of: spec, in: command.project)
            request.target = entry.target.attributed(
                to: request.name,
                keeping: state.current ?? FreightCollection()
            )
            request.restored = entry.restored
            request.restore = position
            request.allowsQuarantined = command.allowsQuarantined
            var item = RestoreItem()
            item.stage = entry.name
            item.promotion = request.name
            item.target = entry.target
            item.level = entry.level
            event.items.append(item)
            requests.append(
                requested(request, dropping: plan.lost(on: entry.name), in: command.project)
            )
            others += try consequences(
                of: request,
                spec: spec,
                state: state,
                in: command.project
            )
        }
        let first = EventDraft(
            project: command.project,
            subject: .project(command.project),
            event: .restoreRequested(event)
        )
        return [first] + (requests + others).map { $0.caused(by: position) }
    }

    private func requested(
        _ request: Promotion,
        dropping components: [Component],
        in project: ProjectName
    ) -> EventDraft {
        var selected = SelectedFreight()
        selected.dropped = components.map(\.dropped)
        return requested(request, selected, in: project)
    }

    /// The holds of a promotion that is part of a restore, and what it supersedes: all that is
    /// pending, and what only waits.
    private func consequences(
        of request: Promotion,
        spec: StageSpec,
        state: StageState,
        in project: ProjectName
    ) throws(Stop) -> [EventDraft] {
        var drafts = holds(of: request, spec: spec, state: state, in: project)
        drafts += state.pending.map {
            superseded($0.name, of: request.stage, by: request.name, .restore, in: project)
        }
        drafts += try supersededWaiting(
            byRollback: request,
            .restore,
            state: state,
            in: project
        )
        return drafts
    }
}

extension EventDraft {
    /// The same event, led to by that at `position`.
    fileprivate func caused(by position: Position) -> EventDraft {
        EventDraft(project: project, subject: subject, event: event, cause: position)
    }
}

extension Position {
    /// The position `count` events later.
    func advanced(by count: Int) -> Position { Position(rawValue: rawValue + UInt64(count)) }
}
