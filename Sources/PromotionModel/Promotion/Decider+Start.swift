import EventLog

extension Decider {
    /// Begins a pending promotion, or ends it where its freight is no longer available.
    ///
    /// An open verification that it does not wait for is aborted.
    ///
    /// Refuses, in this order: unknown project or promotion; one that is not pending; another
    /// that runs on the stage; another that goes first; promotions of the same restore that go
    /// first, because their stages are further downstream; an open verification that it waits
    /// for.
    func decide(_ command: StartPromotion) throws(Stop) -> [EventDraft] {
        let (core, state) = try promotion(command.promotion, in: command.project)
        guard state.phase == .pending else {
            throw .refused(.promotionNotPending(core.name, phase: state.phase))
        }
        let spec = try stageSpec(core.stage, in: command.project)
        let stage = try stageState(core.stage, in: command.project)
        if let running = stage.running {
            throw .refused(.anotherPromotionRuns(running, on: core.stage))
        }
        if let first = stage.pending.first, first.name != core.name {
            throw .refused(.anotherPromotionIsNext(first.name, on: core.stage))
        }
        try requireRestoredDownstream(core, in: command.project)
        let aborted = try verificationEnded(by: core, spec, stage, in: command.project)
        switch try outcome(of: core, spec: spec, stage: stage, in: command.project) {
        case .impossible(let why):
            return [errored(core, "it can no longer be promoted: \(why)", in: command.project)]
        case .collection(let collection, let others):
            let started = try started(core, collection, with: others, stage, in: command.project)
            return [aborted].compactMap { $0 } + started
        }
    }

    /// What a promotion that begins comes to.
    private func outcome(
        of core: Promotion,
        spec: StageSpec,
        stage: StageState,
        in project: ProjectName
    ) throws(Stop) -> StartOutcome {
        let current = stage.current ?? FreightCollection()
        if let target = core.target {
            if let why = lostRequest(of: target, spec: spec) { return .impossible(why) }
            if let why = try quarantine(of: target, core, running: current, in: project) {
                return .impossible(why)
            }
            // What ran when it was asked for need not be what runs now.
            return .collection(target.attributed(to: core.name, keeping: current), [])
        }
        let freight = try freight(of: core, in: project)
        if let why = try obstacle(to: freight, core, on: stage, in: project) {
            return .impossible(why)
        }
        let others = try coalesced(with: core, freight, spec: spec, stage: stage, in: project)
        let collection = current.putting(
            freight + others.flatMap(\.freight),
            requests: spec.requestedFreight,
            by: core.name
        )
        return .collection(collection, others)
    }

    /// A component of a rollback's target that nobody requests any more.
    private func lostRequest(of target: FreightCollection, spec: StageSpec) -> String? {
        let requested = Set(spec.requestedFreight.map(\.origin))
        return target.components.first { !requested.contains($0.requestedOrigin) }?
            .isNotRequestedText
    }

    private func started(
        _ core: Promotion,
        _ collection: FreightCollection,
        with others: [CoalescedPromotion],
        _ stage: StageState,
        in project: ProjectName
    ) throws(Stop) -> [EventDraft] {
        let current = stage.current ?? FreightCollection()
        var event = PromotionStarted()
        event.promotion = core.name
        event.stage = core.stage
        event.collection = collection
        event.changes = current.changes(
            to: collection,
            uncertain: Set(stage.uncertain.map(\.origin))
        )
        event.plan = core.plan(for: event.changes)
        event.coalesced = others.flatMap(\.freight).map(\.id)
        event.because = envelope.because
        let draft = EventDraft(
            project: project,
            subject: .promotion(core.name),
            event: .promotionStarted(event)
        )
        var drafts = [draft]
        drafts += others.map {
            superseded($0.name, of: core.stage, by: core.name, .coalesced, in: project)
        }
        guard event.plan.isEmpty else { return drafts }
        // Nothing is to be done, so there is nobody who would report the end.
        return drafts + (try succeeded(core, collection, in: project))
    }
}

/// What a promotion that begins comes to.
private enum StartOutcome {
    /// What the stage will run, and the promotions that go along.
    case collection(FreightCollection, [CoalescedPromotion])
    /// It can no longer be promoted.
    case impossible(String)
}
